"""ECPay: what is posted to it, what it tells, and what is not believed."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone

from billing.payments.gateways import AskedTooOften, Outcome, Unreachable, Unverified, check_mac
from billing.payments.gateways.ecpay import ECPay
from core import safe_http

KEYS = {"key": "pwFHCqoQZGmho4w6", "iv": "EkRm7iFT261dpevs"}
PAID = {
    "MerchantID": "3002607",
    "MerchantTradeNo": "P0000000001ABCDEF",
    "StoreID": "",
    "RtnCode": "1",
    "RtnMsg": "交易成功",
    "TradeNo": "2611011200000001",
    "TradeAmt": "3900",
    "PaymentDate": "2026/11/01 12:05:09",
    "PaymentType": "Credit_CreditCard",
    "PaymentTypeChargeFee": "98",
    "TradeDate": "2026/11/01 12:00:00",
    "SimulatePaid": "0",
    "CustomField1": "",
}
CODE = {
    **PAID,
    "RtnCode": "10100073",
    "PaymentType": "CVS_CVS",
    "PaymentNo": "GW160412257496",
    "ExpireDate": "2026/11/08 12:00:00",
}
del CODE["PaymentDate"]
ATM = {
    **CODE,
    "RtnCode": "2",
    "PaymentType": "ATM_TAISHIN",
    "BankCode": "812",
    "vAccount": "9103522175887271",
    "ExpireDate": "2026/11/08",
}
del ATM["PaymentNo"]


@pytest.fixture
def ecpay(settings):
    settings.ECPAY_MERCHANT_ID = "3002607"
    settings.ECPAY_HASH_KEY, settings.ECPAY_HASH_IV = KEYS.values()
    settings.ECPAY_STAGE = False
    settings.SITE_URL = "https://binding.example.tw"
    return ECPay()


def payment(**changes):
    return SimpleNamespace(
        **{
            "reference": "P0000000001ABCDEF",
            "amount": 3900,
            "method": "card",
            "code": "",
            "title": "115 學年度第 1 學期學雜費",
            "started_at": timezone.now(),
            "expires_on": timezone.localdate() + timedelta(days=10),
            **changes,
        }
    )


def posted(fields, *, keys=KEYS):
    return RequestFactory().post("/", check_mac.signed(fields, **keys))


def test_the_form_that_a_browser_posts(ecpay):
    form = ecpay.begin(payment())

    assert form.action == "https://payment.ecpay.com.tw/Cashier/AioCheckOut/V5"
    assert check_mac.is_signed(form.fields, **KEYS)
    assert form.fields["TotalAmount"] == "3900"
    assert form.fields["ChoosePayment"] == "Credit"
    assert form.fields["EncryptType"] == "1"
    assert form.fields["ReturnURL"] == "https://binding.example.tw/billing/callback/ecpay/"
    assert "PaymentInfoURL" not in form.fields


@pytest.mark.parametrize(
    ("method", "choice", "days", "lifetime"),
    [
        ("atm", "ATM", 10, {"ExpireDate": "10"}),
        ("atm", "ATM", 90, {"ExpireDate": "60"}),
        ("atm", "ATM", 1, {"ExpireDate": "1"}),
        ("store_barcode", "BARCODE", 10, {"StoreExpireDate": "10"}),
        ("store_barcode", "BARCODE", 31, {"StoreExpireDate": "30"}),
        # From noon on, until the end of the last day.
        ("store_code", "CVS", 10, {"StoreExpireDate": str(10 * 24 * 60 + 12 * 60)}),
        ("store_code", "CVS", 0, {"StoreExpireDate": str(12 * 60)}),
        ("store_code", "CVS", 40, {"StoreExpireDate": "43200"}),
    ],
)
def test_a_code_lives_no_longer_than_the_bill(ecpay, noon, method, choice, days, lifetime):
    fields = ecpay.begin(payment(method=method, expires_on=noon.date() + timedelta(days=days))).fields

    assert fields["ChoosePayment"] == choice
    assert lifetime.items() <= fields.items()
    assert fields["PaymentInfoURL"] == fields["ReturnURL"]


@pytest.fixture
def noon(monkeypatch):
    moment = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.mark.parametrize(
    ("days", "hour", "ways"),
    [
        (1, 12, {"card", "atm", "store_code", "store_barcode"}),
        (0, 12, {"card", "store_code"}),
        (0, 22, {"card", "store_code"}),
        (0, 23, {"card", "store_code"}),
    ],
)
def test_on_the_last_day_no_way_is_offered_that_would_live_into_the_next(ecpay, noon, monkeypatch, days, hour, ways):
    monkeypatch.setattr(timezone, "now", lambda: noon.replace(hour=hour))
    day = noon.date() + timedelta(days=days)

    assert {one.value for one in ecpay.methods if ecpay.ends_by(one, day)} == ways


def test_in_the_last_hour_only_a_card_is_offered(ecpay, noon, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: noon.replace(hour=23, minute=1))

    assert [one.value for one in ecpay.methods if ecpay.ends_by(one, noon.date())] == ["card"]
    assert all(ecpay.ends_by(one, None) for one in ecpay.methods)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("115 學年度學雜費", "115 學年度學雜費"),
        ("雜費#2", "雜費＃2"),
        ("學" * 250, "學" * 200),
        ("a" * 199 + "𠮷𠮷", "a" * 199 + "𠮷"),
    ],
)
def test_an_items_name_is_cut_by_characters(ecpay, title, name):
    fields = ecpay.begin(payment(title=title)).fields

    assert fields["ItemName"] == name
    assert check_mac.is_signed(fields, **KEYS)


def test_a_paid_callback(ecpay):
    notice = ecpay.read_callback(posted(PAID))

    assert (notice.outcome, notice.amount, notice.reference) == (Outcome.PAID, 3900, PAID["MerchantTradeNo"])
    assert notice.at.isoformat() == "2026-11-01T12:05:09+08:00"
    assert notice.gateway_reference == "2611011200000001"
    assert notice.method == "card"
    assert "CheckMacValue" not in notice.fields


def test_an_issued_code_is_not_paid(ecpay):
    store, atm = (ecpay.read_callback(posted(fields)) for fields in (CODE, ATM))

    assert store.outcome == atm.outcome == Outcome.CODE_ISSUED
    assert store.code == "GW160412257496"
    assert atm.code == "9103522175887271"
    assert atm.code_until.isoformat() == "2026-11-08T23:59:59+08:00"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"RtnCode": "10100058"}, Outcome.FAILED),
        ({"RtnCode": "10300066"}, Outcome.UNDECIDED),
        ({"RtnCode": ""}, Outcome.FAILED),
        ({"RtnCode": "01"}, Outcome.FAILED),
        ({"SimulatePaid": "1"}, Outcome.UNDECIDED),
    ],
)
def test_what_codes_mean(ecpay, changes, outcome):
    assert ecpay.read_callback(posted(PAID | changes)).outcome == outcome


def test_on_the_stage_a_simulated_payment_counts(ecpay, settings):
    settings.ECPAY_STAGE = True

    assert ecpay.read_callback(posted(PAID | {"SimulatePaid": "1"})).outcome == Outcome.PAID


@pytest.mark.parametrize(
    "changes",
    [
        {"MerchantID": "2000132"},
        {"TradeAmt": "39.00"},
        {"TradeAmt": "-3900"},
        {"TradeAmt": "３９００"},
        {"TradeAmt": ""},
        {"PaymentDate": "yesterday"},
    ],
)
def test_signed_and_still_not_believed(ecpay, changes):
    with pytest.raises(Unverified):
        ecpay.read_callback(posted(PAID | changes))


def test_another_signature_is_not_believed(ecpay):
    with pytest.raises(Unverified):
        ecpay.read_callback(posted(PAID, keys=KEYS | {"iv": "other"}))
    with pytest.raises(Unverified):
        ecpay.read_callback(RequestFactory().post("/", PAID))


def test_a_field_that_comes_twice_is_not_believed(ecpay):
    request = RequestFactory().post("/")
    request.POST = QueryDict(urlencode(check_mac.signed(PAID, **KEYS)) + "&TradeAmt=1")

    with pytest.raises(Unverified):
        ecpay.read_callback(request)


@pytest.fixture
def answering(monkeypatch):
    """Make ECPay's query answer `fields`; returns what it was asked."""
    asked = []

    def prepare(fields, status=200):
        def answer(address, sent, **how):
            asked.append((address, sent))
            return status, urlencode(check_mac.signed(fields, **KEYS)).encode()

        monkeypatch.setattr(safe_http, "ask", answer)
        return asked

    return prepare


