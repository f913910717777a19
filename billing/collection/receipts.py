"""Numbers of receipt books (收據冊): each once a book and school; one that was spoilt is kept as void."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit import log
from billing.collection.models import CounterPayment, Receipt
from core.text import half_width
from registry.models import School

NUMBER = re.compile(r"(?P<book>.*?)(?P<number>\d{1,12})(?P<rest>\D*)")
MOST = 50  # numbers that one press may take


class NoNumber(Exception):
    """What was typed does not end with the number of a receipt."""


class ReceiptTaken(Exception):
    """The number was handed out, or is void; `receipt` says what became of it."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.written)
        self.receipt = receipt


@dataclass(frozen=True)
class Number:
    """A number of a book as it is compared: 「北市 a 字第 0012 號」 is number 12 of the book 北市A字第…號."""

    book: str
    number: int
    width: int
    rest: str

    def following(self, count: int) -> "Number":
        return Number(self.book, self.number + count, self.width, self.rest)

    @property
    def written(self) -> str:
        return f"{self.book}{self.number:0{self.width}}{self.rest}"

    @property
    def of_book(self) -> str:
        return f"{self.book}…{self.rest}" if self.rest else self.book


def read_number(typed: str) -> Number:
    """The book and the number of what was typed, however wide and spaced. Raises NoNumber."""
    tidy = "".join(half_width(typed).split()).upper()
    found = NUMBER.fullmatch(tidy)
    if not found:
        raise NoNumber
    digits = found["number"]
    return Number(found["book"], int(digits), len(digits), found["rest"])


def next_number(school: School) -> str:
    """The number after the one registered last, of the same book; "" before the first."""
    last = Receipt.objects.filter(school=school).order_by("-pk").first()
    if last is None:
        return ""
    number = read_number(last.written)
    highest = Receipt.objects.filter(school=school, book=last.book).order_by("-number").first()
    return number.following((highest or last).number + 1 - last.number).written


def with_number(rows: QuerySet[Receipt], text: str) -> QuerySet[Receipt]:
    """Those whose number holds what was typed, however wide and spaced."""
    return rows.filter(written__contains="".join(half_width(text).split()).upper())


def taken_among(school: School, first: Number, count: int) -> Receipt | None:
    """The first of `count` numbers from `first` on that is registered already."""
    numbers = range(first.number, first.number + count)
    known = Receipt.objects.filter(school=school, book=first.of_book, number__in=numbers)
    return known.select_related("payment").order_by("number").first()


def hand_out(*, payment: CounterPayment, first: Number, count: int, by: User) -> list[Receipt]:
    """`count` receipts of `payment`, from `first` on. Raises ReceiptTaken; the caller is in a transaction."""
    rows = [_row(payment.school, first.following(n), made_by=by, payment=payment) for n in range(count)]
    return _write(rows, first, count)


@transaction.atomic
def spoil(*, school: School, first: Number, count: int, reason: str, by: User) -> list[Receipt]:
    """Numbers that were never handed out: misprinted, torn, skipped. Raises ReceiptTaken."""
    void = {"state": Receipt.State.VOID, "void_at": timezone.now(), "void_by": by, "void_reason": reason}
    rows = [_row(school, first.following(n), made_by=by, **void) for n in range(count)]
    written = _write(rows, first, count)
    data = {"first": first.written, "count": count, "reason": reason}
    log.record("receipt.voided", by=by, target=school, school=school, data=data)
    return written


def void_receipts(*, payment: CounterPayment, reason: str, by: User) -> None:
    """Those of a payment that is reversed; the caller is in a transaction."""
    for one in payment.receipts.select_for_update(no_key=True).filter(state=Receipt.State.USED).order_by("pk"):
        one.move_to(Receipt.State.VOID, void_at=timezone.now(), void_by=by, void_reason=reason)


def _row(school: School, number: Number, **fields: Any) -> Receipt:
    return Receipt(school=school, book=number.of_book, number=number.number, written=number.written, **fields)


def _write(rows: list[Receipt], first: Number, count: int) -> list[Receipt]:
    try:
        with transaction.atomic():
            return Receipt.objects.bulk_create(rows)
    except IntegrityError:
        taken = taken_among(rows[0].school, first, count)
        if taken is None:
            raise
        raise ReceiptTaken(taken) from None
