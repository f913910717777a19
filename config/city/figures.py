"""What waits for the city, counted for its home and its tabs; a few queries, however large the city is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from billing.api.models import WebhookDelivery
from consent.models import ConsentText
from notifications.models import LATELY, GoneAddress, Message
from oidc.models import LogoutNotice, SigningKey
from registry.models import School

STUCK = timedelta(hours=1)  # a task that runs longer lost its worker, or is too large


@dataclass(frozen=True)
class Waiting:
    """Numbers of the home; `key_since`: when the key that signs now began to."""

    schools: int
    closed: int
    dead_mails: int
    bounced_mails: int
    waiting_mails: int
    gone_addresses: int
    failed_jobs: int
    running_jobs: int
    stuck_jobs: int
    dead_notices: int
    dead_deliveries: int
    waiting_deliveries: int
    drafts: int
    key_since: datetime | None

    @classmethod
    def now(cls) -> "Waiting":
        """Eight queries."""
        schools = School.objects.aggregate(all=Count("pk"), open=Count("pk", filter=Q(is_active=True)))
        mails = Message.objects.failing().aggregate(
            dead=Count("pk", filter=Q(state=Message.State.DEAD)), bounced=Count("pk", filter=~Q(bounced_as=""))
        )
        jobs = jobs_of_interest().aggregate(
            failed=Count("pk", filter=Q(status="FAILED")),
            running=Count("pk", filter=Q(status__in=["RUNNING", "READY"])),
            stuck=Count("pk", filter=Q(status="RUNNING", started_at__lt=timezone.now() - STUCK)),
        )
        deliveries = WebhookDelivery.objects.aggregate(
            dead=Count("pk", filter=Q(state=WebhookDelivery.State.DEAD, created_at__gt=timezone.now() - LATELY)),
            waiting=Count("pk", filter=Q(state=WebhookDelivery.State.QUEUED)),
        )
        key = SigningKey.objects.filter(state=SigningKey.State.CURRENT).values_list("current_at", flat=True).first()
        return cls(
            schools=schools["open"],
            closed=schools["all"] - schools["open"],
            dead_mails=mails["dead"],
            bounced_mails=mails["bounced"],
            waiting_mails=Message.objects.filter(state=Message.State.QUEUED).count(),
            gone_addresses=GoneAddress.objects.count(),
            failed_jobs=jobs["failed"],
            running_jobs=jobs["running"],
            stuck_jobs=jobs["stuck"],
            dead_notices=LogoutNotice.objects.filter(
                state=LogoutNotice.State.DEAD, created_at__gt=timezone.now() - LATELY
            ).count(),
            dead_deliveries=deliveries["dead"],
            waiting_deliveries=deliveries["waiting"],
            drafts=ConsentText.objects.drafts().count(),
            key_since=key,
        )


def jobs_of_interest():
    """What the worker does, is to do, or failed at in the last days."""
    return DBTaskResult.objects.exclude(status="SUCCESSFUL").filter(enqueued_at__gt=timezone.now() - LATELY)