def test_asking_after_a_missed_callback(ecpay, answering):
    asked = answering(PAID | {"TradeStatus": "1"})

    assert ecpay.query(payment()).outcome == Outcome.PAID
    address, sent = asked[0]
    assert address == "https://payment.ecpay.com.tw/Cashier/QueryTradeInfo/V5"
    assert sent["MerchantTradeNo"] == "P0000000001ABCDEF"
    assert check_mac.is_signed(sent, **KEYS)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("0", Outcome.UNDECIDED),
        ("10200095", Outcome.UNDECIDED),  # "not established" in one table of the handbook, "already paid" in another
        ("10200047", Outcome.UNDECIDED),
        ("", Outcome.UNDECIDED),
        ("1", Outcome.PAID),
    ],
)
def test_what_a_query_may_say(ecpay, answering, state, outcome):
    answering(PAID | {"TradeStatus": state, "PaymentDate": "" if state != "1" else PAID["PaymentDate"]})

    assert ecpay.query(payment()).outcome == outcome


def test_an_answer_about_another_payment_is_not_believed(ecpay, answering):
    answering(PAID | {"TradeStatus": "1", "MerchantTradeNo": "P2"})

    with pytest.raises(Unverified):
        ecpay.query(payment())


def test_nobody_answers(ecpay, answering, monkeypatch):
    answering(PAID, status=503)
    with pytest.raises(Unreachable):
        ecpay.query(payment())

    monkeypatch.setattr(safe_http, "ask", lambda *_, **__: (_ for _ in ()).throw(TimeoutError()))
    with pytest.raises(Unreachable):
        ecpay.query(payment())


