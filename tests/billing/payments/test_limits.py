"""A way of paying is offered within the gateway's limits, with a word why not, and refused when it is sent anyway."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from billing.payments import gateways
from billing.payments.models import Payment
from billing.payments.paying import OtherPayment, OutOfLimits
from config.figures import payment_fees, payment_limits
from tests.billing.money import agent_of, begun, issued_bill, pay
from tests.billing.paper.printed import coded_bill

pytestmark = pytest.mark.django_db
ECPAY = {"ECPAY_MERCHANT_ID": "1", "ECPAY_HASH_KEY": "k", "ECPAY_HASH_IV": "i"}


@pytest.fixture
def _ecpay(settings):
    for name, value in ECPAY.items():
        setattr(settings, name, value)


@pytest.mark.parametrize(
    ("amount", "ways"),
    [
        (1, {"card", "store_barcode"}),
        (10, {"card", "store_barcode"}),
        (11, {"card", "store_barcode", "atm"}),
        (32, {"card", "store_barcode", "atm"}),
        (33, {"card", "store_barcode", "atm", "store_code"}),
        (6000, {"card", "store_barcode", "atm", "store_code"}),
        (6001, {"card", "store_barcode", "atm"}),
        (20_001, {"card", "atm"}),
        (49_999, {"card", "atm"}),
        (50_000, {"card"}),
    ],
)
@pytest.mark.usefixtures("_ecpay")
def test_what_ecpay_takes(amount, ways):
    gateway = gateways.find("ecpay")
    assert {one for one in gateway.methods if gateway.takes(one, amount)} == ways


@pytest.mark.usefixtures("_ecpay")
def test_a_bill_above_the_limit_says_why_a_store_code_is_not_offered(client_of_parent, bill):
    bill = issued_bill(bill.student, amount=9330)

    page = client_of_parent.get(reverse("billing:pay"), {"bill": bill.pk}).content.decode()

    assert 'value="ecpay:store_code"' not in page
    assert 'value="ecpay:atm"' in page
    assert "超商代碼（綠界科技 ECPay）一次可以付 33 到 6,000 元，這次是 9,330 元，不能用。" in page


@pytest.mark.usefixtures("_ecpay")
def test_each_way_says_how_long_it_takes_and_what_it_costs(client_of_parent, bill, settings):
    settings.ECPAY_FEES = {"store_code": 30}

    page = client_of_parent.get(reverse("billing:pay"), {"bill": bill.pk}).content.decode()

    assert "付完馬上入帳" in page
    assert "約兩個工作天後才入帳" in page
    assert page.count("另付手續費 30 元。") == 1


@pytest.mark.usefixtures("_ecpay")
def test_on_the_last_day_ways_that_end_tomorrow_say_why_not_and_are_refused(client_of_parent, bill, parent):
    bill = issued_bill(bill.student, days=0)

    page = client_of_parent.get(reverse("billing:pay"), {"bill": bill.pk}).content.decode()

    assert 'value="ecpay:atm"' not in page
    assert 'value="ecpay:card"' in page
    assert "ATM 轉帳（綠界科技 ECPay）來不及在繳費期限前完成，不能用。" in page
    assert "來不及" in pay(client_of_parent, bill, way="ecpay:store_barcode").content.decode()
    with pytest.raises(OutOfLimits):
        begun([bill], parent, gateway="ecpay", method="atm")
    assert not Payment.objects.exists()


@pytest.mark.usefixtures("_ecpay")
def test_a_payment_that_was_begun_the_day_before_is_not_led_to_a_code_that_outlives_the_bill(
    client_of_parent, bill, parent
):
    bill = issued_bill(bill.student, days=1)
    payment = begun([bill], parent, gateway="ecpay", method="atm")
    today = payment.expires_on - timedelta(days=1)
    Payment.objects.update(expires_on=today)

    answer = client_of_parent.get(reverse("billing:payment-go", args=[payment.reference]), follow=True)

    assert "已經來不及在繳費期限前完成" in answer.content.decode()


class TestPaperWays:
    """What the school has on paper, and what the amount allows."""

    def shown(self, client, bill):
        return client.get(reverse("billing:pay"), {"bill": bill.pk}).content.decode()

    def test_are_named_beside_the_others_with_fee_and_time(self, client_of_parent, bill):
        bill = coded_bill(bill.student, agent=agent_of(bill.school, store_fee=15))

        page = self.shown(client_of_parent, bill)

        assert "超商條碼：到超商櫃檯給店員掃描" in page
        assert "另付手續費 15 元。" in page
        assert "專用帳號：銀行臨櫃" in page
        assert reverse("billing:bill-codes", args=[bill.pk]) in page

    def test_above_the_stores_limit_say_why_not(self, client_of_parent, bill):
        bill = coded_bill(bill.student, agent=agent_of(bill.school), items=[("學費", 20_001)])

        page = self.shown(client_of_parent, bill)

        assert "金額超過超商代收上限 20,000 元，不能用。" in page
        assert "超商條碼：到超商櫃檯" not in page
        assert "專用帳號：銀行臨櫃" in page

    def test_are_not_spoken_of_where_the_school_has_none(self, client_of_parent, bill):
        bill = issued_bill(bill.student, virtual_account="")

        assert "不經付款頁面的方式" not in self.shown(client_of_parent, bill)


@pytest.mark.usefixtures("_ecpay")
def test_what_was_not_offered_is_refused_when_it_is_sent(client_of_parent, bill):
    bill = issued_bill(bill.student, amount=9330)

    page = pay(client_of_parent, bill, way="ecpay:store_code").content.decode()

    assert "這次是 9,330 元，不能用" in page
    assert not Payment.objects.exists()


@pytest.mark.usefixtures("_ecpay")
def test_several_bills_count_together(client_of_parent, bill, parent):
    other = issued_bill(bill.student, amount=3900)

    page = client_of_parent.get(reverse("billing:pay"), {"bill": [bill.pk, other.pk]}).content.decode()

    assert "這次是 7,800 元，不能用" in page
    with pytest.raises(OutOfLimits):
        begun([bill, other], parent, gateway="ecpay", method="store_code")
    assert begun([bill], parent, gateway="ecpay", method="store_code").amount == 3900


def test_where_no_way_is_left_the_page_says_what_to_do(client_of_parent, bill, settings):
    settings.PAYMENT_SANDBOX_LIMITS = dict.fromkeys(["card", "atm", "store_code"], (1, 100))

    page = client_of_parent.get(reverse("billing:pay"), {"bill": bill.pk}).content.decode()

    assert "信用卡一次可以付 1 到 100 元" in page
    assert "請持繳費單到超商或銀行繳費" in page
    assert "前往付款" not in page


def test_the_contract_decides(monkeypatch):
    monkeypatch.setenv("ECPAY_LIMITS", "store_code=30-20000, card=1-199999")
    assert payment_limits("ECPAY_LIMITS") == {"store_code": (30, 20_000), "card": (1, 199_999)}

    for wrong in ("cvs=1-2", "atm=11", "atm=11-x", "store_code"):
        monkeypatch.setenv("ECPAY_LIMITS", wrong)
        with pytest.raises(ImproperlyConfigured, match="ECPAY_LIMITS"):
            payment_limits("ECPAY_LIMITS")


def test_the_contract_says_what_a_payer_pays_on_top(monkeypatch):
    monkeypatch.setenv("ECPAY_FEES", "store_code=30, atm=0")
    assert payment_fees("ECPAY_FEES") == {"store_code": 30, "atm": 0}

    for wrong in ("cvs=1", "atm", "atm=x", "atm=-1"):
        monkeypatch.setenv("ECPAY_FEES", wrong)
        with pytest.raises(ImproperlyConfigured, match="ECPAY_FEES"):
            payment_fees("ECPAY_FEES")


class TestTheSameKey:
    def test_with_other_bills_is_not_the_first_payment(self, bill, parent):
        other = issued_bill(bill.student, amount=100)
        first = begun([bill], parent, key="k")

        for bills in ([other], [bill, other]):
            with pytest.raises(OtherPayment):
                begun(bills, parent, key="k")
        assert begun([bill], parent, key="k") == first

    def test_with_another_way_is_not_the_first_payment(self, bill, parent):
        begun([bill], parent, key="k", method="card")

        with pytest.raises(OtherPayment):
            begun([bill], parent, key="k", method="atm")

    def test_on_the_page_asks_again_with_a_new_key(self, client_of_parent, bill):
        other = issued_bill(bill.student, amount=100)
        pay(client_of_parent, bill, key="k")

        answer = pay(client_of_parent, other, key="k")

        page = answer.content.decode()
        assert "已經開始了另一筆付款" in page
        assert 'name="key" value="k"' not in page
        assert Payment.objects.get().amount == bill.amount
        pay(client_of_parent, other, key=answer.context["form"].data["key"])
        assert sorted(Payment.objects.values_list("amount", flat=True)) == [100, bill.amount]
