"""Students between two schools of the city, as lists: on the way in, on the way out."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.listing import Column, Listing
from registry.columns import of_student
from registry.models import Student

MOST = 200  # rows, read at once: a list in memory costs one query
ARRIVING = (
    Column("name", gettext_lazy("姓名"), lambda one: one.name, order=lambda one: one.name),
    Column("school", gettext_lazy("原校"), lambda one: one.school.name, order=lambda one: one.school.name, width=24),
    Column("born", gettext_lazy("出生日期"), lambda one: one.birth_on, order=lambda one: one.birth_on),
    Column("since", gettext_lazy("轉出時間"), lambda one: one.updated_at, order=lambda one: one.updated_at),
)
LEAVING = (
    *of_student(in_memory=True),
    Column(
        "to", gettext_lazy("轉往"), lambda one: one.transfer_to.name, order=lambda one: one.transfer_to.name, width=24
    ),
)


def arriving_list(request: Any) -> Listing:
    """Whom another school sent here, who waited longest first."""
    rows = Student.objects.filter(transfer_to=request.school).select_related("school").order_by("updated_at")
    return Listing(
        request, list(rows[:MOST]), name="arriving", title=_("轉入，待辦理報到"), prefix="in_", columns=ARRIVING,
        sort="since", size=MOST,
    )  # fmt: skip


def leaving_list(request: Any) -> Listing:
    """Who was sent to another school, which has not taken them in yet."""
    rows = Student.objects.filter(school=request.school, status=Student.Status.TRANSFERRING)
    rows = rows.select_related("school_class", "transfer_to").in_seating_order()
    return Listing(
        request, list(rows[:MOST]), name="leaving", title=_("轉出，等新學校報到"), prefix="out_", columns=LEAVING,
        sort="class", size=MOST,
    )  # fmt: skip
