"""The board of a class as a list: narrowed by links, sorted by its columns, taken away as Excel."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import names
from core.languages import bracketed, in_a_row
from core.listing import Column, Filter, Listing
from registry.models import SchoolClass
from review.class_board import Census, Row

MOST = 200  # rows: a class is one page
PAPER_ONLY = "paper-only"


def list_of(request: HttpRequest, school_class: SchoolClass, census: Census) -> Listing:
    """The rows of `census` as the address asks for them. Ways to narrow that leave nobody are left out, but for the chosen one."""
    asked = request.GET.get("show", "")
    filters = [(key, word, rows) for key, word, rows in census.filters if rows or key == asked]
    return Listing(
        request,
        census.rows,
        name="class",
        title=_("%(name)s 班") % {"name": school_class.name},
        sort="seat",
        size=MOST,
        columns=columns(),
        filters=[
            Filter(
                "show",
                _("篩選學生"),
                lambda _rows, key: census.shown(key),
                [(key, word) for key, word, _rows in filters],
                is_links=True,
                counts={"": len(census.rows), **{key: len(rows) for key, _word, rows in filters}},
            )
        ],
    )


def columns() -> list[Column]:
    """In the words of the moment."""
    return [
        Column("tick", _("勾選"), is_silent=True),
        Column("seat", _("座號"), lambda row: row.student.seat_number, order=_seat, is_number=True, width=8),
        Column("name", _("學生"), lambda row: row.student.name, order=lambda row: names.fold(row.student.name)),
        Column("online", _("線上意願"), lambda row: row.online[1], order=lambda row: row.online[1]),
        Column("paper", _("已收申請書"), lambda row: row.paper_label, order=lambda row: row.paper),
        Column("people", _("申請人"), _people, order=_people, width=30),
        Column("bound", _("綁定"), lambda row: row.bindings or "", order=lambda row: row.bindings),
    ]


def _seat(row: Row) -> int:
    return int(row.student.seat_number)


def _people(row: Row) -> str:
    return in_a_row(f"{one.masked_name}{bracketed(one.get_review_display())}" for one in row.applicants)