def test_asked_too_often_it_is_to_be_left_alone_for_half_an_hour(ecpay, answering):
    answering(PAID, status=403)

    with pytest.raises(AskedTooOften) as often:
        ecpay.query(payment())

    assert often.value.pause == timedelta(minutes=30)


@pytest.fixture
def answering_each(monkeypatch):
    """Make ECPay answer each of its pages by itself; returns the pages that were asked."""
    asked = []

    def prepare(**pages):
        def answer(address, sent, **how):
            page = address.rpartition("/Cashier/")[2].partition("/")[0]
            asked.append(page)
            return 200, urlencode(check_mac.signed(pages[page], **KEYS)).encode()

        monkeypatch.setattr(safe_http, "ask", answer)
        return asked

    return prepare


@pytest.mark.parametrize(("method", "told"), [("store_code", CODE), ("atm", ATM)])
def test_a_code_that_was_told_of_in_vain_is_asked_for(ecpay, answering_each, method, told):
    unpaid = PAID | {"TradeStatus": "0", "PaymentDate": ""}
    asked = answering_each(QueryTradeInfo=unpaid, QueryPaymentInfo=told)

    notice = ecpay.query(payment(method=method))

    assert (notice.outcome, bool(notice.code), notice.code_until.day) == (Outcome.CODE_ISSUED, True, 8)
    assert asked == ["QueryTradeInfo", "QueryPaymentInfo"]


def test_a_code_that_is_known_is_not_asked_for(ecpay, answering_each):
    asked = answering_each(QueryTradeInfo=PAID | {"TradeStatus": "0", "PaymentDate": ""})

    assert ecpay.query(payment(method="atm", code="9103522175887271")).outcome == Outcome.UNDECIDED
    assert ecpay.query(payment(method="card")).outcome == Outcome.UNDECIDED
    assert asked == ["QueryTradeInfo"] * 2


def test_where_no_code_was_issued_nothing_follows(ecpay, answering_each):
    unpaid = PAID | {"TradeStatus": "0", "PaymentDate": ""}
    answering_each(QueryTradeInfo=unpaid, QueryPaymentInfo=CODE | {"RtnCode": "10100058"})

    assert ecpay.query(payment(method="atm")).outcome == Outcome.UNDECIDED


def test_not_offered_without_its_secrets(ecpay, settings):
    settings.ECPAY_HASH_IV = ""

    assert not ecpay.is_configured
