"""Events for other systems: whom they are told to, signed, posted by the worker, and tried again."""

import json
import re
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from billing.api import webhooks
from billing.api.models import Webhook, WebhookDelivery
from billing.bills.models import Bill
from billing.collection.counter import take_cash
from billing.signals import bills_issued, bills_voided
from binding.models import Binding
from oidc import pairwise
from oidc.models import Client, Connection
from tests.accounts.factories import city_admin, log_in
from tests.billing.api.receivers import Kind, Receiver, State, connect, tell, webhook_of
from tests.billing.families import LEO, ZOE, bill_of, child_of, parent_of
from tests.billing.money import cashier_of
from tests.oidc.factories import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver():
    one = Receiver()
    yield one
    one.stop()


@pytest.fixture
def zoe():
    return parent_of(ZOE)


@pytest.fixture
def child(zoe):
    return child_of(ZOE)


@pytest.fixture
def bill(child):
    return bill_of(child)


@pytest.fixture
def service(zoe):
    client = client_of("記帳", host="budget.example.tw", trust=Client.Trust.BILLS)
    connect(zoe, client)
    return client


@pytest.fixture
def webhook(service, receiver):
    return webhook_of(service, receiver.url)


def verify(secret, header, body, *, now=None):
    """The example of the docs, letter by letter."""
    code = re.search(r"```python\n(.*?)```", (settings.BASE_DIR / "docs/bills_api.md").read_text(), re.S)[1]
    names: dict = {}
    exec(code, names)  # noqa: S102
    return names["verify"](secret, header, body, now=now or time.time())


class TestPosting:
    def test_the_worker_posts_a_signed_event_once(self, webhook, receiver, bill, zoe, service, capsys):
        tell(bill)
        for _twice in range(2):
            call_command("send_mail", "--once")

        [(path, headers, body)] = receiver.heard
        assert path == "/bills?x=1"
        assert headers["Content-Type"] == "application/json"
        event = json.loads(body)
        delivery = WebhookDelivery.objects.get()
        assert event == {
            "id": str(delivery.event),
            "type": "bill.issued",
            "bill": bill.pk,
            "state": "open",
            "occurred_at": event["occurred_at"],
            "subs": [pairwise.subject(zoe, service)],
        }
        assert delivery.state == State.SENT
        assert re.fullmatch(r"t=\d+,v1=[0-9a-f]{64}", headers["X-Signature"])
        assert verify(webhook.told_secret, headers["X-Signature"], body)

    def test_the_example_refuses_what_was_changed_or_is_old(self, webhook, receiver, bill):
        tell(bill)
        webhooks.deliver_due()
        [(_path, headers, body)] = receiver.heard
        header, secret = headers["X-Signature"], webhook.told_secret

        assert not verify(secret, header, body + b" ")
        assert not verify("other", header, body)
        assert not verify(secret, header.replace("v1=", "v0="), body)
        assert not verify(secret, re.sub(r"t=\d+", "t=1", header), body)
        assert not verify(secret, header, body, now=time.time() + 301)
        for odd in ("", "t=,v1=", "t=x,v1=y", "v1=a", "t=1"):
            assert not verify(secret, odd, body)

    def test_what_is_not_heard_is_tried_again_signed_anew(self, webhook, receiver, bill):
        receiver.status = 500
        tell(bill)
        assert webhooks.deliver_due() == 0
        delivery = WebhookDelivery.objects.get()
        assert (delivery.state, delivery.attempts, delivery.last_error) == (State.QUEUED, 1, "HTTP 500")
        assert 50 < (delivery.next_attempt_at - timezone.now()).total_seconds() < 70

        receiver.status = 200
        assert webhooks.deliver_due() == 0  # not yet
        WebhookDelivery.objects.update(next_attempt_at=timezone.now())
        assert webhooks.deliver_due() == 1
        first, second = (json.loads(body) for _path, _headers, body in receiver.heard)
        assert first == second

    def test_it_is_given_up_after_72_hours(self, webhook, receiver, bill):
        tell(bill)
        delivery = WebhookDelivery.objects.get()
        assert delivery.retry_until - delivery.created_at == pytest.approx(
            timedelta(hours=72), abs=timedelta(seconds=5)
        )
        receiver.status = 500
        WebhookDelivery.objects.update(retry_until=timezone.now())

        webhooks.deliver_due()

        assert WebhookDelivery.objects.get().state == State.DEAD

    def test_an_address_that_fails_does_not_hold_up_the_others(self, webhook, receiver, zoe, child):
        other = client_of("校務", host="school.example.tw", trust=Client.Trust.BILLS)
        connect(zoe, other)
        webhook_of(other, "http://127.0.0.1:1/")
        tell(*(bill_of(child, amount=n + 1) for n in range(5)))

        assert webhooks.deliver_due() == 5

        silent = WebhookDelivery.objects.filter(webhook__client=other)
        assert sorted(silent.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]

    def test_a_redirect_is_not_followed(self, webhook, receiver, bill):
        receiver.status = 307
        tell(bill)

        webhooks.deliver_due()

        assert WebhookDelivery.objects.get().last_error == "HTTP 307"

    def test_a_private_address_is_refused(self, webhook, receiver, bill, settings):
        tell(bill)
        settings.ALLOW_LOCAL_CLIENTS = False

        webhooks.deliver_due()

        assert not receiver.heard
        assert WebhookDelivery.objects.get().last_error == "refused: not https"


