"""The census of the school for the registrar and the principal, and of the city for its admins."""

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from binding.models import Application
from core.downloads import download
from registry.access import city_only, staff_only
from registry.models import SchoolClass
from registry.roles import Role
from review.census.chart import PARTS, bars_of
from review.census.export import export
from review.census.lines import CITY_ORDERS, SCHOOL_ORDERS, CityCensus, SchoolCensus, in_words, mismatches_of

PAGE = 50
COLUMN = 17  # bars; a page has three columns of them
FORMS = ("xlsx", "pdf")
census_readers = staff_only(Role.REGISTRAR, Role.PRINCIPAL, Role.SCHOOL_ADMIN)


@census_readers
def school_census(request):
    census = _census_of_school(request)
    context = {
        "census": census,
        "state": in_words(census.total),
        "parts": PARTS,
        "orders": SCHOOL_ORDERS,
        "query": f"grade={census.grade}&order={census.order}",
    }
    return render(request, "review/census/school.html", context)


@require_POST
@census_readers
def school_census_export(request, form):
    return _file(request, _census_of_school(request), form, request.school.short_name)


@census_readers
def mismatches(request):
    """Students whose paper says another thing than the answer online, of one class or of all."""
    students, school_class = mismatches_of(request.school), _chosen_class(request)
    if school_class:
        students = students.filter(school_class=school_class)
    page = Paginator(students, PAGE).get_page(request.GET.get("page"))
    may_review = Role.REGISTRAR in request.user.roles
    applications = _applications_of(list(page)) if may_review else {}
    context = {
        "page_obj": page,
        "school_class": school_class,
        "query": f"class={school_class.pk}" if school_class else "",
        "rows": [(student, applications.get(student.pk)) for student in page],
        "may_review": may_review,
    }
    return render(request, "review/census/mismatches.html", context)


@city_only
def city_census(request):
    """Of all schools a page is shown."""
    census = CityCensus.recent(order=request.GET.get("order", ""))
    page = Paginator(census.schools, PAGE).get_page(request.GET.get("page"))
    context = {
        "census": census,
        "state": in_words(census.total),
        "orders": CITY_ORDERS,
        "page_obj": page,
        "body": _body_of(census, page),
        "query": f"order={census.order}",
    }
    return render(request, "review/census/city.html", context)


def _body_of(census, page):
    """Bars and table, drawn once a count by each process: the same for everybody who may look."""
    key = f"city-census {census.counted_at.timestamp()} {census.order} {page.number} {get_language()}".replace(" ", ":")

    def draw():
        context = {"page_obj": page, "charts": list(charts_of(page)), "parts": PARTS, "query": f"order={census.order}"}
        return render_to_string("review/census/_city_body.html", context)

    return cache.get_or_set(key, draw)


@require_POST
@city_only
def city_census_export(request, form):
    return _file(request, CityCensus.of(order=request.GET.get("order", "")), form, _("全市"))


def _census_of_school(request):
    return SchoolCensus.of(request.school, grade=request.GET.get("grade", ""), order=request.GET.get("order", ""))


def charts_of(page):
    """The schools of the page in columns: 1–17, 18–34 and so on."""
    first = page.start_index()
    for start in range(0, len(page), COLUMN):
        schools = page[start : start + COLUMN]
        yield bars_of(f"{first + start}–{first + start + len(schools) - 1}", schools)


def _file(request, census, form, whose):
    if form not in FORMS:
        raise Http404
    name = _("親子綁定統計-%(whose)s") % {"whose": whose}
    return download(export(census=census, form=form, by=request.user), f"{name}.{form}")


def _chosen_class(request):
    """The class in the address; None without one."""
    number = request.GET.get("class", "")
    if not number:
        return None
    if not number.isdecimal() or len(number) > 18:
        raise Http404
    return get_object_or_404(SchoolClass.objects.current(), school=request.school, pk=int(number))


def _applications_of(students):
    """{student's key: the last application that was sent}"""
    sent = Application.objects.sent().filter(student__in=students).order_by("pk")
    return dict(sent.values_list("student", "pk"))
