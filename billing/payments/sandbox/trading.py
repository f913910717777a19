"""What happens at the pretend gateway: a payer decides, and callbacks are put into the queue."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from billing.payments.gateways.base import Method
from billing.payments.gateways.sandbox import MERCHANT, signed
from billing.payments.sandbox.models import SandboxCallback, SandboxTrade

LATE = timedelta(minutes=2)
RETRY = timedelta(hours=1)
BANK_CODE = "004"
CODE_DAYS = 3


class Telling(models.TextChoices):
    """How the merchant hears of it; gateways do all of these sooner or later."""

    ONCE = "once", _("立即回報一次")
    REPEATED = "repeated", _("重複回報三次")
    LATE = "late", _("兩分鐘後才回報")
    NEVER = "never", _("不回報（只能由系統主動查詢）")
    WRONG_AMOUNT = "wrong_amount", _("回報的金額少一元")
    FORGED = "forged", _("先來一次偽造的回報，再來真的")


@transaction.atomic
def decide(*, order, succeeds, telling):
    """The payer's press on the gateway's page. A second press changes nothing."""
    is_code = order["method"] != Method.CARD
    state = SandboxTrade.State.FAILED
    if succeeds:
        state = SandboxTrade.State.CODE if is_code else SandboxTrade.State.PAID
    trade, is_new = SandboxTrade.objects.get_or_create(
        reference=order["reference"],
        defaults={
            "amount": order["amount"],
            "method": order["method"],
            "callback": order["callback"],
            "state": state,
            "code": get_random_string(12, "0123456789") if is_code and succeeds else "",
        },
    )
    if is_new:
        tell(trade, telling)
    return trade


@transaction.atomic
def pay_code(*, reference, telling):
    """The payer's money for a code, at the counter of the store or the ATM."""
    trade = SandboxTrade.objects.select_for_update().get(reference=reference)
    if trade.state == SandboxTrade.State.CODE:
        trade.state = SandboxTrade.State.PAID
        trade.at = timezone.now()
        trade.save(update_fields=["state", "at"])
        tell(trade, telling)
    return trade


def tell(trade, telling):
    now = timezone.now()
    fields = facts_of(trade)
    if telling == Telling.WRONG_AMOUNT:
        fields = signed({**fields, "amount": str(trade.amount - 1)})
    times = {Telling.NEVER: 0, Telling.REPEATED: 3}.get(telling, 1)
    forms = [fields] * times
    if telling == Telling.FORGED:
        forms = [{**fields, "signature": "0" * 64}, fields]
    SandboxCallback.objects.bulk_create(
        SandboxCallback(
            trade=trade,
            fields=form,
            next_attempt_at=now + (LATE if telling == Telling.LATE else timedelta()),
            retry_until=now + RETRY,
        )
        for form in forms
    )


def facts_of(trade):
    """What the gateway says of a trade, signed."""
    return signed(
        {
            "merchant": MERCHANT,
            "reference": trade.reference,
            "state": trade.state,
            "amount": str(trade.amount),
            "method": trade.method,
            "trade": trade.number,
            "code": trade.code,
            "bank": BANK_CODE if trade.code and trade.method == Method.ATM else "",
            "until": _end_of_code(trade).isoformat() if trade.state == SandboxTrade.State.CODE else "",
            "at": trade.at.isoformat(),
        }
    )


def _end_of_code(trade):
    last_day = timezone.localtime(trade.at) + timedelta(days=CODE_DAYS)
    return last_day.replace(hour=23, minute=59, second=0, microsecond=0)


def nothing_known_of(reference):
    """The answer to a question about a trade whose payer has not decided."""
    return signed(
        {"merchant": MERCHANT, "reference": reference, "state": "open", "amount": "0", "at": timezone.now().isoformat()}
    )


def is_allowed():
    return settings.PAYMENT_SANDBOX
