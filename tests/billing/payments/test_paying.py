"""A parent's pages of paying."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.reauthentication import AUTHENTICATED_AT
from billing.bills.models import Bill
from billing.bills.voiding import void_bill
from billing.collection.counter import take_cash
from billing.payments.gateway_notices import take_notice
from billing.payments.gateways import Outcome
from billing.payments.models import Payment
from tests.accounts.factories import PASSWORD, registrar_of, sso_parent
from tests.billing.money import begun, issued_bill, notice_of, pay
from tests.registry.factories import StudentFactory, make_identity

pytestmark = pytest.mark.django_db


def test_choosing_a_way_begins_a_payment(client_of_parent, bill, parent):
    page = client_of_parent.get(reverse("billing:pay"), {"bill": bill.pk})
    assert "信用卡" in page.content.decode()

    answer = pay(client_of_parent, bill)

    payment = Payment.objects.get()
    assert answer.url == reverse("billing:payment-go", args=[payment.reference])
    assert (payment.amount, payment.started_by) == (bill.amount, parent)
    assert "繼續付款" in client_of_parent.get(answer.url).content.decode()


def test_a_double_click_and_the_back_button_are_one_payment(client_of_parent, bill):
    answers = {pay(client_of_parent, bill).url for _click in range(3)}

    assert len(answers) == Payment.objects.count() == 1


def test_a_code_that_lives_warns_and_asks(client_of_parent, bill, parent):
    first = begun([bill], parent, method="store_code")
    take_notice(notice_of(first, Outcome.CODE_ISSUED, code="GW1"))

    answer = pay(client_of_parent, bill)
    assert "可能已經付過了" in answer.content.decode()
    assert Payment.objects.count() == 1

    pay(client_of_parent, bill, despite=f"{first.pk} ")
    assert Payment.objects.count() == 2


def test_a_paid_bill_is_not_paid_again(client_of_parent, bill, cashier):
    take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)

    answer = pay(client_of_parent, bill)

    assert answer.url == reverse("billing:home")
    assert not Payment.objects.exists()
    assert "已繳清" in client_of_parent.get(answer.url).content.decode()


def test_no_way_chosen_is_said_beside_the_field(client_of_parent, bill):
    assert "請選擇付款方式" in pay(client_of_parent, bill, way="").content.decode()
    assert pay(client_of_parent, bill, way="ecpay:card").status_code == 200
    assert not Payment.objects.exists()


@pytest.mark.parametrize("typed", ["", "x", "９", "-1", "9" * 40, "0"])
def test_odd_bills_are_no_bills(client_of_parent, typed):
    assert client_of_parent.get(reverse("billing:pay"), {"bill": typed}).status_code == 302


def test_other_families_bills_and_payments_do_not_exist(client_of_parent, parent, school):
    foreign = issued_bill(StudentFactory(school=school))
    assert pay(client_of_parent, foreign).url == reverse("billing:home")

    other = sso_parent(by=registrar_of(school), email="eve@example.com", number=make_identity(905))
    theirs = begun([foreign], other)
    for name in ("payment", "payment-go"):
        assert client_of_parent.get(reverse(f"billing:{name}", args=[theirs.reference])).status_code == 404
    give_up = reverse("billing:payment-give-up", args=[theirs.reference])
    assert client_of_parent.post(give_up).status_code == 404


def test_an_old_password_is_asked_for_again(client_of_parent, bill):
    session = client_of_parent.session
    session[AUTHENTICATED_AT] = time.time() - 31 * 60
    session.save()

    asked = pay(client_of_parent, bill)
    assert asked.url.startswith(reverse("billing:password"))
    assert not Payment.objects.exists()

    wrong = client_of_parent.post(asked.url, {"password": "wrong"})
    assert "不正確" in wrong.content.decode()
    right = client_of_parent.post(asked.url, {"password": PASSWORD})
    assert right.url == f"{reverse('billing:pay')}?bill={bill.pk}"
    assert pay(client_of_parent, bill).url.startswith(reverse("billing:payments"))


def test_the_password_page_leads_nowhere_else(client_of_parent):
    address = reverse("billing:password") + "?next=https://evil.example/"

    assert client_of_parent.post(address, {"password": PASSWORD}).url == reverse("billing:home")


def test_the_result_page_asks_again_while_it_waits(client_of_parent, bill, parent):
    payment = begun([bill], parent)
    address = reverse("billing:payment", args=[payment.reference])
    assert client_of_parent.get(address)["Refresh"]

    take_notice(notice_of(payment))

    done = client_of_parent.get(address)
    assert "付款完成" in done.content.decode()
    assert "Refresh" not in done


def test_giving_up_frees_the_bill_and_money_still_counts(client_of_parent, bill, parent):
    payment = begun([bill], parent)
    client_of_parent.post(reverse("billing:payment-give-up", args=[payment.reference]))

    assert pay(client_of_parent, bill).status_code == 302
    take_notice(notice_of(payment))
    assert Bill.objects.get().state == Bill.State.PAID


def test_ecpays_page_is_the_only_place_its_form_may_go(client_of_parent, bill, parent, settings):
    settings.ECPAY_MERCHANT_ID, settings.ECPAY_HASH_KEY, settings.ECPAY_HASH_IV = "7", "k", "i"
    payment = begun([bill], parent, gateway="ecpay")

    page = client_of_parent.get(reverse("billing:payment-go", args=[payment.reference]))

    policy = page["Content-Security-Policy"]
    assert "form-action 'self' https://payment-stage.ecpay.com.tw" in policy
    assert "csrfmiddlewaretoken" not in page.content.decode().partition("AioCheckOut")[2].partition("</form>")[0]


def test_payments_are_not_begun_without_end(client_of_parent, bill, settings):
    settings.PAYMENTS_BEGUN_LIMIT = 3
    for n in range(3):
        earlier = " ".join(str(one.pk) for one in Payment.objects.all())
        assert pay(client_of_parent, bill, key=f"k{n}", despite=earlier).status_code == 302

    page = pay(client_of_parent, bill, key="k9", despite="1 2 3")

    assert "請 15 分鐘後再試" in page.content.decode()
    assert Payment.objects.count() == 3


class TestAPaymentThatIsNotOwedAnyMore:
    @pytest.fixture
    def begun_at(self, client_of_parent, bill):
        return pay(client_of_parent, bill).url

    def leads_nowhere(self, client, address):
        page = client.get(address, follow=True)
        words = page.content.decode()
        assert page.redirect_chain
        assert "請不要再付這一筆" in words
        assert "繼續付款" not in words
        assert address not in words

    def test_void(self, client_of_parent, begun_at, bill, cashier):
        void_bill(bill=bill, reason="重複", by=cashier)
        self.leads_nowhere(client_of_parent, begun_at)

    def test_paid_at_the_counter(self, client_of_parent, begun_at, bill, cashier):
        take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)
        self.leads_nowhere(client_of_parent, begun_at)

    def test_overdue(self, client_of_parent, begun_at, bill):
        Bill.objects.filter(pk=bill.pk).update(due_on=timezone.localdate() - timedelta(days=1))
        self.leads_nowhere(client_of_parent, begun_at)

    def test_a_child_not_bound_any_more(self, client_of_parent, begun_at, parent, bill):
        other = sso_parent(
            by=registrar_of(Payment.objects.get().school), email="eve@example.com", number=make_identity(905)
        )
        parent.sso_account.bindings.update(account=other.sso_account)
        self.leads_nowhere(client_of_parent, begun_at)
        page = client_of_parent.get(begun_at, follow=True).content.decode()
        assert bill.title in page
        assert bill.student.masked_name not in page

    def test_its_store_code_is_shown_no_longer(self, client_of_parent, bill, parent, cashier):
        payment = begun([bill], parent, method="store_code")
        take_notice(notice_of(payment, Outcome.CODE_ISSUED, code="GW1234567"))
        page = reverse("billing:payment", args=[payment.reference])
        assert "GW1234567" in client_of_parent.get(page).content.decode()

        take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)

        assert "GW1234567" not in client_of_parent.get(page).content.decode()


def test_the_other_parents_reference_is_not_told(client_of_parent, bill):
    other = begun([bill], sso_parent(by=registrar_of(bill.school), email="eve@example.com", number=make_identity(905)))

    page = pay(client_of_parent, bill).content.decode()

    assert "可能已經付過了" in page
    assert other.reference not in page


def test_constant_queries(client_of_parent, bill, parent, django_assert_max_num_queries):
    for n in range(12):
        take_notice(notice_of(begun([issued_bill(bill.student, amount=n + 1)], parent), amount=99))
    for address in ("home", "payments"):
        with django_assert_max_num_queries(12):
            assert client_of_parent.get(reverse(f"billing:{address}")).status_code == 200
