"""異動名冊: who came, went, or was corrected, month by month, as an office reports it."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import facts, in_a_row
from core.listing import Column
from registry import history
from registry.columns import of_student
from registry.models import School, Student, StudentChange
from registry.search import with_words

MONTHS = 24  # that may be chosen; older ones are among all
Kind = StudentChange.Kind
COLUMNS = (
    Column("on", gettext_lazy("異動日期"), lambda one: one.on, order=("on",), width=12),
    Column("kind", gettext_lazy("異動別"), lambda one: one.get_kind_display(), order=("kind", "on"), width=10),
    *of_student("student__", lambda one: one.student),
    Column("birth", gettext_lazy("出生日期"), lambda one: one.student.birth_on, is_shown=False, width=12),
    Column("what", gettext_lazy("內容"), lambda one: one.what, width=40),
    Column("school", gettext_lazy("轉入或轉往學校"), lambda one: one.other_school, width=24),
    Column("note", gettext_lazy("依據與說明"), lambda one: one.because, width=32),
    Column("by", gettext_lazy("登錄者"), lambda one: one.who, order=("by__name", "on")),
    Column("at", gettext_lazy("登錄時間"), lambda one: one.at, is_shown=False, width=16),
)


def register_of(school: School) -> QuerySet[StudentChange]:
    """Every line of the school's register."""
    changes = StudentChange.objects.in_register().filter(school=school)
    return changes.select_related("student__school", "student__school_class", "student__transfer_to", "by")


def in_words(changes: list[Any]) -> list[Any]:
    """Each with what the page and the file say of it: `what`, `other_school`, `because`, `who`."""
    for one in changes:
        one.what = in_a_row(_line(difference) for difference in _told(one))
        one.other_school = _other_school(one)
        one.because = facts(part for part in (one.get_proof_display(), one.note) if part)
        one.who = one.by.display_name if one.by else _("系統")
    return changes


def months() -> list[tuple[str, str]]:
    """(2026-11, 115 年 11 月), this month first."""
    day = timezone.localdate()
    first = [divmod(day.year * 12 + day.month - 1 - back, 12) for back in range(MONTHS)]
    return [
        (f"{year}-{month + 1:02d}", _("%(year)d 年 %(month)d 月") % {"year": year - 1911, "month": month + 1})
        for year, month in first
    ]


def this_month() -> str:
    return f"{timezone.localdate():%Y-%m}"


def in_month(changes: Any, month: str) -> Any:
    year, number = map(int, month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    return changes.filter(on__gte=date(year, number, 1), on__lt=after)


def of_words(changes: Any, text: str) -> Any:
    """Of students who are at the school, or were: the words are looked for among those whom the register names."""
    named = with_words(Student.objects.filter(pk__in=changes.values("student")), text)
    return changes.filter(student__in=named.values("pk"))


def _told(change):
    """Differences but for what the kind says already."""
    said = {"status", "school"} if change.kind != Kind.ADDED else set()
    old, new = ({key: value for key, value in one.items() if key not in said} for one in (change.old, change.new))
    return history.differences(old, new)


def _line(difference):
    return _("%(title)s：%(old)s → %(new)s") % {
        "title": difference.title, "old": difference.old, "new": difference.new
    }  # fmt: skip


def _other_school(change):
    """Where somebody came from or goes to, as far as it is a school of the city."""
    if change.kind == Kind.ARRIVED:
        return change.old.get("school", "")
    if change.kind != Kind.LEAVING:
        return ""
    student = change.student
    if student.school_id != change.school_id:
        return student.school.name
    return student.transfer_to.name if student.transfer_to else ""
