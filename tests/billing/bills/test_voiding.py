"""A bill that was issued is never changed: void, and another one in its place; a batch is closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.bills import codes, voiding
from billing.bills.models import Bill
from billing.collection import balance
from billing.collection.counter import take_cash
from billing.collection.refunding import NotRefundable as NotPaid
from billing.collection.refunding import give_back
from billing.ledger.models import LedgerEntry
from billing.payments.gateway_notices import take_notice
from billing.payments.models import Settlement
from notifications.models import Message
from tests.accounts.factories import registrar_of
from tests.billing.families import ZOE, child_of, parent_of
from tests.billing.money import agent_of, batch_of, begun, cashier_of, issued_bill, notice_of
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def parent():
    return parent_of(ZOE)


@pytest.fixture
def bill(parent):
    student = child_of(ZOE)
    Message.objects.all().delete()
    return issued_bill(student, agent=agent_of(student.school))


@pytest.fixture
def cashier(bill):
    return cashier_of(bill.school)


@pytest.fixture(autouse=True)
def _books_agree():
    yield
    assert balance.differences() == []


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def reissued(bill, by, items=(("學費", 3000),), **more):
    return voiding.reissue(
        bill=bill,
        items=list(items),
        reason="補助核定",
        by=by,
        **{"due_on": timezone.localdate() + timedelta(days=5), **more},
    )


class TestVoiding:
    def test_ends_what_is_owed_and_the_codes(self, bill, cashier):
        voiding.void_bill(bill=bill, reason="重複開單", by=cashier)

        void = fresh(bill)
        assert (void.state, void.void_reason, void.voided_by) == ("void", "重複開單", cashier)
        assert LedgerEntry.objects.balances() == {"receivable": 0, "income": 0}
        assert codes.store_codes(void) is None

    def test_is_told_to_the_parents(self, bill, cashier, parent):
        voiding.void_bill(bill=bill, reason="重複開單", by=cashier)

        mail = Message.objects.get()
        assert (mail.kind, mail.to) == ("bill-voided", parent.email)
        assert "重複開單" not in mail.text

    def test_of_a_paid_bill_is_refused(self, bill, cashier):
        take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)

        with pytest.raises(voiding.NotOpen):
            voiding.void_bill(bill=bill, reason="x", by=cashier)

    def test_twice_is_refused(self, bill, cashier):
        voiding.void_bill(bill=bill, reason="x", by=cashier)

        with pytest.raises(voiding.NotOpen):
            voiding.void_bill(bill=bill, reason="x", by=cashier)
        assert LedgerEntry.objects.count() == 2

    def test_loses_no_money_that_is_on_its_way(self, bill, cashier, parent):
        payment = begun([bill], parent)
        voiding.void_bill(bill=bill, reason="x", by=cashier)

        [money] = take_notice(notice_of(payment))

        assert money.state == Settlement.State.MISMATCH
        assert Settlement.objects.work_list().get() == money


class TestReissuing:
    def test_puts_another_one_in_its_place(self, bill, cashier):
        new = reissued(bill, cashier)

        assert fresh(bill).state == "void"
        new = fresh(new)
        assert (new.state, new.amount, new.replaces, new.batch) == ("issued", 3000, bill, bill.batch)
        assert list(new.items.values_list("name", "amount")) == [("學費", 3000)]
        assert new.write_off_number not in ("", bill.write_off_number)
        assert LedgerEntry.objects.balances()["receivable"] == 3000

    def test_is_told_in_one_mail(self, bill, cashier):
        reissued(bill, cashier)

        mail = Message.objects.get()
        assert mail.kind == "bill-issued"
        assert "原來的繳費單已作廢" in mail.text

    def test_can_be_repeated(self, bill, cashier):
        last = reissued(reissued(bill, cashier), cashier, items=[("學費", 1)])

        assert Bill.objects.get(state="issued") == last
        with pytest.raises(voiding.NotOpen):
            reissued(bill, cashier)

    def test_is_not_for_a_closed_batch(self, bill, cashier):
        voiding.begin_closing(batch=bill.batch, reason="學期結束", by=cashier)

        with pytest.raises(voiding.BatchClosed):
            reissued(bill, cashier)
        assert fresh(bill).state == "issued"

    def test_down_to_nothing_is_paid_at_once(self, bill, cashier):
        new = reissued(bill, cashier, items=[("學費", 5), ("減免", -5)])

        assert fresh(new).state == "paid"
        with pytest.raises(NotPaid):
            give_back(bill=new, amount=new.amount, reason="x", by=cashier)


class TestClosing:
    @pytest.fixture
    def batch(self, bill):
        return bill.batch

    def close(self, batch, cashier):
        voiding.begin_closing(batch=batch, reason="學期結束", by=cashier)
        voiding.void_what_is_open(batch)

    def test_voids_what_is_open_and_leaves_what_is_paid(self, bill, batch, cashier, monkeypatch):
        monkeypatch.setattr(voiding, "CHUNK", 2)
        others = [issued_bill(StudentFactory(school=bill.school), batch=batch) for _ in range(4)]
        take_cash(bill=others[0], amount=others[0].amount, receipt="1", by=cashier)

        for _press in range(2):
            self.close(batch, cashier)

        assert sorted(batch.bills.values_list("state", flat=True)) == ["paid", *["void"] * 4]
        assert fresh(batch).close_reason == "學期結束"
        assert Message.objects.filter(kind="bill-voided").count() == 1

    def test_is_not_for_a_draft(self, bill, cashier):
        draft = batch_of(bill.school, state="draft")
        with pytest.raises(voiding.NotOpen):
            voiding.begin_closing(batch=draft, reason="x", by=registrar_of(bill.school))
