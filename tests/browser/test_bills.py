"""A parent's bills in a browser: on a phone and on a desk."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.collection.counter import take_cash
from billing.payments.gateway_notices import take_notice
from billing.payments.gateways import Outcome
from oidc.models import Client as Service
from tests.accounts.factories import log_in
from tests.billing.families import ZOE, bill_of, child_of, parent_of
from tests.billing.money import agent_of, begun, cashier_of, notice_of, void
from tests.browser.conftest import DESK, PHONE
from tests.oidc.conftest import _made_once, _signing_keys
from tests.oidc.factories import client_of
from tests.oidc.relying_party import RelyingParty
from tests.registry.factories import SchoolClassFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["_made_once", "_signing_keys"]


@pytest.fixture
def enter(enter_at_any_size):
    return enter_at_any_size


@pytest.fixture
def zoe():
    return parent_of(ZOE)


@pytest.fixture
def bills(zoe):
    school_class = SchoolClassFactory()
    son = child_of(ZOE, school_class=school_class)
    daughter = child_of(ZOE, school_class=school_class)
    agent = agent_of(son.school)
    items = [("學費", 6240), ("雜費", 1740), ("家長會費", 100), ("中低收入戶減免", -4180)]
    bills = {
        "open": bill_of(son, title="學雜費", items=items, agent=agent),
        "soon": bill_of(daughter, title="課後照顧費", amount=12500, days=2, agent=agent),
        "overdue": bill_of(daughter, title="校外教學費", amount=850, days=-2),
        "coded": bill_of(son, title="代收代辦費", amount=2310),
        "paid": bill_of(son, title="社團費", amount=600),
        "old": bill_of(daughter, title="學雜費", years_ago=1),
        "void": bill_of(son, title="教科書費", amount=900),
    }
    for name in ("paid", "old"):
        bill = bills[name]
        take_cash(bill=bill, amount=bill.amount, receipt=f"{name}1", by=cashier_of(bill.school))
    until = timezone.now() + timezone.timedelta(days=3)
    payment = begun([bills["coded"]], zoe, method="store_code")
    take_notice(notice_of(payment, Outcome.CODE_ISSUED, code="GW123", code_until=until))
    void(bills["void"])
    return bills


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_list_to_one_bill_and_to_paying(enter, zoe, bills, viewport):
    walking = enter(zoe, viewport=viewport)

    walking.open(reverse("billing:home")).reads("3 張待繳").reads("取得了繳費代碼")
    walking.reads("勾選的合計 NT$16,400")
    walking.page.get_by_label("課後照顧費").uncheck()
    walking.reads("勾選的合計 NT$3,900")
    walking.page.get_by_label("課後照顧費").check()
    walking.press("一起付款").reads("NT$16,400")
    for name, words in (
        ("open", "中低收入戶減免"),
        ("overdue", "過了繳費期限"),
        ("coded", "看繳費代碼"),
        ("paid", "已經繳清"),
        ("void", "請不要繳"),
    ):
        walking.open(reverse("billing:bill", args=[bills[name].pk])).reads(words)
    walking.open(reverse("billing:history")).reads("學年度第 1 學期")


def test_the_consent_names_bills(enter, zoe, bills):
    service = client_of("記帳", host="budget.example.tw", trust=Service.Trust.BILLS)
    party = RelyingParty(service, log_in(Client(), zoe))
    query = party.query(scope="openid children bills:read")
    address = reverse("oidc:authorize") + "?" + "&".join(f"{name}={value}" for name, value in query.items())

    enter(zoe).open(address).reads("您綁定的孩子的繳費單")


def test_a_long_name_in_english_on_a_narrow_phone(enter, zoe):
    bill = bill_of(
        child_of(ZOE),
        title="115 學年度第 1 學期學雜費與教科書費、家長會費及平安保險費（含補收）",
        items=[("很長的收費項目名稱" * 4, 5)],
    )
    walking = enter(zoe)
    walking.open(reverse("billing:home")).press("English")

    for name in ("billing:home", "billing:bill"):
        walking.open(reverse(name, args=[bill.pk] if name == "billing:bill" else []))
    walking.open(reverse("billing:pay") + f"?bill={bill.pk}").reads("Go to payment")
