"""The built-in gateway: behaves like one over HTTP, moves no money, and does not exist in production.

This is our side of it. Its own side (pages, trades, callbacks) is billing/sandbox; the two know of each other
what two companies would: addresses, a shared secret, and the words of this file.
"""

import http.client
import json
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from billing.payments.gateways.base import (
    Gateway,
    Method,
    Notice,
    Outcome,
    Redirect,
    Unreachable,
    Unverified,
    posted_once,
    whole_dollars,
)
from core import safe_http

MERCHANT = "SANDBOX"
SALT = "billing.sandbox"
QUERY_SALT = "billing.sandbox.query"
QUERY_SECONDS = 5
OUTCOMES = {"paid": Outcome.PAID, "code": Outcome.CODE_ISSUED, "failed": Outcome.FAILED, "open": Outcome.UNDECIDED}


class Sandbox(Gateway):
    name = "sandbox"
    label = _("測試付款")
    methods = (Method.CARD, Method.ATM, Method.STORE_CODE)

    @property
    def limits(self):
        return settings.PAYMENT_SANDBOX_LIMITS

    @property
    def is_configured(self):
        return settings.PAYMENT_SANDBOX

    @property
    def redirects_to(self):
        return settings.SITE_URL

    def begin(self, payment):
        order = {
            "merchant": MERCHANT,
            "reference": payment.reference,
            "amount": payment.amount,
            "method": payment.method,
            "title": payment.title,
            "callback": self.callback_url,
            "back": self.way_back(payment),
        }
        token = signing.dumps(order, salt=SALT, compress=True)
        return Redirect(settings.SITE_URL + reverse("billing:sandbox-checkout", args=[token]))

    def read_callback(self, request):
        return self._notice(posted_once(request))

    def query(self, payment):
        token = signing.dumps(payment.reference, salt=QUERY_SALT)
        address = settings.SITE_URL + reverse("billing:sandbox-query", args=[token])
        try:
            status, body = safe_http.ask(address, seconds=QUERY_SECONDS, answer_bytes=4096)
            fields = json.loads(body) if status == 200 else None
        except (OSError, ValueError, http.client.HTTPException, safe_http.Refused) as error:
            raise Unreachable(type(error).__name__) from error
        if fields is None:
            raise Unreachable(f"HTTP {status}")
        return self._notice(fields)

    def _notice(self, fields):
        if not constant_time_compare(fields.get("signature", ""), signature_of(fields)):
            raise Unverified("the signature does not fit")
        if fields.get("merchant") != MERCHANT:
            raise Unverified("for another merchant")
        return Notice(
            gateway=self.name,
            reference=fields.get("reference", ""),
            outcome=OUTCOMES.get(fields.get("state", ""), Outcome.FAILED),
            amount=whole_dollars(fields.get("amount", "")),
            at=_moment(fields.get("at", "")),
            gateway_reference=fields.get("trade", ""),
            method=fields.get("method", ""),
            code=fields.get("code", ""),
            bank_code=fields.get("bank", ""),
            code_until=_moment(fields["until"]) if fields.get("until") else None,
            fields={name: value for name, value in fields.items() if name != "signature"},
        )


def _moment(text):
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unverified("no readable time") from None
    if moment.tzinfo is None:
        raise Unverified("no readable time")
    return moment


def signature_of(fields):
    lines = [f"{name}={value}" for name, value in sorted(fields.items()) if name != "signature"]
    return salted_hmac(SALT, "\n".join(lines), algorithm="sha256").hexdigest()


def signed(fields):
    return {**fields, "signature": signature_of(fields)}
