"""綠界 ECPay all-in-one: the payer's browser posts a signed form, the server hears of it by callbacks.

ECPay repeats a callback until it is answered `1|OK`; it may come late, twice or in another order. A store or an
ATM tells twice: that a code was issued (`PaymentInfoURL`) and, days later, that it was paid (`ReturnURL`); both addresses
understand both. An order that expires is not told of, and is asked about. Only cards can be refunded through ECPay.

Source: ECPay/ECPay-API-Skill, guides 01, 03, 13 and 20 to 22, and its signed examples.
"""

import http.client
import re
import time
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from billing.payments.gateways import check_mac
from billing.payments.gateways.base import (
    AskedTooOften,
    Form,
    Gateway,
    Method,
    Notice,
    Outcome,
    Unreachable,
    Unverified,
    posted_once,
    whole_dollars,
)
from core import safe_http

LIVE = "https://payment.ecpay.com.tw"
STAGE = "https://payment-stage.ecpay.com.tw"
CHECKOUT = "/Cashier/AioCheckOut/V5"
QUERY = "/Cashier/QueryTradeInfo/V5"
QUERY_CODE = "/Cashier/QueryPaymentInfo"
PAUSE = timedelta(minutes=30)  # what asking too often costs, answered with 403
QUERY_SECONDS = 10
ANSWER_BYTES = 8 * 1024
ITEM_NAME = 200  # characters; its own limit is 400 bytes, and half a character breaks the signature
# Days that an ATM account and a store barcode may live, minutes of a store code.
MOST_DAYS = {Method.ATM: 60, Method.STORE_BARCODE: 30}
MOST_MINUTES = 43_200
USUAL_DAYS = 7  # where no day is wanted
FEWEST_MINUTES = 60  # to walk to a store

CHOICES = {Method.CARD: "Credit", Method.ATM: "ATM", Method.STORE_CODE: "CVS", Method.STORE_BARCODE: "BARCODE"}
METHODS = {choice.upper(): method for method, choice in CHOICES.items()}

# RtnCode of a callback. "Code issued" is not paid; what is not listed did not work.
RTN_CODES = {
    "1": Outcome.PAID,
    "2": Outcome.CODE_ISSUED,  # ATM
    "10100073": Outcome.CODE_ISSUED,  # store code, store barcode
    "10300066": Outcome.UNDECIDED,  # "the result is being confirmed"
}
# TradeStatus of a query. The guides tell opposite things of others (10200095, 10200047): nothing follows from them.
TRADE_STATES = {"0": Outcome.UNDECIDED, "1": Outcome.PAID}

# The merchants that ECPay prints in its handbook: anybody can sign in their name.
PUBLIC_TEST_KEYS = {"pwFHCqoQZGmho4w6", "5294y06JbISpM5x9", "spPjZn66i0OhqJsQ"}


