"""What gateways post, and the pages of the sandbox of one."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.payments.gateways.sandbox import signed
from billing.payments.models import Settlement
from billing.payments.sandbox.models import SandboxCallback, SandboxTrade
from notifications.models import Message
from tests.billing.money import begun, pay

pytestmark = pytest.mark.django_db


def facts(payment, **changes):
    return signed(
        {
            "merchant": "SANDBOX",
            "reference": payment.reference,
            "state": "paid",
            "amount": str(payment.amount),
            "at": timezone.now().isoformat(),
            **changes,
        }
    )


def call_back(fields, gateway="sandbox", **options):
    client = Client(enforce_csrf_checks=True)
    body = "&".join(f"{name}={value}" for name, value in fields.items()).replace("+", "%2B")
    options = {"content_type": "application/x-www-form-urlencoded", **options}
    return client.post(reverse("billing:callback", args=[gateway]), body, **options)


def test_a_callback_without_our_token_is_heard_and_answered(bill, parent):
    payment = begun([bill], parent)

    answers = [call_back(facts(payment)) for _repeat in range(3)]

    assert {(one.status_code, one.content) for one in answers} == {(200, b"1|OK")}
    assert Settlement.objects.count() == 1
    assert Message.objects.filter(kind="bill-paid").count() == 1


def test_a_callback_that_is_not_the_gateways_is_refused(bill, parent):
    payment = begun([bill], parent)
    true = facts(payment)

    refused = [
        call_back({**true, "amount": "1"}),
        call_back({**true, "signature": "0" * 64}),
        call_back({}),
        call_back({**facts(payment, merchant="OTHER")}),
        call_back(true, content_type="application/json"),
    ]

    assert {one.status_code for one in refused} == {400}
    assert not Settlement.objects.exists()


def test_a_callback_is_bounded_and_posted_only(bill, parent):
    payment = begun([bill], parent)

    assert call_back({**facts(payment), "x": "y" * 20_000}).status_code == 413
    assert call_back(facts(payment), gateway="nobody").status_code == 404
    assert call_back(facts(payment), gateway="ecpay").status_code == 404
    assert Client().get(reverse("billing:callback", args=["sandbox"])).status_code == 405


def test_only_the_callback_takes_a_form_without_our_token(client_of_parent, bill, parent):
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of_parent.cookies

    assert pay(client, bill).status_code == 403


# The sandbox's own pages


def test_the_sandbox_is_not_there_where_it_is_not_allowed(settings, client_of_parent, bill, parent):
    payment = begun([bill], parent)
    go = client_of_parent.get(reverse("billing:payment-go", args=[payment.reference]))
    address = go.url.removeprefix(settings.SITE_URL)
    assert Client().get(address).status_code == 200

    settings.PAYMENT_SANDBOX = False

    assert Client().get(address).status_code == 404
    assert call_back(facts(payment)).status_code == 404


@pytest.mark.parametrize(
    ("telling", "count"), [("once", 1), ("repeated", 3), ("late", 1), ("never", 0), ("wrong_amount", 1), ("forged", 2)]
)
def test_the_sandbox_tells_as_chosen(client_of_parent, bill, parent, settings, telling, count):
    payment = begun([bill], parent)
    go = client_of_parent.get(reverse("billing:payment-go", args=[payment.reference]))
    address = go.url.removeprefix(settings.SITE_URL)

    for _double_click in range(2):
        Client().post(address, {"result": "yes", "telling": telling})

    assert SandboxCallback.objects.count() == count
    assert SandboxTrade.objects.get().state == "paid"
