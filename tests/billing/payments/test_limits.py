"""A way of paying is offered within the gateway's limits, with a word why not, and refused when it is sent anyway."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from billing.payments import gateways
from billing.payments.models import Payment
from billing.payments.paying import OtherPayment, OutOfLimits
from config.figures import payment_limits
from tests.billing.money import begun, issued_bill, pay

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
