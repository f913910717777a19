"""A bill that is owed is split into instalments (分期): it is void, and bills of its student and batch take its place.

Each part is a bill of its own, with its codes, slip, last day, reminders and receipt. While none is paid, they become one
bill again.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import User
from audit import log
from billing.bills import notify, words
from billing.bills.drafting import write_items
from billing.bills.issuing import prepare
from billing.bills.models import Bill, BillBatch
from billing.bills.releasing import release
from billing.bills.voiding import BatchClosed, NotOpen, hold, void

FEWEST, MOST = 2, 6
Items = list[tuple[str, int]]


class NotToSplit(Exception):
    """The bill is a part already, or its dollars are not those of the parts."""


class PartSettled(Exception):
    """Money came for one of the parts: they stay as they are."""


def even(amount: int, parts: int) -> list[int]:
    """Whole dollars for each part; what is left over is in the first."""
    each = amount // parts
    return [amount - each * (parts - 1), *[each] * (parts - 1)]


def share_out(items: Sequence[tuple[str, int]], amounts: Sequence[int]) -> list[Items]:
    """The items of each part, in proportion: they add up to the part, and over all parts to the item.

    `amounts` are above nothing and add up to the items. No share has another sign than its item.
    """
    left = [amount for _name, amount in items]
    parts = []
    for amount in amounts:
        total = sum(left)
        shares = [one * amount // total for one in left]
        by_rest = sorted((-(one * amount % total), n) for n, one in enumerate(left))
        for _rest, n in by_rest[: amount - sum(shares)]:
            shares[n] += 1
        left = [one - share for one, share in zip(left, shares, strict=True)]
        parts.append([(name, share) for (name, _amount), share in zip(items, shares, strict=True) if share])
    return parts


def items_of(bill: Bill) -> Items:
    """Pairs of name and dollars; a bill without items is one item of its own name."""
    return [(one.name, one.amount) for one in bill.items.all()] or [(bill.title[:40], bill.amount)]


def parts_of(bill: Bill):
    """The parts that take the place of a bill that was split, or of which `bill` is one; void ones left out."""
    whole = bill.part_of_id or bill.pk
    return Bill.objects.filter(part_of=whole).exclude(state=Bill.State.VOID).order_by("part", "pk")


@transaction.atomic
def split(*, bill: Bill, parts: Sequence[tuple[int, date]], reason: str, by: User) -> list[Bill]:
    """Void `bill` and issue a bill for each part (dollars, last day); families get one mail.

    Raises NotToSplit, NotOpen, BatchClosed and OutOfNumbers. Returns the parts.
    """
    bill = hold(bill)
    batch = _open_batch(bill)
    amounts = [amount for amount, _due_on in parts]
    is_one = bill.part_of_id or not FEWEST <= len(parts) <= MOST
    if is_one or min(amounts) < 1 or sum(amounts) != bill.amount:
        raise NotToSplit
    void([bill], reason, by)
    new = [
        _new(bill, batch, amount, due_on, part_of=bill, part=n, parts=len(parts))
        for n, (amount, due_on) in enumerate(parts, start=1)
    ]
    for one in new:
        one.save()
    write_items(list(zip(new, share_out(items_of(bill), amounts), strict=True)))
    prepare(new)
    release(new, tell=lambda bills: notify.split(bill, bills))
    data = {"amounts": amounts, "due_on": [due_on.isoformat() for _amount, due_on in parts], "reason": reason}
    log.record("bill.split", by=by, target=bill, school=bill.school, data=data)
    return new


@transaction.atomic
def join(*, bill: Bill, due_on: date, reason: str, by: User) -> Bill:
    """The parts, of which `bill` is one, become one bill again until `due_on`: what is still owed of them, in its items.

    Raises NotOpen where it is no part, or all are void; PartSettled, BatchClosed and OutOfNumbers. Returns the new bill.
    """
    if not bill.part_of_id:
        raise NotOpen
    whole = Bill.objects.locked().get(pk=bill.part_of_id)  # whoever reissues a part holds it too
    list(Bill.objects.locked().filter(part_of=whole))
    old = list(parts_of(whole).select_related("school", "student__school_class", "batch").prefetch_related("items"))
    if not old:
        raise NotOpen
    if any(one.state != Bill.State.ISSUED for one in old):
        raise PartSettled
    batch = _open_batch(whole)
    void(old, reason, by)
    items: dict[str, int] = {}
    for one in old:
        for name, amount in items_of(one):
            items[name] = items.get(name, 0) + amount
    amount = sum(one.amount for one in old)
    new = _new(old[0], batch, amount, due_on, title=whole.title, replaces=whole)
    new.save()
    write_items([(new, [(name, amount) for name, amount in items.items() if amount])])
    prepare([new])
    release([new])
    data = {"parts": len(old), "amount": new.amount, "due_on": due_on.isoformat(), "reason": reason}
    log.record("bill.joined", by=by, target=new, school=new.school, data=data)
    return new


def _open_batch(bill):
    batch = BillBatch.objects.select_for_update(no_key=True).get(pk=bill.batch_id)
    if batch.state != BillBatch.State.ISSUED:
        raise BatchClosed
    return batch


def _new(bill, batch, amount, due_on, *, title="", **fields):
    """Not saved yet. A part says in its name which one it is."""
    if not title:
        title = words.of_part(bill.title, fields["part"], fields["parts"])
    new = Bill(
        batch=batch, school=bill.school, student=bill.student, title=title, amount=amount, due_on=due_on, **fields
    )
    new.remember_student()
    return new
