"""The census of the school for the registrar and the principal, and of the city for its admins."""

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from binding.models import Application
from core.downloads import download
from core.listing import Column, Listing
from registry.access import city_only, staff_only
from registry.columns import BY_SEAT, class_filter, of_student
from registry.lists import show_list
from registry.roles import Role
from review.census.chart import PARTS, bars_of
from review.census.columns import GROUPS, SHORT
from review.census.daily import earliers, money_of, trends_of
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
        "earliers": earliers(request.school),
        "money": money_of(request.school).get(request.school.pk),
        "trends": trends_of(census),
        "groups": GROUPS,
        "short": SHORT,
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
    may_review = Role.REGISTRAR in request.user.roles
    listing = Listing(
        request,
        mismatches_of(request.school),
        name="mismatches",
        title=_("紙本與線上不同"),
        columns=(
            *of_student(name="name" if may_review else "masked_name"),
            Column("online", _("線上"), online_words, order=("online", *BY_SEAT)),
            Column("paper", _("紙本"), lambda one: one.paper_form.get_answer_display()),
        ),
        filters=[class_filter(request.school)],
        sort="class",
        decorate=with_applications if may_review else None,
    )
    return show_list(request, "review/census/mismatches.html", listing, {"may_review": may_review})


@city_only
def city_census(request):
    """Of all schools a page is shown."""
    census = CityCensus.recent(order=request.GET.get("order", ""))
    page = Paginator(census.schools, PAGE).get_page(request.GET.get("page"))
    context = {
        "census": census,
        "state": in_words(census.total),
        "orders": CITY_ORDERS,
        "earliers": earliers(),
        "page_obj": page,
        "body": _body_of(census, page),
        "query": f"order={census.order}",
    }
    return render(request, "review/census/city.html", context)


def _body_of(census, page):
    """Bars and table, drawn once a count by each process: the same for everybody who may look."""
    key = f"city-census {census.counted_at.timestamp()} {census.order} {page.number} {get_language()}".replace(" ", ":")

    def draw():
        context = {
            "page_obj": page,
            "charts": list(charts_of(page)),
            "parts": PARTS,
            "groups": GROUPS,
            "short": SHORT,
            "query": f"order={census.order}",
        }
        return render_to_string("review/census/_city_body.html", context)

    return cache.get_or_set(key, draw)


@require_POST
@city_only
def city_census_export(request, form):
    return _file(request, CityCensus.of(order=request.GET.get("order", "")), form, _("全市"))


def _census_of_school(request):
    return SchoolCensus.of(request.school, grade=request.GET.get("grade", ""), order=request.GET.get("order", ""))


def charts_of(page):
    """The schools of the page in columns: 第 1–17 所, 第 18–34 所 and so on."""
    first = page.start_index()
    for start in range(0, len(page), COLUMN):
        schools = page[start : start + COLUMN]
        places = {"first": first + start, "last": first + start + len(schools) - 1}
        yield bars_of(_("第 %(first)d–%(last)d 所") % places, schools)


def _file(request, census, form, whose):
    if form not in FORMS:
        raise Http404
    name = _("親子綁定統計-%(whose)s") % {"whose": whose}
    return download(export(census=census, form=form, by=request.user), f"{name}.{form}")


def online_words(student):
    return _("同意") if student.online == "agreed" else _("無意參加")


def with_applications(students):
    """Each with `application_key`: of the last application that was sent; one query."""
    sent = Application.objects.sent().filter(student__in=students).order_by("pk")
    keys = dict(sent.values_list("student", "pk"))
    for one in students:
        one.application_key = keys.get(one.pk)
    return students
