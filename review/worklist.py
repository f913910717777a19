"""What waits for the registrar of a school: how much of each kind, and for how long the oldest."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, DateTimeField, Min, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from binding.models import CorrectionRequest, EmailCorrection, PersonCorrection
from binding.reachability import unreached_applicants, unreached_bindings
from registry.models import School, Student
from review.census.lines import mismatches_of
from review.escalation import escalated_at


@dataclass(frozen=True)
class Waiting:
    """One kind of work: how much, what it is, where it is done; `days` the oldest waits, None where nobody can tell."""

    number: int
    label: str
    url: str
    days: int | None = None


# What it is, where it is done; in the order of the page.
KINDS = {
    "escalated": (gettext_lazy("申請由註冊組審核"), "review:handed-over"),
    "corrections": (gettext_lazy("資料更正"), "binding:corrections"),
    "mismatches": (gettext_lazy("紙本與線上不同"), "review:mismatches"),
    "missing": (gettext_lazy("未列於名冊，待處理"), "registry:moves"),
    "arriving": (gettext_lazy("轉入，待辦理報到"), "registry:moves"),
    "addresses": (gettext_lazy("信箱更正"), "binding:addresses"),
    "people": (gettext_lazy("姓名證號更正"), "binding:people"),
    "unreached": (gettext_lazy("信箱退信"), "binding:gone-addresses"),
}


def waiting_at(school: School) -> list[Waiting]:
    """Each kind of work of the registrar of `school`; one query for all."""
    found: dict[str, list] = {}
    counted = [_counted(kind, rows, since) for kind, rows, since in _work_of(school)]
    for line in counted[0].union(*counted[1:], all=True):
        found.setdefault(line["work"], []).append((line["how_many"], line["since"]))
    return [_waiting(school, kind, found[kind]) for kind in KINDS]


def _work_of(school: School) -> list[tuple[str, QuerySet, str | None]]:
    """(kind, its rows, the field that says since when)"""
    missing = Student.objects.enrolled().filter(school=school, missing_from__isnull=False)
    to_allow = EmailCorrection.objects.to_allow().filter(binding__student__school=school)
    return [
        ("escalated", escalated_at(school), "escalation__at"),
        ("corrections", CorrectionRequest.objects.open().filter(student__school=school), "requested_at"),
        ("mismatches", mismatches_of(school), None),
        ("missing", missing, "missing_from__decided_at"),
        ("arriving", Student.objects.filter(transfer_to=school), "updated_at"),
        ("addresses", to_allow, "asked_at"),
        ("people", PersonCorrection.objects.open().filter(binding__student__school=school), "asked_at"),
        ("unreached", unreached_applicants(school), None),
        ("unreached", unreached_bindings(school), None),
    ]


def _counted(kind: str, rows: QuerySet, since: str | None) -> QuerySet:
    """One row: the kind, how many, since when the oldest."""
    oldest = Min(since) if since else Value(None, output_field=DateTimeField())
    rows = rows.model.objects.filter(pk__in=rows.order_by().values("pk"))
    return rows.order_by().values(work=Value(kind)).annotate(how_many=Count("pk"), since=oldest)


def _waiting(school: School, kind: str, lines: list[tuple[int, datetime | None]]) -> Waiting:
    label, page = KINDS[kind]
    since = min((moment for _number, moment in lines if moment), default=None)
    days = (timezone.localdate() - timezone.localdate(since)).days if since else None
    return Waiting(sum(number for number, _moment in lines), str(label), reverse(page, args=[school.slug]), days)
