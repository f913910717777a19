"""The worker posts the pretend gateway's callbacks, as the gateway's own servers would."""

import http.client
import uuid

from django.conf import settings

from billing.payments.sandbox.models import SandboxCallback
from core import safe_http
from notifications import retries

SECONDS = 10


def deliver_due(*, limit=20, should_stop=lambda: False):
    """Post up to `limit` callbacks, one lease each; returns how many were taken."""
    if not settings.PAYMENT_SANDBOX:
        return 0
    worker = str(uuid.uuid4())
    taken = 0
    for _turn in range(limit):
        waiting = SandboxCallback.objects.select_related("trade")
        callback = None if should_stop() else retries.claim_next(waiting, worker)
        if callback is None:
            break
        taken += attempt(callback)
    return taken


def attempt(callback):
    """Post one leased callback and write down how it went. True when it was taken."""
    return retries.guarded(_post, callback)


def _post(callback):
    try:
        status, body = safe_http.ask(callback.trade.callback, callback.fields, seconds=SECONDS)
    except safe_http.Refused as refused:
        retries.settle_failure(callback, f"refused: {refused}", is_final=True)
        return False
    except (OSError, ValueError, http.client.HTTPException) as error:
        retries.settle_failure(callback, type(error).__name__)
        return False
    if status != 200 or body.strip() != b"1|OK":
        # A forged one is not tried again: it was never this gateway's.
        retries.settle_failure(callback, f"HTTP {status}", is_final=status == 400)
        return False
    retries.settle_sent(callback)
    return True
