"""What a payer is told of a payment: one word, from what was read in one statement, so that no two parts disagree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from billing.bills.models import Bill
from billing.payments.models import Payment, PaymentPart

WATCHED_FOR = timedelta(minutes=10)


class Word(StrEnum):
    PAID = "paid"
    PAID_BEFORE = "paid_before"
    NOT_OWED = "not_owed"  # it may still bring money, and must not: its bills are paid, void, overdue or not one's own
    CODE = "code"
    REFUSED = "refused"  # the gateway said so: nothing was taken
    LEFT = "left"  # the payer gave it up or began another; should money come all the same, it counts
    WAITING = "waiting"
    UNKNOWN = "unknown"  # waited for long


@dataclass(frozen=True)
class Outcome:
    """`parts`, with `bill` and `is_mine`: whether the bill's child is the payer's today."""

    payment: Payment
    parts: Sequence[PaymentPart]

    @property
    def is_owed(self) -> bool:
        """All of it can be paid now, by this payer."""
        return all(one.is_mine and one.bill.is_payable for one in self.parts)  # type: ignore[attr-defined]

    @property
    def receipts(self) -> list[Bill]:
        return [one.bill for one in self.parts if one.is_mine and one.bill.state == Bill.State.PAID]  # type: ignore[attr-defined]

    @property
    def word(self) -> Word:
        payment, state = self.payment, Payment.State
        if payment.state == state.SETTLED:
            return Word.PAID
        if payment.state == state.DUPLICATE:
            return Word.PAID_BEFORE
        if payment.state == state.FAILED:
            return Word.REFUSED if payment.was_refused else Word.LEFT
        if not self.is_owed:
            return Word.NOT_OWED
        if payment.state == state.CODE_ISSUED:
            return Word.CODE
        return Word.WAITING if timezone.now() - payment.started_at < WATCHED_FOR else Word.UNKNOWN


def outcome_of(user: User, reference: str) -> Outcome:
    """Of a payment of one's own; raises Http404. One statement: a notice that comes meanwhile changes all of it or nothing."""
    mine = PaymentPart.objects.filter(payment__started_by=user, payment__reference=reference)
    is_mine = Exists(Bill.objects.of_parent(user).filter(pk=OuterRef("bill")))
    about = ("payment__school", "bill__student__school_class", "bill__school", "bill__batch")
    parts = list(mine.annotate(is_mine=is_mine).select_related(*about).order_by("bill_id"))
    if not parts:
        raise Http404
    return Outcome(parts[0].payment, parts)