class ECPay(Gateway):
    name = "ecpay"
    label = _("綠界科技 ECPay")
    methods = tuple(CHOICES)

    @property
    def limits(self):
        return settings.ECPAY_LIMITS

    @property
    def fees(self):
        return settings.ECPAY_FEES

    @property
    def is_configured(self):
        return bool(settings.ECPAY_MERCHANT_ID and settings.ECPAY_HASH_KEY and settings.ECPAY_HASH_IV)

    @property
    def site(self):
        return STAGE if settings.ECPAY_STAGE else LIVE

    def begin(self, payment):
        method = Method(payment.method)
        fields = {
            "MerchantID": settings.ECPAY_MERCHANT_ID,
            "MerchantTradeNo": payment.reference,
            "MerchantTradeDate": timezone.localtime(payment.started_at).strftime("%Y/%m/%d %H:%M:%S"),
            "PaymentType": "aio",
            "TotalAmount": str(payment.amount),
            "TradeDesc": "school fees",
            "ItemName": item_name(payment.title),
            "ReturnURL": self.callback_url,
            "ClientBackURL": self.way_back(payment),
            "ChoosePayment": CHOICES[method],
            "EncryptType": "1",
            "NeedExtraPaidInfo": "N",  # no card digits come here
        }
        if method != Method.CARD:
            fields["PaymentInfoURL"] = self.callback_url
            fields |= self._lifetime_of_code(payment, method)
        return Form(self.site + CHECKOUT, self._signed(fields))

    def read_callback(self, request):
        fields = self._verified(posted_once(request))
        outcome = RTN_CODES.get(fields.get("RtnCode", ""), Outcome.FAILED)
        if fields.get("SimulatePaid") == "1" and not settings.ECPAY_STAGE:
            outcome = Outcome.UNDECIDED  # pressed in the merchant's console: no money moved
        return self._notice(fields, outcome)

    def query(self, payment):
        """What became of a payment; of one that waits for its code, the code."""
        fields = self._ask(QUERY, payment)
        outcome = TRADE_STATES.get(fields.get("TradeStatus", ""), Outcome.UNDECIDED)
        if fields.get("TradeStatus") == "0" and payment.method != Method.CARD and not payment.code:
            told = self._ask(QUERY_CODE, payment)
            if RTN_CODES.get(told.get("RtnCode", "")) == Outcome.CODE_ISSUED:
                return self._notice(told, Outcome.CODE_ISSUED)
        return self._notice(fields, outcome)

    def ends_by(self, method, day):
        """A store code lives by the minute; an ATM account and a barcode until the end of a whole day, tomorrow's at least."""
        if method == Method.CARD or day is None:
            return True
        if method == Method.STORE_CODE:
            return _minutes_until(day) >= FEWEST_MINUTES
        return _days_until(day) >= 1

    def _ask(self, what, payment):
        asked = {
            "MerchantID": settings.ECPAY_MERCHANT_ID,
            "MerchantTradeNo": payment.reference,
            "TimeStamp": str(int(time.time())),
        }
        try:
            status, body = safe_http.ask(
                self.site + what, self._signed(asked), seconds=QUERY_SECONDS, answer_bytes=ANSWER_BYTES
            )
        except (OSError, http.client.HTTPException, safe_http.Refused) as error:
            raise Unreachable(type(error).__name__) from error
        if status == 403:
            raise AskedTooOften(PAUSE)
        if status != 200:
            raise Unreachable(f"HTTP {status}")
        fields = self._verified(dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))
        if fields.get("MerchantTradeNo") != payment.reference:
            raise Unverified("the answer is about another payment")
        return fields

    def _lifetime_of_code(self, payment, method):
        """Never longer than the bill's last day; see `ends_by`. An ATM account and a barcode count days, a store code minutes."""
        day = payment.expires_on or timezone.localdate() + timedelta(days=USUAL_DAYS)
        if method == Method.STORE_CODE:
            return {"StoreExpireDate": str(min(max(_minutes_until(day), 1), MOST_MINUTES))}
        name = "ExpireDate" if method == Method.ATM else "StoreExpireDate"
        return {name: str(min(max(_days_until(day), 1), MOST_DAYS[method]))}

    def _signed(self, fields):
        return check_mac.signed(fields, key=settings.ECPAY_HASH_KEY, iv=settings.ECPAY_HASH_IV)

    def _verified(self, fields):
        if not check_mac.is_signed(fields, key=settings.ECPAY_HASH_KEY, iv=settings.ECPAY_HASH_IV):
            raise Unverified("the signature does not fit")
        if not constant_time_compare(fields.get("MerchantID", ""), settings.ECPAY_MERCHANT_ID):
            raise Unverified("for another merchant")
        return fields

    def _notice(self, fields, outcome):
        return Notice(
            gateway=self.name,
            reference=fields.get("MerchantTradeNo", ""),
            outcome=outcome,
            amount=whole_dollars(fields.get("TradeAmt", "")),
            at=_moment(fields.get("PaymentDate") or fields.get("TradeDate", "")),
            gateway_reference=fields.get("TradeNo", ""),
            method=METHODS.get(fields.get("PaymentType", "").partition("_")[0].upper(), ""),
            code=_code_of(fields),
            bank_code=_bank_code_of(fields),
            code_until=_end_of_code(fields.get("ExpireDate", "")),
            fields={name: value for name, value in fields.items() if name != check_mac.FIELD},
        )


def item_name(title):
    """What ECPay lists: `#` would begin another item, and a signature is of whole characters."""
    return title.replace("#", "＃")[:ITEM_NAME]


def _days_until(day):
    return (day - timezone.localdate()).days


def _minutes_until(day):
    """Whole minutes that are left until the end of a day."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    return int((end - timezone.now()).total_seconds() // 60)


def _code_of(fields):
    if fields.get("vAccount"):
        return fields["vAccount"]
    return fields.get("PaymentNo") or " ".join(filter(None, (fields.get(f"Barcode{n}") for n in (1, 2, 3))))


def _bank_code_of(fields):
    code = fields.get("BankCode", "")
    return code if fields.get("vAccount") and re.fullmatch(r"[0-9]{3}", code) else ""


def _moment(text):
    """ECPay's clock is Taipei's. Raises Unverified."""
    for layout in ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d"):
        try:
            return timezone.make_aware(datetime.strptime(text, layout))
        except ValueError:
            continue
    raise Unverified("no readable time")


def _end_of_code(text):
    """The end of an ATM account's last day, or a store code's minute; None where it has neither."""
    if not text:
        return None
    moment = _moment(text)
    return moment.replace(hour=23, minute=59, second=59) if len(text) == 10 else moment
