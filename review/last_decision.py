"""What a reviewer decided last, while it can be taken back: pages of the desk say it on top."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import User
from binding.models import Applicant, Binding
from core.compiled import compiled
from notifications.models import Message
from registry.models import SchoolClass
from review.decisions import DECIDED


def last_decision_of(user: User, *, school_class: SchoolClass | None = None) -> Applicant | None:
    """The applicant whom `user` decided last, of one class or of all, while its mail waits; else None. One query."""
    who: dict[str, Any] = {"user": user.pk, "at": timezone.now()}
    last = _last_in.first(**who, school_class=school_class.pk) if school_class else _last.first(**who)
    return last if last is not None and not last.is_told else None


@compiled(user=int, at=datetime)
def _last(user: int, at: datetime) -> QuerySet:
    return _decided(user, at)[:1]


@compiled(user=int, at=datetime, school_class=int)
def _last_in(user: int, at: datetime, school_class: int) -> QuerySet:
    return _decided(user, at).filter(application__student__school_class=school_class)[:1]


def _decided(user: int, at: datetime) -> QuerySet:
    """Each with `is_told`: a mail of the decision is on its way. An approval's is about the binding."""
    gone = Message.objects.exclude(state=Message.State.QUEUED, leased_by="")
    of_binding = gone.filter(about_type=Binding._meta.label_lower, about_id=_text(OuterRef("binding__pk")))
    own = gone.filter(about_type=Applicant._meta.label_lower, about_id=_text(OuterRef("pk")))
    own = own.filter(created_at__gte=OuterRef("decided_at"))
    is_told = Exists(of_binding) | (Q(binding__isnull=True) & Exists(own))
    decided = Applicant.objects.filter(decided_by=user, undo_until__gt=at, review__in=DECIDED)
    decided = decided.select_related("application__student__school_class").annotate(is_told=is_told)
    return decided.order_by("-decided_at")


def _text(key: OuterRef) -> Cast:
    return Cast(key, CharField())
