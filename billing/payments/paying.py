"""A parent begins to pay: one live attempt a bill, and a double click is one payment."""

from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from billing.bills.models import Bill
from billing.payments import gateways
from billing.payments.models import Payment, PaymentPart

# No letters or digits that are taken for one another: references are read out over the telephone.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class NotPayable(Exception):
    """`bills` can't be paid now: paid already, void, or past their day."""

    def __init__(self, bills):
        super().__init__()
        self.bills = bills


class LiveAttempt(Exception):
    """`payments` were begun for one of the bills and may still bring money: warn, ask, then come again."""

    def __init__(self, payments):
        super().__init__()
        self.payments = payments


class OtherPayment(Exception):
    """This `key` began a payment of other bills, or in another way: the page is to ask with a new key."""


class OutOfLimits(Exception):
    """The gateway takes no payment of this amount, or so near to the last day, in this way."""


@transaction.atomic
def start_payment(
    *, bills: Iterable[Bill], gateway: str, method: str, key: str, by: User, despite: Collection[int] = ()
) -> Payment:
    """A payment of `bills`, all of one school, to be taken to the gateway.

    The same `key` again, with the same bills and method, is the same payment. `despite`: keys of live attempts that
    the payer was warned of. Raises OtherPayment, NotPayable, OutOfLimits or LiveAttempt.
    """
    wanted = Bill.objects.filter(pk__in=[one.pk for one in bills])
    locked = list(wanted.locked().select_related("school"))
    if known := Payment.objects.filter(started_by=by, key=key).first():
        return _same(known, locked, gateway, method)
    if refused := [one for one in locked if not one.can_be_paid]:
        raise NotPayable(refused)
    amount = sum(one.amount for one in locked)
    company, expires_on = gateways.find(gateway), min(one.due_on for one in locked)
    if company is None or not (company.takes(method, amount) and company.ends_by(method, expires_on)):
        raise OutOfLimits
    _leave_live_attempts(locked, despite, by=by)
    payment = _begin(
        school=locked[0].school,
        gateway=gateway,
        method=method,
        amount=amount,
        title=_title_of(locked),
        expires_on=expires_on,
        key=key,
        started_by=by,
    )
    PaymentPart.objects.bulk_create(PaymentPart(payment=payment, bill=one, amount=one.amount) for one in locked)
    _record("payment.started", payment, by, bills=[one.pk for one in locked], amount=payment.amount)
    return payment


def _same(known, bills, gateway, method):
    """The payment that this key began, if it is for just these bills and goes the same way. Raises OtherPayment."""
    parts = set(known.parts.values_list("bill", flat=True))
    if parts != {one.pk for one in bills} or (known.gateway, known.method) != (gateway, method):
        raise OtherPayment
    return known


def _begin(**fields):
    reference = f"P{timezone.localdate():%y%m%d}{get_random_string(12, LETTERS)}"
    try:
        with transaction.atomic():
            return Payment.objects.create(reference=reference, **fields)
    except IntegrityError:  # the same key came at this moment, for bills that this one doesn't hold
        raise OtherPayment from None


def _title_of(bills):
    """Says enough at a gateway, and nothing about people."""
    if len(bills) == 1:
        return bills[0].title
    return _("%(title)s 等 %(count)d 張") % {"title": bills[0].title, "count": len(bills)}


def live_attempts(bills: Iterable[Bill]) -> list[Payment]:
    return list(Payment.objects.live().filter(parts__bill__in=bills).distinct().order_by("pk"))


def _leave_live_attempts(bills, despite, *, by):
    """The payer knows of them and goes on: their money, should it come, is a settlement all the same."""
    keys = [one.pk for one in live_attempts(bills)]
    live = list(Payment.objects.live().filter(pk__in=keys).order_by("pk").select_for_update(no_key=True))
    if any(one.pk not in despite for one in live):
        raise LiveAttempt(live)
    for one in live:
        one.move_to(Payment.State.FAILED)
        one.parts.update(is_live=False)
        _record("payment.left", one, by)


@transaction.atomic
def give_up(*, payment: Payment, by: User) -> Payment:
    """The payer does not go on with it. Its code, if it has one, stays known to the gateway: money for it still counts."""
    payment = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    if payment.is_live:
        payment.move_to(Payment.State.FAILED)
        payment.parts.update(is_live=False)
        _record("payment.left", payment, by)
    return payment


def _record(event, payment, by, **data):
    log.record(event, by=by, target=payment, school=payment.school, data=data)
