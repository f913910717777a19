"""A parent's pages of paying."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.reauthentication import AUTHENTICATED_AT
from billing.bills.models import Bill
from billing.bills.voiding import void_bill
from billing.collection.counter import take_cash
from billing.payments.gateway_notices import take_notice
from billing.payments.gateways import Outcome
from billing.payments.models import Payment
from core.formats import moment_in_words
from notifications.models import Message
from tests.accounts.factories import PASSWORD, log_in, registrar_of, sso_parent
from tests.billing.money import begun, issued_bill, notice_of, pay
from tests.registry.factories import StudentFactory, make_identity
from tests.support.words import words_of

pytestmark = pytest.mark.django_db


def test_choosing_a_way_begins_a_payment(client_of_parent, bill, parent):
    page = client_of_parent.get(reverse("billing:pay"), {"bill": bill.pk})
    assert "信用卡" in page.content.decode()

    answer = pay(client_of_parent, bill)

    payment = Payment.objects.get()
    assert answer.url == reverse("billing:payment-go", args=[payment.reference])
    assert (payment.amount, payment.started_by) == (bill.amount, parent)
    assert reverse("billing:sandbox-checkout", args=["x"])[:-2] in client_of_parent.get(answer.url).url


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
    waiting = client_of_parent.get(address)
    assert 'data-watch="4"' in waiting.content.decode()
    assert "Refresh" not in waiting

    take_notice(notice_of(payment))

    done = client_of_parent.get(address).content.decode()
    assert "付款完成" in done
    assert "data-watch" not in done
    assert reverse("billing:bill-receipt", args=[bill.pk]) in done


def test_a_notice_between_two_reads_contradicts_nothing(client_of_parent, bill, parent):
    payment = begun([bill], parent)
    told = []

    def tell_after(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if "billing_paymentpart" in sql and not told:
            told.append(sql)
            take_notice(notice_of(payment))
        return result

    with connection.execute_wrapper(tell_after):
        page = client_of_parent.get(reverse("billing:payment", args=[payment.reference])).content.decode()

    assert told
    assert Bill.objects.get().state == Bill.State.PAID
    assert "還在確認" in page
    assert "已繳清" not in page
    assert "回到付款頁面" in page


class TestWhatBecameOfIt:
    @pytest.fixture
    def page_of(self, client_of_parent):
        return lambda payment: client_of_parent.get(
            reverse("billing:payment", args=[payment.reference])
        ).content.decode()

    def test_a_refused_card_is_said_and_can_be_tried_again(self, page_of, bill, parent):
        payment = begun([bill], parent)
        take_notice(notice_of(payment, Outcome.FAILED))

        page = page_of(payment)

        assert "這次沒有扣款，可以重新付款" in page
        assert f"{reverse('billing:pay')}?bill={bill.pk}" in page

    def test_a_refused_card_of_a_bill_that_was_paid_otherwise_leads_nowhere(self, page_of, bill, parent, cashier):
        payment = begun([bill], parent)
        take_notice(notice_of(payment, Outcome.FAILED))
        take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)

        page = page_of(payment)

        assert "這次沒有扣款" in page
        assert "可以重新付款" not in page
        assert reverse("billing:pay") + "?" not in page

    def test_what_was_given_up_is_not_said_to_be_free_of_charge(self, page_of, client_of_parent, bill, parent):
        payment = begun([bill], parent)
        client_of_parent.post(reverse("billing:payment-give-up", args=[payment.reference]))

        page = page_of(payment)

        assert "已經取消" in page
        assert "沒有扣款" not in page

    def test_a_gateway_that_is_silent_for_long_is_still_asked(self, page_of, bill, parent):
        payment = begun([bill], parent)
        Payment.objects.update(started_at=timezone.now() - timedelta(hours=1))

        page = page_of(payment)

        assert "還在確認" in page
        assert "data-watch" not in page


class TestACode:
    """繳費代碼: on the page where it arises, in a mail of its own, and given up again."""

    @pytest.fixture
    def until(self):
        return timezone.localtime() + timedelta(days=3)

    @pytest.fixture
    def atm(self, bill, parent, until):
        payment = begun([bill], parent, method="atm")
        code = {"code": "9103522175887271", "bank_code": "812", "code_until": until}
        take_notice(notice_of(payment, Outcome.CODE_ISSUED, **code))
        return payment

    def test_says_what_to_type_and_until_when(self, client_of_parent, atm, until):
        page = client_of_parent.get(reverse("billing:payment", args=[atm.reference])).content.decode()

        assert "<span>9103</span><wbr><span>5221</span><wbr><span>7588</span><wbr><span>7271</span>" in page
        assert 'data-copies="9103522175887271"' in page
        assert "812" in page
        assert "台新銀行" in page
        assert f"請在 {moment_in_words(until)} 前繳費" in page
        assert "擇一方式繳費，切勿同時繳納" in page

    def test_a_store_barcode_is_drawn(self, client_of_parent, bill, parent):
        payment = begun([bill], parent, gateway="sandbox", method="atm")
        Payment.objects.update(method="store_barcode")
        take_notice(notice_of(payment, Outcome.CODE_ISSUED, code="150930627 AIIN000000020892 093098000009330"))

        page = client_of_parent.get(reverse("billing:payment", args=[payment.reference])).content.decode()

        assert page.count('<li class="barcode">') == 3

    def test_its_last_day_is_the_bills_where_that_is_earlier(self, bill, parent, atm):
        Payment.objects.update(code_until=timezone.now() + timedelta(days=60))

        assert timezone.localdate(Payment.objects.get().pay_until) == bill.due_on

    def test_a_mail_has_it_once_in_the_readers_language(self, bill, parent, until):
        parent.language = "en"
        parent.save(update_fields=["language"])
        payment = begun([bill], parent, method="store_code")
        for _told in range(2):
            take_notice(notice_of(payment, Outcome.CODE_ISSUED, code="GW123456", code_until=until))

        mail = Message.objects.get(kind="payment-code")

        assert mail.to == parent.email
        assert "GW123456" in mail.text
        assert f"NT${bill.amount:,}" in mail.subject
        assert not set("繳費代碼期限") & set(mail.text.replace(bill.title, "").replace(bill.school.name, ""))

    def test_can_be_mailed_again_so_many_times(self, client_of_parent, atm):
        address = reverse("billing:payment-mail", args=[atm.reference])

        answers = [client_of_parent.post(address, follow=True).content.decode() for _press in range(6)]

        assert "已寄到 zoe@example.com" in answers[0]
        assert "短時間內寄了太多次" in answers[-1]
        assert Message.objects.filter(kind="payment-code").count() == 1 + 5

    def test_given_up_it_is_shown_no_longer_and_its_money_still_counts(self, client_of_parent, atm, bill):
        page = client_of_parent.post(reverse("billing:payment-give-up", args=[atm.reference]), follow=True)

        assert "9103" not in words_of(page)
        assert "重新付款" in page.content.decode()
        client_of_parent.post(reverse("billing:payment-mail", args=[atm.reference]))
        assert Message.objects.filter(kind="payment-code").count() == 1
        take_notice(notice_of(atm))
        assert Bill.objects.get().state == Bill.State.PAID

    def test_is_nobody_elses(self, client_of_parent, atm, school):
        other = sso_parent(by=registrar_of(school), email="eve@example.com", number=make_identity(905))
        eve = log_in(Client(), other)

        assert eve.post(reverse("billing:payment-mail", args=[atm.reference])).status_code == 404


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
        assert not [name for name in (bill.student.masked_name, bill.student.name) if name in page]

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
