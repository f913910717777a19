"""證明文件: each look of a reviewer is recorded once, whichever page is opened first."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from audit.models import Event
from binding.models import Evidence

ONE_LOOK = timedelta(minutes=10)  # the pages of a PDF are pictures, fetched one by one


@transaction.atomic
def note_look(*, evidence: Evidence, by: User) -> None:
    """Record that `by` looks at `evidence`; more of its pages within ten minutes are the same look."""
    Evidence.objects.select_for_update(no_key=True, of=("self",)).get(pk=evidence.pk)
    looks = Event.objects.filter(
        event="evidence.viewed",
        target_type=evidence._meta.label_lower,
        target_id=str(evidence.pk),
        actor_id=by.pk,
        at__gt=timezone.now() - ONE_LOOK,
    )
    if not looks.exists():
        log.record("evidence.viewed", by=by, target=evidence)
