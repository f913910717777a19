"""下載我的資料: what is kept about a parent. It has nothing of the other parent, nor of the family's shared account.

Each part has the last `MOST` rows.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from audit.models import Event
from binding.models import Binding
from consent.models import ConsentDecision
from notifications.models import Message

MOST = 500


@transaction.atomic
def take(*, user: User) -> dict:
    """All of it as words and moments; the taking is recorded."""
    log.record("own_data.taken", by=user, target=user)
    account = user.sso_account
    bindings = list(
        Binding.objects.filter(account=account)
        .select_related("student__school", "student__school_class", "applicant__application")
        .order_by("pk")[:MOST]
    )
    return {
        "taken_at": _moment(timezone.now()),
        "profile": {
            "name": account.name,
            "email": user.email,
            "mobile": account.mobile,
            "identity_number": account.masked_identity,
            "state": account.get_state_display(),
            "opened_at": _moment(account.opened_at),
            "second_factor": user.has_second_factor,
        },
        "bindings": [_binding(one) for one in bindings],
        "consents": _consents(bindings),
        "services": [
            {"service": one.client.name, "scopes": one.scopes, "connected_at": _moment(one.connected_at)}
            for one in user.connections.select_related("client")[:MOST]
        ],
        "log_ins": _log_ins(user),
        "mails": _mails(user),
    }


def _binding(binding: Binding) -> dict:
    return {
        "school": binding.student.school.name,
        "class": binding.student.school_class.name,
        "student": _child(binding),
        "relationship": binding.get_relationship_display(),
        "started_at": _moment(binding.started_at),
        "ended_at": _moment(binding.ended_at),
        "last_day": binding.last_day,
        "end_reason": binding.get_end_reason_display(),
    }


def _child(binding: Binding) -> str:
    """The full name while the person is bound to the child."""
    return binding.student.name if binding.is_active else binding.student.masked_name


def _consents(bindings: list[Binding]) -> list[dict]:
    """The agreement that each own application stood on."""
    consents = []
    for binding in bindings:
        if binding.applicant is None:
            continue
        agreed = ConsentDecision.objects.filter(
            student=binding.student, answer=ConsentDecision.Answer.AGREED, decided_at__lte=binding.started_at
        )
        decision = agreed.select_related("text").order_by("-pk").first()
        if decision:
            consents.append(
                {
                    "student": _child(binding),
                    "text": str(decision.text),
                    "language": decision.language,
                    "text_digest": decision.text_digest,
                    "decided_at": _moment(decision.decided_at),
                }
            )
    return consents


def _log_ins(user: User) -> list[dict]:
    events = Event.objects.filter(actor_id=user.pk, event="login.succeeded").order_by("-pk")[:MOST]
    return [{"at": _moment(one.at), "address": one.ip_address or ""} for one in events]


def _mails(user: User) -> list[dict]:
    """Mails to the own e-mail since the account was opened; whoever had it before is somebody else."""
    mails = Message.objects.filter(to=user.email, created_at__gte=user.sso_account.opened_at)
    return [
        {"subject": subject, "sent_at": _moment(sent_at)}
        for subject, sent_at in mails.order_by("-pk").values_list("subject", "sent_at")[:MOST]
    ]


def _moment(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment).replace(microsecond=0) if moment else None
