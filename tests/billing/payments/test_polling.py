"""Gateways that are asked what became of a payment: left alone when they say so, and attempts that came to nothing let go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from billing.payments import gateway_polling, gateways
from billing.payments.gateways import Outcome
from billing.payments.models import GatewayPause, Payment, Settlement
from tests.billing.money import begun, issued_bill, notice_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(monkeypatch):
    """The sandbox, answering what `answer` holds (an outcome, or what it raises); `asked` tells of whom."""

    class Answers:
        answer: object = Outcome.UNDECIDED

    answers, asked = Answers(), []
    answers.asked = asked

    def query(payment):
        asked.append(payment.pk)
        if isinstance(answers.answer, Exception):
            raise answers.answer
        return notice_of(payment, answers.answer)

    monkeypatch.setattr(gateways.find("sandbox"), "query", query)
    return answers


def long_ago(payment, **ago):
    Payment.objects.filter(pk=payment.pk).update(started_at=timezone.now() - timedelta(**ago))


def test_who_was_asked_too_often_is_asked_nothing_for_half_an_hour(gateway, bill, parent):
    first, second = begun([bill], parent), begun([issued_bill(bill.student)], parent)
    for one in (first, second):
        long_ago(one, minutes=5)
    gateway.answer = gateways.AskedTooOften(timedelta(minutes=30))

    gateway_polling.ask_about_missed()
    gateway_polling.ask_about_missed()

    assert gateway.asked == [first.pk], "the second one is not asked about either"
    until = GatewayPause.objects.get().until
    assert timedelta(minutes=29) < until - timezone.now() <= timedelta(minutes=30)
    GatewayPause.objects.update(until=timezone.now())
    gateway.answer = Outcome.PAID
    assert gateway_polling.ask_about_missed() == 1
    assert Settlement.objects.get().payment == second


def test_a_second_refusal_begins_the_pause_anew(gateway, bill, parent):
    gateway_polling.pause("sandbox", timedelta(minutes=-1))
    gateway_polling.pause("sandbox", timedelta(minutes=30))

    assert gateway_polling.is_paused("sandbox")
    assert not gateway_polling.is_paused("ecpay")
    assert GatewayPause.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "ago", "until", "is_let_go"),
    [
        ("started", {"hours": 2}, None, False),
        ("started", {"hours": 25}, None, True),
        ("code_issued", {"days": 9}, {"days": 1}, False),
        ("code_issued", {"days": 9}, {"days": -3}, False),
        ("code_issued", {"days": 9}, {"days": -5}, True),
    ],
)
def test_an_attempt_that_brought_nothing_in_its_time_is_let_go(gateway, bill, parent, state, ago, until, is_let_go):
    payment = begun([bill], parent, method="atm")
    long_ago(payment, **ago)
    code_until = timezone.now() + timedelta(**until) if until else None
    Payment.objects.update(state=state, code_until=code_until)

    gateway_polling.ask_about_missed()

    payment.refresh_from_db()
    assert (not payment.is_live) == is_let_go
    assert payment.parts.get().is_live != is_let_go
    assert Event.objects.filter(event="payment.let_go").exists() == is_let_go
    assert not payment.was_refused


def test_money_for_what_was_let_go_still_counts(gateway, bill, parent):
    payment = begun([bill], parent)
    long_ago(payment, days=2)
    gateway_polling.ask_about_missed()
    Payment.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    gateway.answer = Outcome.PAID

    assert gateway_polling.ask_about_missed() == 1

    bill.refresh_from_db()
    assert bill.state == "paid"
    assert Settlement.objects.get().state == "applied"


def test_what_a_gateway_says_of_a_live_code_lets_nothing_go(gateway, bill, parent):
    payment = begun([bill], parent, method="atm")
    long_ago(payment, days=2)
    gateway.answer = Outcome.CODE_ISSUED

    gateway_polling.ask_about_missed()

    payment.refresh_from_db()
    assert payment.state == "code_issued"
