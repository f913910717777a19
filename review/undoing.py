"""For how long a decision can be taken back, and which one a reviewer made last."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from binding.models import Applicant, Binding
from notifications.models import Message

DECIDED = [Applicant.Review.APPROVED, Applicant.Review.RETURNED, Applicant.Review.REJECTED]


def undo_window():
    return timedelta(minutes=settings.DECISION_UNDO_MINUTES)


def is_fresh(applicant):
    return applicant.review in DECIDED and applicant.decided_at > timezone.now() - undo_window()


def mails_of(applicant):
    """What tells a refused applicant of the decision that stands; an approval's mail is about its binding."""
    return Message.objects.about(applicant).filter(created_at__gte=applicant.decided_at)


def last_decision_of(user, *, school_class=None):
    """The applicant whom `user` decided last, while that can be taken back; else None. Three queries."""
    decided = Applicant.objects.filter(
        decided_by=user, decided_at__gt=timezone.now() - undo_window(), review__in=DECIDED
    ).select_related("application__student__school_class")
    if school_class:
        decided = decided.filter(application__student__school_class=school_class)
    last = decided.order_by("-decided_at").first()
    return last if last is not None and _is_waiting(last) else None


def _is_waiting(applicant):
    binding = Binding.objects.filter(applicant=applicant).first()
    mails = Message.objects.about(binding) if binding else mails_of(applicant)
    return not mails.exclude(state=Message.State.QUEUED, leased_by="").exists()
