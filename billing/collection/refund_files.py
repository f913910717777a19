"""Refunds that go to the bank together: into a file, and line by line out of it again (ADR 43).

Locks: the bills in the order of their keys, then the file, then refunds and lines in the order of theirs.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from billing.bills.models import Bill
from billing.collection import refunding
from billing.payments.models import Refund, RefundFile, RefundLine
from registry.models import School

MOST = 1000  # lines of one file


class NobodyToPay(Exception):
    """Of some refunds nobody wrote down where to; `refunds` are these."""

    def __init__(self, refunds: Sequence[Refund]) -> None:
        super().__init__()
        self.refunds = refunds


class NotDue(Exception):
    """Nothing was chosen, more than fits, or a colleague dealt with some of it meanwhile."""


class NotOpen(Exception):
    """The bank's answer to this file, or to this line, was written down already."""


@transaction.atomic
def make(*, school: School, refunds: Sequence[int], key: str, by: User) -> RefundFile:
    """A file of these refunds (keys) of `school`. With a `key` that was there before: that file.

    Raises NobodyToPay, and NotDue, where nothing is written.
    """
    key = f"{school.pk}:{key}"[:80]
    wanted = Refund.objects.filter(settlement__school=school, pk__in=refunds)
    _lock_bills(wanted)
    held = list(_locked(wanted))  # another press of the same page waits here, and then finds the file
    if known := RefundFile.objects.filter(key=key).first():
        return known
    chosen = [one for one in held if one.state == Refund.State.REFUND_DUE]
    if not chosen or len(chosen) != len(set(refunds)) or len(chosen) > MOST:
        raise NotDue
    if unknown := [one for one in chosen if not one.payee_cipher]:
        raise NobodyToPay(unknown)
    total = sum(one.amount for one in chosen)
    file = RefundFile.objects.create(school=school, key=key, count=len(chosen), total=total, made_by=by)
    RefundLine.objects.bulk_create(
        RefundLine(file=file, number=number, refund=one, amount=one.amount, to=one.payee.masked)
        for number, one in enumerate(chosen, start=1)
    )
    for one in chosen:
        one.move_to(Refund.State.SENT, sent_in=file)
    log.record("refund_file.made", by=by, target=file, school=school, data={"count": file.count, "total": total})
    return file


@transaction.atomic
def confirm(*, file: RefundFile, by: User) -> int:
    """The bank paid all lines that wait: the families hear it. Their number; raises NotOpen."""
    file, lines = _open(file)
    note = _("匯款檔第 %(number)s 號") % {"number": file.pk}
    for line in lines:
        line.move_to(RefundLine.State.PAID)
        refunding.write_down(line.refund, way=Refund.Way.TRANSFER, note=note, by=by)
    _close(file, RefundFile.State.DONE, by)
    log.record("refund_file.paid", by=by, target=file, school=file.school, data={"count": len(lines)})
    return len(lines)


@transaction.atomic
def take_returned(*, file: RefundFile, numbers: Sequence[int], reason: str, by: User) -> int:
    """The bank sent these lines back: they are due again, to another account. Their number; raises NotOpen."""
    file, lines = _open(file)
    returned = [line for line in lines if line.number in numbers]
    if not returned or len(returned) != len(set(numbers)):
        raise NotOpen
    for line in returned:
        line.move_to(RefundLine.State.RETURNED, reason=reason)
        line.refund.move_to(Refund.State.REFUND_DUE, sent_in=None, payee_cipher="")
    if len(returned) == len(lines):
        _close(file, RefundFile.State.DONE, by)
    data = {"lines": sorted(set(numbers)), "reason": reason}
    log.record("refund_file.returned", by=by, target=file, school=file.school, data=data)
    return len(returned)


@transaction.atomic
def give_up(*, file: RefundFile, by: User) -> None:
    """The bank never gets it: all is due as before. Raises NotOpen, also once the bank answered to a line."""
    file, lines = _open(file)
    if len(lines) != file.count:
        raise NotOpen
    for line in lines:
        line.move_to(RefundLine.State.GIVEN_UP)
        line.refund.move_to(Refund.State.REFUND_DUE, sent_in=None)
    _close(file, RefundFile.State.GIVEN_UP, by)
    log.record("refund_file.given_up", by=by, target=file, school=file.school, data={"count": len(lines)})


def _open(file):
    """The file and its lines that wait, all held. Raises NotOpen."""
    _lock_bills(Refund.objects.filter(sent_in=file))
    file = RefundFile.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=file.pk)
    lines = file.lines.filter(state=RefundLine.State.WAITING).order_by("number")
    refunds = {one.pk: one for one in _locked(Refund.objects.filter(sent_in=file))}
    waiting = list(lines.select_for_update(of=("self",), no_key=True))
    if file.state != RefundFile.State.OPEN or not waiting:
        raise NotOpen
    for line in waiting:
        line.refund = refunds[line.refund_id]
    return file, waiting


def _close(file, state, by):
    file.move_to(state, closed_at=timezone.now(), closed_by=by)


def _lock_bills(refunds):
    list(Bill.objects.locked().filter(pk__in=refunds.values("bill")).order_by("pk").values_list("pk"))


def _locked(refunds):
    whose = ("settlement__payment__started_by", "settlement__school", "bill__school", "bill__student")
    return refunds.select_for_update(of=("self",), no_key=True).select_related(*whose).order_by("pk")
