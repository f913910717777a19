"""What waits for the registrar of a school, and how much of it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from binding.models import CorrectionRequest, EmailCorrection
from binding.reachability import unreached_at
from registry.models import Student
from review.census.lines import mismatches_of
from review.escalation import escalated_at


@dataclass(frozen=True)
class Waiting:
    """One kind of work: how much, what it is, where it is done."""

    number: int
    label: str
    url: str


def waiting_at(school):
    """Each kind of work of the registrar of `school`, one query each."""
    missing = Student.objects.enrolled().filter(school=school, missing_from__isnull=False)
    found = [
        (escalated_at(school), _("申請由註冊組審核"), "review:handed-over"),
        (CorrectionRequest.objects.open().filter(student__school=school), _("資料更正"), "binding:corrections"),
        (mismatches_of(school), _("紙本與線上不同"), "review:mismatches"),
        (missing, _("未列於名冊，待處理"), "registry:moves"),
        (Student.objects.filter(transfer_to=school), _("轉入，待辦理報到"), "registry:moves"),
        (
            EmailCorrection.objects.to_allow().filter(binding__student__school=school),
            _("信箱更正"),
            "binding:addresses",
        ),
        (unreached_at(school), _("信箱退信"), "binding:gone-addresses"),
    ]
    return [Waiting(some.count(), label, reverse(name, args=[school.slug])) for some, label, name in found]
