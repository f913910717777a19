"""How much of a fee goes back to who leaves during the semester.

Source: 高級中等以下學校向學生收取費用 and the fee rules of the City: before lessons begin all of it, in the first third of the
semester two thirds, in the second third one third, in the last nothing. The days are settings of each batch.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from django.db import transaction

from accounts.models import User
from audit import log
from billing.bills.models import BillBatch

ALL, NOTHING = Fraction(1), Fraction(0)
TWO_THIRDS, ONE_THIRD = Fraction(2, 3), Fraction(1, 3)


class NoTerm(Exception):
    """The batch does not say from when to when lessons are."""


def share_of(batch: BillBatch, left_on: date) -> Fraction:
    """The share that goes back to who leaves on this day. Raises NoTerm."""
    first, second = last_days(batch)
    if batch.term_from and left_on < batch.term_from:
        return ALL
    if left_on <= first:
        return TWO_THIRDS
    return ONE_THIRD if left_on <= second else NOTHING


def last_days(batch: BillBatch) -> tuple[date, date]:
    """The last days of the first and of the second third of the semester. Raises NoTerm.

    A third that ends within a day counts that day: who leaves on it had not more than a third.
    """
    if batch.term_from is None or batch.term_to is None:
        raise NoTerm
    days = (batch.term_to - batch.term_from).days + 1
    first, second = (batch.term_from + timedelta(days=-(-days * n // 3) - 1) for n in (1, 2))
    return first, second


def part_of(amounts: Iterable[int], share: Fraction) -> int:
    """Whole dollars of the sum, half a dollar counted up; never less than nothing."""
    return max(0, int(sum(amounts) * share + Fraction(1, 2)))


def in_words(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"


@transaction.atomic
def write_term(*, batch: BillBatch, term_from: date, term_to: date, by: User) -> BillBatch:
    """From when to when lessons are, for the refunds to come."""
    batch = BillBatch.objects.select_for_update(of=("self",)).select_related("school").get(pk=batch.pk)
    batch.term_from, batch.term_to = term_from, term_to
    batch.save(update_fields=["term_from", "term_to"])
    data = {"from": term_from.isoformat(), "to": term_to.isoformat()}
    log.record("bills.term", by=by, target=batch, school=batch.school, data=data)
    return batch
