"""Bills for other systems: what a parent agreed to, of the children bound today, and how others are refused."""

import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import SSOAccount
from billing.bills.models import Bill
from billing.collection.counter import take_cash
from billing.payments.gateway_notices import take_notice
from binding.actions.ending import end_binding
from binding.models import Binding
from oidc import pairwise, sign_ons
from oidc.models import Client
from tests.accounts.factories import log_in, registrar_of
from tests.billing.families import LEO, ZOE, bill_of, child_of, parent_of
from tests.billing.money import agent_of, begun, cashier_of, notice_of, void
from tests.oidc.conftest import _made_once, _signing_keys
from tests.oidc.factories import client_of
from tests.oidc.relying_party import RelyingParty

pytestmark = pytest.mark.django_db
__all__ = ["_made_once", "_signing_keys"]

SCOPE = "openid children bills:read"
DOCS = settings.BASE_DIR / "docs" / "bills_api.md"


@pytest.fixture
def zoe():
    return parent_of(ZOE)


@pytest.fixture
def child(zoe):
    return child_of(ZOE)


@pytest.fixture
def service(db):
    return client_of("記帳", host="budget.example.tw", trust=Client.Trust.BILLS)


@pytest.fixture
def party(service, zoe):
    return RelyingParty(service, log_in(Browser(), zoe))


@pytest.fixture
def token(party):
    return party.sign_in(scope=SCOPE)["access_token"]


def get(token, *args, **query):
    name = "billing:api-bill" if args else "billing:api-bills"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Browser().get(reverse(name, args=args), query, headers=headers)


def ids(response):
    assert response.status_code == 200, response.content
    return [one["id"] for one in response.json()["bills"]]


def refused(response, status, error=None):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    problem = response.json()
    assert problem["status"] == status
    assert problem.get("error") == error
    return response


class TestFacts:
    def test_a_bill_as_it_is_told(self, token, service, child):
        agent = agent_of(child.school)
        bill = bill_of(child, amount=3000, items=[("學費", 5000), ("減免", -2000)], agent=agent)

        response = get(token, bill.pk)

        told = response.json()
        assert told == get(token).json()["bills"][0]
        updated = told.pop("updated")
        assert updated.endswith("+08:00")
        store_codes = told.pop("store_codes")
        assert [len(one) for one in store_codes] == [9, 16, 15]
        assert told == {
            "id": bill.pk,
            "student_id": pairwise.student(child, service),
            "school_code": child.school.code,
            "title": bill.title,
            "school_year": child.school.school_year,
            "semester": 1,
            "items": [{"name": "學費", "amount": 5000}, {"name": "減免", "amount": -2000}],
            "amount": 3000,
            "currency": "TWD",
            "due_on": bill.due_on.isoformat(),
            "state": "open",
            "is_payable": True,
            "paid_on": None,
            "replaced_by": None,
            "instalment": None,
            "virtual_account": {"bank_code": "004", "account": bill.virtual_account},
        }
        assert response["Cache-Control"] == "no-store"

    def test_the_child_is_the_one_of_the_children_claim(self, token, party, child):
        bill_of(child)

        [known] = party.userinfo(token).json()["children"]

        assert get(token).json()["bills"][0]["student_id"] == known["student_id"]

    def test_names_nobody_and_no_payer(self, party, zoe):
        parent_of(LEO)
        child = child_of(ZOE, LEO)
        bill = bill_of(child)
        leo = SSOAccount.objects.get(user__email=LEO["email"]).user
        payment = begun([bill], leo)
        take_notice(notice_of(payment))
        token = party.sign_in(scope=SCOPE)["access_token"]

        text = get(token).content.decode()

        assert get(token).json()["bills"][0]["paid_on"] == timezone.localdate().isoformat()
        facts = (child.name, child.student_number, child.identity_number, payment.reference, leo.email)
        assert not [one for one in facts if one in text]

    @pytest.mark.parametrize("state", ["paid", "void", "overdue"])
    def test_what_cannot_be_paid_has_no_codes(self, token, child, state):
        bill = bill_of(child, days=-1 if state == "overdue" else 5, agent=agent_of(child.school))
        if state == "paid":
            take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier_of(bill.school))
        elif state == "void":
            void(bill)

        told = get(token, bill.pk).json()

        assert (told["state"], told["is_payable"]) == ("open" if state == "overdue" else state, False)
        assert "store_codes" not in told
        assert "virtual_account" not in told
        assert bill.virtual_account not in str(told)
        assert bill.write_off_number not in str(told)

    def test_updated_moves_when_it_is_paid(self, token, child):
        bill = bill_of(child, issued_days_ago=9)
        before = get(token, bill.pk).json()["updated"]

        take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier_of(bill.school))

        assert get(token, bill.pk).json()["updated"] > before


