"""All schools of the city: found by name or code, opened and closed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import way_back
from core.downloads import download
from core.listing import Column, Filter, Listing, Search
from registry.access import city_only
from registry.levels import DISTRICTS
from registry.lists import show_list
from registry.models import School
from registry.schools.finding import find_schools, with_people
from registry.schools.opening import switch
from registry.schools.reading import build_list

STATES = [("open", gettext_lazy("參加中")), ("closed", gettext_lazy("未開放"))]
COLUMNS = (
    Column("name", gettext_lazy("校名"), lambda one: one.name, order=("name",), width=28),
    Column("code", gettext_lazy("學校代碼"), lambda one: one.code, order=("code",)),
    Column("district", gettext_lazy("行政區"), lambda one: one.get_district_display(), order=("district", "code")),
    Column("year", gettext_lazy("學年度"), lambda one: one.school_year, order=("school_year",), is_number=True),
    Column("classes", gettext_lazy("班級"), lambda one: one.class_count, order=("class_count",), is_number=True),
    Column("students", gettext_lazy("學生"), lambda one: one.student_count, order=("student_count",), is_number=True),
    Column("state", gettext_lazy("狀態"), lambda one: str(dict(STATES)["open" if one.is_active else "closed"])),
    Column("do", gettext_lazy("操作")),
)


@city_only
def school_list(request):
    listing = Listing(
        request,
        with_people(School.objects.all()),
        name="schools",
        title=_("學校"),
        columns=COLUMNS,
        filters=[
            Filter("district", _("行政區"), "district", DISTRICTS),
            Filter("state", _("狀態"), lambda rows, state: rows.filter(is_active=state == "open"), STATES),
        ],
        search=Search(_("校名、代碼或網址代碼"), find_schools),
        sort="code",
    )
    return show_list(request, "city/schools.html", listing)


@city_only
def school_export(request):
    """All schools in the columns that an upload reads."""
    return download(build_list(School.objects.order_by("code")), _("學校名單.xlsx"))


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
    return way_back.redirect_back(request, "city:schools", anchor=f"row-{pk}")