class TestWho:
    def kinds(self):
        return sorted(WebhookDelivery.objects.values_list("kind", flat=True))

    def test_the_deeds_tell(self, webhook, bill, child):
        cancelled = bill_of(child)
        with transaction.atomic():
            bills_issued.send(Bill, bills=[bill, cancelled])
            bills_voided.send(Bill, bills=[cancelled])
        take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier_of(bill.school))

        assert self.kinds() == ["bill.issued", "bill.issued", "bill.settled", "bill.voided"]
        assert WebhookDelivery.objects.get(kind="bill.settled").body["state"] == "paid"

    def test_told_of_twice_is_one_event(self, webhook, bill):
        for _twice in range(2):
            tell(bill)

        assert len(self.kinds()) == 1

    def test_a_rollback_tells_nobody(self, webhook, bill):
        with transaction.atomic():
            webhooks.notify(Kind.ISSUED, [bill])
            transaction.set_rollback(True)

        assert self.kinds() == []

    @pytest.mark.django_db(transaction=True)
    def test_not_outside_a_transaction(self, bill):
        with pytest.raises(RuntimeError):
            webhooks.notify(Kind.ISSUED, [bill])

    def test_only_parents_who_agreed_to_it(self, webhook, service):
        leo = parent_of(LEO)
        both = bill_of(child_of(ZOE, LEO))
        leos = bill_of(child_of(LEO))
        connect(leo, service, scope="openid children")

        tell(both, leos)

        [delivery] = WebhookDelivery.objects.all()
        assert delivery.bill == both
        assert len(delivery.body["subs"]) == 1

    def test_both_parents_of_a_child_are_named_in_one_event(self, webhook, service, zoe):
        leo = parent_of(LEO)
        connect(leo, service)

        tell(bill_of(child_of(ZOE, LEO)))

        [delivery] = WebhookDelivery.objects.all()
        assert set(delivery.body["subs"]) == {pairwise.subject(one, service) for one in (zoe, leo)}

    @pytest.mark.parametrize(
        "change",
        [
            lambda: Client.objects.update(is_active=False),
            lambda: Client.objects.update(trust=Client.Trust.CHILDREN),
            lambda: Webhook.objects.update(is_active=False),
            lambda: Connection.objects.all().delete(),
            lambda: Connection.objects.update(scope="openid"),
            lambda: Binding.objects.update(last_day=timezone.localdate() - timedelta(days=1)),
        ],
    )
    def test_nobody_is_told_any_longer(self, webhook, bill, child, receiver, change):
        waiting = bill_of(child)
        tell(waiting)

        change()
        tell(bill)
        webhooks.deliver_due()

        assert list(WebhookDelivery.objects.values_list("bill", "state")) == [(waiting.pk, State.DEAD)]
        assert not receiver.heard

    def test_another_sector_knows_the_parent_by_another_name(self, webhook, zoe, bill):
        other = client_of("校務", host="school.example.tw", trust=Client.Trust.BILLS)
        connect(zoe, other)
        webhook_of(other, "http://127.0.0.1:1/")

        tell(bill)

        here, there = (one.body["subs"] for one in WebhookDelivery.objects.all())
        assert not set(here) & set(there)

    def test_three_thousand_bills_cost_as_many_queries_as_three(self, webhook, child, bill):
        def statements(bills):
            with CaptureQueriesContext(connection) as queries:
                tell(*bills)
            return len([one for one in queries if not one["sql"].startswith("INSERT")])

        def bills(count):
            # A student has one bill a batch, but for void ones.
            about = {"batch": bill.batch, "school": bill.school, "student": child, "due_on": bill.due_on}
            return Bill.objects.bulk_create(Bill(amount=1, state="void", **about) for _n in range(count))

        few = statements(bills(3))

        assert statements(bills(3000)) == few <= 6
        assert WebhookDelivery.objects.count() == 3003


class TestAddress:
    def test_https_and_a_client_trusted_with_bills(self, service, settings):
        settings.ALLOW_LOCAL_CLIENTS = False
        for url in ("http://budget.example.tw/", "http://127.0.0.1/", "https://a@b.example/"):
            with pytest.raises(ValidationError):
                webhook_of(service, url)
        other = client_of("繳費", host="pay.example.tw")
        with pytest.raises(ValidationError, match="信任程度"):
            webhook_of(other, "https://pay.example.tw/")

    def test_the_secret_is_told_once_and_kept_sealed(self, service):
        office = log_in(Browser(), city_admin())
        page = office.post(
            reverse("admin:billing_webhook_add"),
            {"client": service.pk, "url": "https://budget.example.tw/bills", "is_active": "on"},
        )

        webhook = Webhook.objects.get()
        secret = page.context["secret"]
        assert secret in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert webhook.secret == secret
        change = reverse("admin:billing_webhook_change", args=[webhook.pk])
        assert secret not in office.get(change).content.decode()
        assert secret not in str(Webhook.objects.values().get())
        assert secret not in str(list(Event.objects.values()))
        assert secret not in str(dict(office.session))

        renew = reverse("admin:billing_webhook_secret", args=[webhook.pk])
        assert office.get(renew).status_code == 405
        renewed = office.post(renew).context["secret"]
        webhook.refresh_from_db()
        assert webhook.secret == renewed != secret

    def test_the_list_of_what_is_on_its_way(self, webhook, bill):
        tell(bill)
        office = log_in(Browser(), city_admin())

        page = office.get(reverse("admin:billing_webhookdelivery_changelist"))

        assert page.status_code == 200
        assert "bill.issued" in page.content.decode() or "發出" in page.content.decode()
