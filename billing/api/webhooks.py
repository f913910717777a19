"""Tells clients of bills that were issued, paid or cancelled: written with the deed, posted by the worker.

An event has ids alone. A client hears of a bill only through parents of its child who are bound today and agreed
that the client may read their bills; asked again at the moment of posting.
"""

import hashlib
import hmac
import http.client
import json
import uuid
from collections import defaultdict
from datetime import timedelta

from django.utils import timezone

from billing.api.models import SCOPE, Webhook, WebhookDelivery
from binding.models import Binding
from core.safe_http import Refused, post_body
from notifications import retries
from notifications.outbox import refuse_outside_transaction
from oidc import pairwise
from oidc.models import Connection

Kind = WebhookDelivery.Kind
# A bill's state after each event, as other systems call it.
STATES = {Kind.ISSUED: "open", Kind.SETTLED: "paid", Kind.VOIDED: "void"}
HOURS = 72
SECONDS = 5


def notify(kind, bills):
    """Write one event a bill and address to the outbox; what was told of a bill before is not told again.

    Three queries and the writing, however many bills. Raises RuntimeError outside a transaction.
    """
    refuse_outside_transaction(kind)
    if not bills or not (webhooks := heard_webhooks()):
        return
    listening = listeners({bill.student_id for bill in bills}, {one.client_id for one in webhooks})
    now = timezone.now()
    deliveries = [
        delivery_of(kind, bill, webhook, listening[webhook.client_id, bill.student_id], now)
        for bill in bills
        for webhook in webhooks
        if (webhook.client_id, bill.student_id) in listening
    ]
    WebhookDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)


def forget(bills):
    """What was told of these bills is told anew: they are owed again, and may be paid again."""
    WebhookDelivery.objects.filter(bill__in=bills, kind__in=[Kind.ISSUED, Kind.SETTLED]).delete()


def heard_webhooks():
    active = Webhook.objects.filter(is_active=True, client__is_active=True).select_related("client")
    return [one for one in active if one.is_heard]


def listeners(students, clients):
    """{(key of the client, key of the student): parents} who are bound today and connected with the scope."""
    bound = Binding.objects.active().filter(student__in=students, account__user__is_active=True)
    children = defaultdict(list)
    for binding in bound.select_related("account__user").order_by("pk"):
        children[binding.account.user_id].append((binding.student_id, binding.account.user))
    found = defaultdict(list)
    connected = Connection.objects.filter(client__in=clients, scope__contains=SCOPE)
    parents = bound.values("account__user")
    for connection in connected.filter(user__in=parents).order_by("pk"):
        if SCOPE in connection.scopes:
            for student, user in children[connection.user_id]:
                found[connection.client_id, student].append(user)
    return dict(found)


def delivery_of(kind, bill, webhook, parents, now):
    event = uuid.uuid4()
    return WebhookDelivery(
        event=event,
        webhook=webhook,
        kind=kind,
        bill=bill,
        retry_until=now + timedelta(hours=HOURS),
        body={
            "id": str(event),
            "type": kind,
            "bill": bill.pk,
            "state": STATES[kind],
            "occurred_at": now.isoformat(timespec="seconds"),
            "subs": [pairwise.subject(user, webhook.client) for user in parents],
        },
    )


# The worker's part


def deliver_due(*, limit=20, should_stop=lambda: False):
    """Post up to `limit` events, one lease each; returns how many were heard. One address that fails waits."""
    worker = str(uuid.uuid4())
    heard = 0
    silent: set[int] = set()
    rows = WebhookDelivery.objects.select_related("webhook__client", "bill")
    for _turn in range(limit):
        waiting = rows.exclude(webhook__in=silent)
        delivery = None if should_stop() else retries.claim_next(waiting, worker)
        if delivery is None:
            break
        if attempt(delivery):
            heard += 1
        else:
            silent.add(delivery.webhook_id)
    return heard


def attempt(delivery):
    """Post one leased event and write down how it went. True when the client heard."""
    return retries.guarded(_post, delivery)


def _post(delivery):
    webhook = delivery.webhook
    if not webhook.is_heard:
        retries.settle_failure(delivery, "the client takes no events any longer", is_final=True)
        return False
    body = body_now(delivery)
    if not body["subs"]:
        retries.settle_failure(delivery, "no parent is connected any longer", is_final=True)
        return False
    data = json.dumps(body, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Signature": signature(webhook.secret, data, int(timezone.now().timestamp())),
    }
    try:
        status = post_body(webhook.url, data, headers, seconds=SECONDS)
    except Refused as refused:
        retries.settle_failure(delivery, f"refused: {refused}")
        return False
    except (OSError, ValueError, http.client.HTTPException) as error:
        retries.settle_failure(delivery, type(error).__name__)
        return False
    if not 200 <= status < 300:
        retries.settle_failure(delivery, f"HTTP {status}")
        return False
    retries.settle_sent(delivery)
    return True


def body_now(delivery):
    """What was written, less the parents who have taken their consent back or lost the child since."""
    client = delivery.webhook.client
    student = delivery.bill.student_id
    now = listeners({student}, {client.pk}).get((client.pk, student), [])
    told = {pairwise.subject(user, client) for user in now}
    return {**delivery.body, "subs": [sub for sub in delivery.body["subs"] if sub in told]}


def signature(secret, data, moment):
    """`t=<unix>,v1=<hex>`: HMAC-SHA256 over the moment, a dot and the body, so that no one can send it again later."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + data, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
