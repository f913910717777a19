"""A class to take along: one sheet of A4 to tick, and the names of those whose answer is missing, as text."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from core.formats import roc_date
from core.languages import joined
from core.printing.glyphs import pieces_of
from core.printing.typesetting import typeset
from registry.models import SchoolClass
from review.class_board import Census, Row

TEMPLATE = Path(__file__).parent / "class_list.typ"


def print_list(*, school_class: SchoolClass, census: Census, by: User) -> bytes:
    """The PDF of the class by seat: what came in so far, and boxes and room to write. Never an ID number."""
    pdf: bytes = typeset(TEMPLATE, facts_of(school_class, census))
    with transaction.atomic():
        data = {"students": len(census.rows)}
        log.record("class_list.printed", by=by, target=school_class, school=school_class.school, data=data)
    return pdf


def facts_of(school_class: SchoolClass, census: Census) -> dict:
    """What stands on the sheet, as class_list.typ takes it."""
    return {
        "school": school_class.school.name,
        "title": _("%(name)s 班　親子綁定勾選表") % {"name": school_class.name},
        "made_on": _("%(day)s 製表") % {"day": roc_date(timezone.localdate())},
        "heads": [_("座號"), _("學生"), _("線上意願"), _("申請書"), _("同意"), _("不同意"), _("綁定"), _("備註")],
        "rows": [_line(row) for row in census.rows],
    }


def _line(row: Row) -> dict:
    bound = _("已綁定 %(count)d 位") % {"count": row.bindings} if row.bindings else ""
    waits = _("待審核") if row.waits else ""
    return {
        "seat": str(row.student.seat_number),
        "name": pieces_of(row.student.name),
        "longest_word": max(map(len, row.student.name.split()), default=0),
        "online": str(row.online[1]),
        "paper": str(row.paper_label),
        "answer": row.paper if row.has_paper else "",
        "bound": joined(filter(None, [bound, waits])),
    }


@dataclass(frozen=True)
class Missing:
    """Who has not given one kind of answer; `text` is meant to be pasted where the class talks."""

    title: str
    rows: list[Row]
    text: str


def missing_of(school_class: SchoolClass, census: Census) -> list[Missing]:
    """Who owes the paper form, who the answer online, and who owes either."""
    no_paper = [row for row in census.rows if not row.has_paper]
    silent = [row for row in census.rows if not row.is_answered]
    either = [row for row in census.rows if not row.has_paper or not row.is_answered]
    return [
        _missing(school_class, _("未交申請書"), no_paper),
        _missing(school_class, _("線上未填答"), silent),
        _missing(school_class, _("申請書或線上意願還缺一項"), either),
    ]


def _missing(school_class: SchoolClass, title: str, rows: list[Row]) -> Missing:
    head = _("%(name)s 班 %(title)s（%(count)d 位）：") % {
        "name": school_class.name, "title": title, "count": len(rows),
    }  # fmt: skip
    return Missing(title, rows, head + joined(f"{row.student.seat_number} {row.student.name}" for row in rows))
