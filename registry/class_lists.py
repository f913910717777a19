"""The classes of the year as a list: who teaches each, how many there are, and what the rooms above count of them."""

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.languages import joined
from core.listing import Column, Filter, Listing, Search
from registry.beside import CLASSES, beside, prepared
from registry.models import SchoolClass, Student

MOST = 200  # classes of a school in a year: all on one page
WITHOUT = "without"


def teachers_of(one: Any) -> str:
    """王老師（t301）、李老師（t302，代理）"""
    return joined(duty.name or duty.account for duty in one.homerooms)


COLUMNS = (
    Column(
        "name",
        pgettext_lazy("many", "班級"),
        lambda one: one.name,
        order=lambda one: (one.sort_key, one.name, one.pk),
        width=10,
    ),
    Column("teachers", gettext_lazy("導師"), teachers_of, order=teachers_of, width=24),
    Column("enrolled", gettext_lazy("在學"), lambda one: one.enrolled, order=lambda one: one.enrolled, is_number=True),
)


def class_list_of(request: Any) -> tuple[Listing, list[Column]]:
    """The list, and of its columns those that other rooms give; as many queries whatever the number of classes."""
    enrolled = Count("students", filter=Q(students__status=Student.Status.ENROLLED))
    classes = SchoolClass.objects.current().filter(school=request.school).with_homeroom()
    rows = list(classes.annotate(enrolled=enrolled).in_order()[:MOST])
    besides = beside(CLASSES, request.user)
    more = [column for one in besides for column in one.columns]
    listing = Listing(
        request,
        prepared(besides, request.school, rows),
        name="classes",
        title=pgettext("many", "班級"),
        columns=[*COLUMNS, *more],
        filters=[
            Filter("teacher", _("導師"), lambda found, _value: [one for one in found if not one.homerooms],
                   [(WITHOUT, _("還沒有導師"))]),
            *(one for given in besides for one in given.filters),
        ],
        search=Search(_("班級或導師"), _with_words),
        sort="name",
        size=MOST,
    )  # fmt: skip
    return listing, more


def _with_words(rows: list[Any], text: str) -> list[Any]:
    """Those whose name begins with `text`, or one of whose teachers is so called."""
    return [
        one
        for one in rows
        if one.name.startswith(text) or any(text in duty.name or text == duty.account for duty in one.homerooms)
    ]
