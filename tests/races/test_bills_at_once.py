"""Reminders, payments and events of bills at once, with real threads on PostgreSQL."""

import pytest

from billing.api import webhooks
from billing.api.models import WebhookDelivery
from billing.bills import reminders
from billing.bills.models import BillNotice
from billing.collection.counter import take_cash
from notifications.models import Message
from tests.billing.api.receivers import Receiver, connect, tell, webhook_of
from tests.billing.families import LEO, ZOE, bill_of, child_of, parent_of
from tests.billing.money import cashier_of
from tests.oidc.factories import client_of
from tests.races.threads import at_once, kinds_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def zoe():
    return parent_of(ZOE)


@pytest.fixture
def bills(zoe, monkeypatch):
    monkeypatch.setattr(reminders, "CHUNK", 3)
    parent_of(LEO)
    child = child_of(ZOE, LEO)
    return [bill_of(child, days=3, issued_days_ago=20, amount=n + 1) for n in range(10)]


def test_two_workers_remind_everybody_once(bills):
    outcomes = at_once(*[reminders.send_due] * 4)

    assert sum(outcomes) == 20
    assert BillNotice.objects.count() == Message.objects.filter(kind="bill-due-soon").count() == 20


def test_who_pays_meanwhile_is_not_reminded_after_it(bills):
    cashier = cashier_of(bills[0].school)

    def pay(bill):
        return take_cash(bill=bill, amount=bill.amount, receipt=f"R{bill.pk}", by=cashier)

    outcomes = at_once(*[reminders.send_due] * 2, *[lambda bill=bill: pay(bill) for bill in reversed(bills)])

    assert not [one for one in outcomes if isinstance(one, Exception)]
    waiting = Message.objects.filter(kind="bill-due-soon", state="queued")
    assert not waiting.exists()


def test_two_workers_post_each_event_once(bills, zoe):
    receiver = Receiver()
    client = client_of("記帳", host="budget.example.tw", trust="bills")
    connect(zoe, client)
    webhook_of(client, receiver.url)
    tell(*bills)

    outcomes = at_once(*[webhooks.deliver_due] * 4)
    receiver.stop()

    assert sum(outcomes) == len(receiver.heard) == 10
    assert len({body for _path, _headers, body in receiver.heard}) == 10


def test_told_at_once_is_one_event(bills, zoe):
    client = client_of("記帳", host="budget.example.tw", trust="bills")
    connect(zoe, client)
    webhook_of(client, "http://127.0.0.1:1/")

    outcomes = at_once(*[lambda: tell(*bills)] * 4)

    assert kinds_of(outcomes) == ["NoneType"] * 4
    assert WebhookDelivery.objects.count() == 10
