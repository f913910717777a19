"""What the desks' pages may ask of applicants and of what stands against them."""

from django.utils import timezone
from django.utils.translation import gettext as _

from binding.desk.bindings import barred_of
from binding.models import Application, Withdrawal
from binding.visibility import is_restricted
from core import identity
from registry.for_pages import roc_datetime


def latest_application(user, student):
    """The family's application as far as `user` may look at it; None before it was sent."""
    return Application.objects.of_reviewer(user).filter(student=student).order_by("-pk").first()


def restricted_of(rows):
    """Keys of those students of a class (rows of `class_board`) whose parents' data are hidden from each other."""
    return {row.student.pk for row in rows if row.student.is_restricted}


def withdrawal_of(decision):
    """The open request about `decision` (of `standing_of`); no query where there is none."""
    if decision is None or not decision.is_withdrawing:
        return None
    return Withdrawal.objects.open().filter(student=decision.student_id).first()


def identity_for_paper(applicant):
    """As much of the ID number as comparing it with the signed paper form needs."""
    return identity.mask(applicant.identity_number, head=2, tail=4)


def decided_line(applicant):
    return _("%(who)s，%(when)s") % {
        "who": applicant.decided_by.display_name,
        "when": roc_datetime(applicant.decided_at),
    }


def clock(moment):
    """Local time of day: 14:05"""
    return f"{timezone.localtime(moment):%H:%M}"


FILTERS = {"clock": clock, "decided_line": decided_line, "identity_for_paper": identity_for_paper}
FUNCTIONS = {
    "barred_of": barred_of,
    "is_restricted": is_restricted,
    "latest_application": latest_application,
    "restricted_of": restricted_of,
    "withdrawal_of": withdrawal_of,
}
