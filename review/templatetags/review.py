"""What the teacher's desk asks of applicants."""

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from binding.desk.bindings import barred_of
from binding.models import Application, Withdrawal
from binding.visibility import is_restricted
from core import identity
from registry.roles import Role
from registry.templatetags.formats import roc_datetime

register = template.Library()


@register.inclusion_tag("review/_custody_note.html", takes_context=True)
def custody_note(context, student):
    """For staff, beside the student: whether one parent's data is hidden from the other."""
    return {
        "is_restricted": is_restricted(student),
        "may_open": Role.REGISTRAR in context["user"].roles,
        "student": student,
        "school": context["school"],
    }


@register.simple_tag
def latest_application(user, student):
    """The family's application as far as `user` may look at it; None before it was sent."""
    return Application.objects.of_reviewer(user).filter(student=student).order_by("-pk").first()


@register.simple_tag
def restricted_of(rows):
    """Keys of those students of a class (rows of `class_board`) whose parents' data are hidden from each other."""
    return {row.student.pk for row in rows if row.student.is_restricted}


@register.inclusion_tag("review/_standing_notes.html")
def standing_notes(application, decision):
    """What staff know before they decide: custody restricted, a court's order, consent about to be taken back."""
    return {
        "is_restricted": is_restricted(application.student),
        "barred": barred_of(application),
        "withdrawal": _withdrawal_of(decision),
    }


def _withdrawal_of(decision):
    """The open request about `decision` (of `standing_of`); no query where there is none."""
    if decision is None or not decision.is_withdrawing:
        return None
    return Withdrawal.objects.open().filter(student=decision.student_id).first()


@register.simple_tag
def undo_minutes():
    """How long a decision's mail waits."""
    return settings.DECISION_UNDO_MINUTES


@register.filter
def identity_for_paper(applicant):
    """As much of the ID number as comparing it with the signed paper form needs."""
    return identity.mask(applicant.identity_number, head=2, tail=4)


@register.filter
def decided_line(applicant):
    return _("%(who)s，%(when)s") % {
        "who": applicant.decided_by.display_name,
        "when": roc_datetime(applicant.decided_at),
    }
