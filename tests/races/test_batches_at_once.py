"""Cashiers, workers and families at once, with real threads on PostgreSQL: a bill is issued once, void or paid."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.bills import drafting, instalments, issuing, releasing, voiding
from billing.bills.charges import Charge
from billing.bills.models import Bill, BillBatch, CollectingAgent
from billing.collection import balance
from billing.collection.agents import current_agent, values_of, version_of, write_settings
from billing.collection.counter import take_cash
from billing.ledger import booking
from billing.ledger.models import Account, LedgerEntry
from billing.payments.gateway_notices import take_notice
from billing.payments.models import Settlement
from billing.payments.settling import Money, apply_settlements
from tests.accounts.factories import registrar_of, sso_parent
from tests.billing.money import agent_of, begun, cashier_of, end_wait, issued_bill, notice_of
from tests.races.threads import at_once, kinds_of
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bill():
    return issued_bill()


@pytest.fixture
def cashier(bill):
    return cashier_of(bill.school)


@pytest.fixture(autouse=True)
def _books_agree():
    yield
    assert balance.differences() == []


@pytest.fixture
def batch():
    school_class = SchoolClassFactory()
    school = school_class.school
    agent_of(school)
    students = [StudentFactory(school=school, school_class=school_class) for _ in range(9)]
    return drafting.draft_batch(
        school=school,
        charges=[Charge(one, (("學費", 100),)) for one in students],
        by=cashier_of(school),
        title="學雜費",
        school_year=115,
        semester=1,
        due_on=timezone.localdate() + timedelta(days=9),
    )


def test_three_workers_issue_each_bill_once(batch, monkeypatch):
    monkeypatch.setattr(issuing, "CHUNK", 2)
    issuing.begin_issuing(batch=batch, by=batch.made_by)

    at_once(*[lambda: issuing.issue_all(batch)] * 3)

    bills = Bill.objects.filter(batch=batch)
    assert set(bills.values_list("state", flat=True)) == {"waiting"}
    assert len(set(bills.values_list("write_off_number", flat=True))) == 9

    monkeypatch.setattr(releasing, "CHUNK", 2)
    end_wait(batch)
    at_once(*[lambda: releasing.release_batch(batch)] * 3)

    assert set(bills.values_list("state", flat=True)) == {"issued"}
    assert LedgerEntry.objects.filter(what=booking.ISSUED).count() == 9
    assert BillBatch.objects.get(pk=batch.pk).state == "issued"


def test_two_presses_begin_once_and_nobody_discards_what_is_issued(batch):
    outcomes = at_once(
        lambda: issuing.begin_issuing(batch=batch, by=batch.made_by),
        lambda: issuing.begin_issuing(batch=batch, by=batch.made_by),
        lambda: drafting.discard_draft(batch=batch, by=batch.made_by),
    )

    left = BillBatch.objects.filter(pk=batch.pk).first()
    if left is None:
        assert kinds_of(outcomes) == ["DoesNotExist", "DoesNotExist", "NoneType"]
    else:
        assert left.state == "issuing"
        assert "AlreadyIssued" in kinds_of(outcomes)


def test_settings_change_while_bills_are_issued(batch, monkeypatch):
    """Each bill is laid out by the row that it names, and no number is given twice."""
    monkeypatch.setattr(issuing, "CHUNK", 1)
    issuing.begin_issuing(batch=batch, by=batch.made_by)

    def change(code):
        current = current_agent(batch.school)
        values = values_of(current) | {"collection_code": code}
        return write_settings(school=batch.school, values=values, version=version_of(current), by=batch.made_by)

    at_once(lambda: issuing.issue_all(batch), lambda: change("628"), lambda: change("629"))

    assert len(set(Bill.objects.values_list("virtual_account", flat=True))) == 9
    assert CollectingAgent.objects.current().count() == 1
    assert set(Bill.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_batch_is_taken_back_or_released_never_both(batch, monkeypatch):
    """The clock says that it is time, a cashier presses at that moment, and two workers look."""
    monkeypatch.setattr(releasing, "CHUNK", 2)
    monkeypatch.setattr(BillBatch, "can_be_taken_back", property(lambda one: one.state == "waiting"))
    for _turn in range(4):
        issuing.begin_issuing(batch=batch, by=batch.made_by)
        issuing.issue_all(batch)
        end_wait(batch)

        outcomes = at_once(
            lambda: issuing.take_back(batch=batch, by=batch.made_by),
            lambda: releasing.release_batch(batch),
            lambda: releasing.release_batch(batch),
        )

        batch.refresh_from_db()
        states = set(Bill.objects.filter(batch=batch).values_list("state", flat=True))
        entries = LedgerEntry.objects.filter(what=booking.ISSUED).count()
        assert (batch.state, states, entries) in [("draft", {"draft"}, 0), ("issued", {"issued"}, 9)]
        if batch.state == "issued":
            assert "TooLate" in kinds_of(outcomes)
            break


def test_a_batch_is_taken_back_while_money_comes_for_its_slips(batch):
    issuing.begin_issuing(batch=batch, by=batch.made_by)
    issuing.issue_all(batch)
    bill = batch.bills.first()
    money = Money(
        key="file:1:1", account=Account.STORES, amount=100, paid_at=timezone.now(), bill_id=bill.pk, channel="store"
    )

    at_once(
        lambda: issuing.take_back(batch=batch, by=batch.made_by), lambda: apply_settlements([money], by=batch.made_by)
    )

    assert set(Bill.objects.filter(batch=batch).values_list("state", flat=True)) == {"draft"}
    assert Settlement.objects.get().state == "mismatch"


def test_void_and_paid(bill, cashier):
    outcomes = at_once(
        lambda: voiding.void_bill(bill=bill, reason="x", by=cashier),
        lambda: take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier),
    )

    won = {"void": ["Bill", "NotOpen"], "paid": ["NotOpen", "Settlement"]}
    assert kinds_of(outcomes) == won[Bill.objects.get(pk=bill.pk).state]


def test_void_and_money_of_a_gateway(bill, cashier):
    payment = begun([bill], sso_parent(by=registrar_of(bill.school)))

    at_once(lambda: voiding.void_bill(bill=bill, reason="x", by=cashier), lambda: take_notice(notice_of(payment)))

    money = Settlement.objects.get()
    expected = {"void": "mismatch", "paid": "applied"}
    assert money.state == expected[Bill.objects.get(pk=bill.pk).state]


def test_a_bill_is_reissued_once(bill, cashier):
    def again():
        day = timezone.localdate() + timedelta(days=3)
        return voiding.reissue(bill=bill, items=[("學費", 5)], due_on=day, reason="x", by=cashier)

    outcomes = at_once(again, again, lambda: voiding.void_bill(bill=bill, reason="x", by=cashier))

    assert kinds_of(outcomes).count("NotOpen") == 2
    assert Bill.objects.filter(state="issued").count() <= 1


def test_closing_and_reissuing(bill, cashier):
    def again():
        day = timezone.localdate() + timedelta(days=3)
        return voiding.reissue(bill=bill, items=[("學費", 5)], due_on=day, reason="x", by=cashier)

    def close():
        voiding.begin_closing(batch=bill.batch, reason="學期結束", by=cashier)
        voiding.void_what_is_open(bill.batch)

    at_once(again, close)
    voiding.void_what_is_open(bill.batch)

    assert set(Bill.objects.values_list("state", flat=True)) == {"void"}


def in_two(bill, cashier):
    parts = [(bill.amount - 1, timezone.localdate() + timedelta(days=3)), (1, timezone.localdate() + timedelta(days=9))]
    return instalments.split(bill=bill, parts=parts, reason="x", by=cashier)


def test_a_bill_is_split_once(bill, cashier):
    outcomes = at_once(lambda: in_two(bill, cashier), lambda: in_two(bill, cashier))

    assert kinds_of(outcomes) == ["NotOpen", "list"]
    assert Bill.objects.filter(state="issued").count() == 2


def test_split_and_paid(bill, cashier):
    outcomes = at_once(
        lambda: in_two(bill, cashier), lambda: take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)
    )

    won = {"void": ["NotOpen", "list"], "paid": ["NotOpen", "Settlement"]}
    assert kinds_of(outcomes) == won[Bill.objects.get(pk=bill.pk).state]


def test_joined_while_one_part_is_paid(bill, cashier):
    day = timezone.localdate() + timedelta(days=3)
    first, second = in_two(bill, cashier)

    outcomes = at_once(
        lambda: instalments.join(bill=first, due_on=day, reason="x", by=cashier),
        lambda: take_cash(bill=second, amount=second.amount, receipt="1", by=cashier),
    )

    assert kinds_of(outcomes) in (["Bill", "NotOpen"], ["PartSettled", "Settlement"])


def test_joined_while_one_part_is_issued_anew(bill, cashier):
    day = timezone.localdate() + timedelta(days=3)
    first, second = in_two(bill, cashier)

    outcomes = at_once(
        lambda: instalments.join(bill=first, due_on=day, reason="x", by=cashier),
        lambda: voiding.reissue(bill=second, items=[("學費", 5)], due_on=day, reason="x", by=cashier),
    )

    owed = Bill.objects.filter(state="issued")
    assert owed.count() == 1
    assert owed.get().amount == (bill.amount if "NotOpen" in kinds_of(outcomes) else bill.amount + 4)