class TestWhose:
    def test_only_of_children_bound_today(self, token, child, zoe):
        parent_of(LEO)
        foreign, mine = bill_of(child_of(LEO)), bill_of(child)
        draft = bill_of(child)
        Bill.objects.filter(pk=draft.pk).update(state="draft", issued_at=None)
        kept = bill_of(child_of(ZOE))
        assert ids(get(token)) == [kept.pk, mine.pk]

        Binding.objects.filter(student=child).update(last_day=date(2020, 1, 1))

        assert ids(get(token)) == [kept.pk]
        for one in (foreign, mine, draft):
            refused(get(token, one.pk), 404)

    def test_an_ended_binding_ends_the_token(self, token, child, zoe):
        bill_of(child)
        child_of(ZOE)
        binding = Binding.objects.get(student=child)
        end_binding(binding=binding, reason=Binding.EndReason.REGISTRAR, by=registrar_of(child.school))

        refused(get(token), 401, "invalid_token")


class TestRefusals:
    def test_without_a_token_no_error_is_named(self):
        response = refused(get(None), 401)

        assert response["WWW-Authenticate"] == f'Bearer realm="{settings.SITE_URL}"'

    @pytest.mark.parametrize("token", ["x", "", "學", "a" * 5000, "a b", "\x00"])
    def test_an_unknown_token(self, token):
        response = Browser().get(reverse("billing:api-bills"), headers={"Authorization": f"Bearer {token}"})

        assert refused(response, 401, "invalid_token")["WWW-Authenticate"].startswith("Bearer realm=")

    def test_a_session_is_no_token(self, zoe):
        refused(log_in(Browser(), zoe).get(reverse("billing:api-bills")), 401)

    def test_a_token_in_the_address_is_not_looked_at(self, token):
        response = Browser().get(reverse("billing:api-bills"), {"access_token": token})

        refused(response, 400, "invalid_request")

    def test_another_scope(self, party):
        token = party.sign_in(scope="openid children")["access_token"]

        response = refused(get(token), 403, "insufficient_scope")

        assert 'scope="bills:read"' in response["WWW-Authenticate"]

    def test_a_client_that_is_trusted_no_longer(self, token, service):
        Client.objects.filter(pk=service.pk).update(trust=Client.Trust.CHILDREN)
        refused(get(token), 403, "insufficient_scope")

        Client.objects.filter(pk=service.pk).update(trust=Client.Trust.BILLS, is_active=False)
        refused(get(token), 401, "invalid_token")

    def test_a_client_that_was_never_trusted_cannot_ask(self, zoe):
        other = RelyingParty(client_of("繳費", host="pay.example.tw"), log_in(Browser(), zoe))

        assert other.answer(other.ask(scope=SCOPE))["error"] == "invalid_scope"

    def test_a_sign_on_that_ended_and_an_account_that_closed(self, token, party, zoe):
        sign_ons.end_all_of([zoe])
        refused(get(token), 401, "invalid_token")

        again = RelyingParty(party.client, log_in(Browser(), zoe)).sign_in(scope=SCOPE)["access_token"]
        assert get(again).status_code == 200
        SSOAccount.objects.filter(user=zoe).update(state="closed")
        refused(get(again), 401, "invalid_token")

    def test_a_connection_taken_back(self, token, zoe):
        sign_ons.disconnect(zoe.connections.get(), by=zoe)

        refused(get(token), 401, "invalid_token")

    @pytest.mark.parametrize(
        "query",
        [{"state": "void"}, {"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"cursor": "-1"}, {"cursor": "９"}],
    )
    def test_odd_parameters_are_named(self, token, query):
        response = refused(get(token, **query), 400, "invalid_request")

        assert next(iter(query)) in response.json()["detail"]

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    def test_nothing_is_written_here(self, token, method):
        call = getattr(Browser(enforce_csrf_checks=True), method)
        response = call(reverse("billing:api-bills"), headers={"Authorization": f"Bearer {token}"})

        assert refused(response, 405)["Allow"] == "GET, HEAD"

    def test_too_often(self, token, child, settings):
        settings.BILLS_API_LIMIT = 2
        bill = bill_of(child)

        answers = [get(token), get(token, bill.pk), get(token)]

        assert [one.status_code for one in answers] == [200, 200, 429]
        assert 0 < int(refused(answers[-1], 429)["Retry-After"]) <= 15 * 60


class TestPages:
    def test_leafing_meets_every_bill_once(self, token, child):
        bills = [bill_of(child, amount=n + 1) for n in range(5)]
        met, address = [], f"{reverse('billing:api-bills')}?limit=2"

        while address:
            response = Browser().get(
                address.removeprefix(settings.SITE_URL), headers={"Authorization": f"Bearer {token}"}
            )
            met += ids(response)
            address = response.json()["next"]

        assert met == [one.pk for one in reversed(bills)]

    def test_filters_by_state(self, token, child):
        opened, paid = bill_of(child), bill_of(child)
        take_cash(bill=paid, amount=paid.amount, receipt="1", by=cashier_of(paid.school))

        assert ids(get(token, state="open")) == [opened.pk]
        assert ids(get(token, state="paid")) == [paid.pk]
        assert ids(get(token)) == [paid.pk, opened.pk]

    def test_queries_do_not_grow(self, token, child):
        def count():
            with CaptureQueriesContext(connection) as queries:
                assert get(token).status_code == 200
            return len(queries)

        bill_of(child, items=[("學費", 3900)])
        few = count()
        for n in range(20):
            bill = bill_of(child, amount=n + 1, items=[("學費", n + 1)])
            take_cash(bill=bill, amount=n + 1, receipt=str(n), by=cashier_of(bill.school))

        assert count() == few <= 14


class TestConsent:
    def test_the_page_says_it_in_plain_words(self, party):
        page = party.ask(scope=SCOPE).content.decode()

        assert "繳費單" in page
        assert "看不到是誰付的" in page

    def test_an_earlier_consent_does_not_cover_it(self, party):
        party.sign_in(scope="openid children")

        assert party.ask(scope="openid children").status_code == 303
        assert party.ask(scope=SCOPE).status_code == 200

    def test_discovery_lists_it(self):
        facts = Browser().get("/.well-known/openid-configuration").json()

        assert "bills:read" in facts["scopes_supported"]


class TestDocs:
    def examples(self):
        return [json.loads(one) for one in re.findall(r"```json\n(.*?)```", DOCS.read_text(), re.S)]

    def test_the_examples_have_the_fields_that_are_told(self, token, child):
        bill_of(child, items=[("學費", 3900)], agent=agent_of(child.school))
        page, single, problem, *_events = self.examples()

        told = get(token).json()

        assert page.keys() == told.keys()
        assert page["bills"][0].keys() == told["bills"][0].keys() == single.keys()
        assert problem.keys() == get("x").json().keys()
        for name, value in told["bills"][0].items():
            if value is not None and page["bills"][0][name] is not None:
                assert type(value) is type(page["bills"][0][name]), name
