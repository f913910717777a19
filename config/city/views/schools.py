"""All schools of the city: found by name or code, opened and closed."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.downloads import download
from registry.access import city_only
from registry.levels import DISTRICTS
from registry.models import School
from registry.schools.finding import find_schools, with_people
from registry.schools.opening import switch
from registry.schools.reading import build_list
from registry.search import typed

PAGE = 50
STATES = [("open", gettext_lazy("參加中")), ("closed", gettext_lazy("未開放"))]


@city_only
def school_list(request):
    chosen = _chosen(request)
    page = Paginator(with_people(find_schools(**chosen)), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "chosen": chosen,
        "states": STATES,
        "districts": DISTRICTS,
        "query": urlencode({key: value for key, value in chosen.items() if value}),
    }
    return render(request, "city/schools.html", context)


@city_only
def school_export(request):
    """The schools that the list shows, in the columns that an upload reads."""
    return download(build_list(find_schools(**_chosen(request))), _("學校.xlsx"))


@city_only
def school_switch(request, pk):
    """Say what opening or closing does; then do it."""
    school = get_object_or_404(School, pk=pk)
    if request.method != "POST":
        found = with_people(School.objects.filter(pk=pk)).get()
        return render(request, "city/school_switch.html", {"found": found})
    is_active = request.POST.get("is_active") == "on"
    if switch(school=school, is_active=is_active, by=request.user):
        words = _("%(school)s 已開放。") if is_active else _("%(school)s 已關閉。")
        messages.success(request, words % {"school": school.name})
    return redirect("city:schools")


def _chosen(request):
    state = request.GET.get("state", "")
    district = request.GET.get("district", "")
    return {
        "text": typed(request),
        "state": state if state in dict(STATES) else "",
        "district": district if district in dict(DISTRICTS) else "",
    }
