"""What the house asks of a company that takes payments: three things, and nothing of ours."""

import abc
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """How a payer pays. With a code the money comes later: at a store about two days."""

    CARD = "card", _("信用卡")
    ATM = "atm", _("ATM 轉帳")
    STORE_CODE = "store_code", _("超商代碼")
    STORE_BARCODE = "store_barcode", _("超商條碼")


class Outcome(StrEnum):
    """What a gateway says of a payment."""

    PAID = "paid"
    CODE_ISSUED = "code_issued"
    FAILED = "failed"
    UNDECIDED = "undecided"  # not known yet, or only a rehearsal: nothing follows from it


@dataclass(frozen=True)
class Form:
    """The payer's browser posts these fields to the gateway."""

    action: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Redirect:
    """The payer's browser goes to this address."""

    address: str


@dataclass(frozen=True)
class Notice:
    """What a gateway said, its signature and merchant verified. Amount in whole New Taiwan dollars."""

    gateway: str
    reference: str  # of the payment, ours
    outcome: Outcome
    amount: int
    at: datetime
    gateway_reference: str = ""
    method: str = ""
    code: str = ""  # what the payer takes to the store or the ATM
    bank_code: str = ""  # three digits, of an account to transfer to
    code_until: datetime | None = None
    fields: dict[str, str] = field(default_factory=dict)  # as they came, without the signature


class Unverified(Exception):
    """The message is not from the gateway, or not readable: nothing in it is believed."""


class Unreachable(Exception):
    """The gateway did not answer a question: ask again later."""


class AskedTooOften(Unreachable):
    """The gateway answers no questions for a while: `pause` says how long it is to be left alone."""

    def __init__(self, pause: timedelta):
        super().__init__("asked too often")
        self.pause = pause


class Gateway(abc.ABC):
    """`payment` has reference, amount, method, title, started_at and expires_on (a date, or None)."""

    name: str
    label: object
    methods: tuple[Method, ...]
    answer = "1|OK"  # what the gateway wants to hear once a notice is kept

    @property
    def limits(self) -> dict[str, tuple[int, int]]:
        """{method: (least, most)} of one payment in whole dollars, as the contract says; others have none."""
        return {}

    @property
    def fees(self) -> dict[str, int]:
        """{method: whole dollars} that the payer pays on top, as the contract says; others are free of charge."""
        return {}

    def takes(self, method, amount):
        """Whether one payment of `amount` dollars may be made this way."""
        least, most = self.limits.get(method, (amount, amount))
        return least <= amount <= most

    def ends_by(self, method, day: date | None) -> bool:
        """Whether a code of this way can be of no use any more after `day`, when the bill can't be paid; None: any day."""
        return True

    @property
    @abc.abstractmethod
    def is_configured(self) -> bool:
        """Whether its secrets are set; else it is not offered."""

    @abc.abstractmethod
    def begin(self, payment) -> Form | Redirect:
        """How the payer's browser gets there."""

    @abc.abstractmethod
    def read_callback(self, request) -> Notice:
        """The notice of a request to our callback address. Raises Unverified."""

    @abc.abstractmethod
    def query(self, payment) -> Notice:
        """Ask what became of a payment. Raises Unreachable or Unverified."""

    @property
    def redirects_to(self) -> str:
        """An address of the site that `begin` redirects to; "" where the browser posts a form."""
        return ""

    @property
    def callback_url(self):
        return settings.SITE_URL + reverse("billing:callback", args=[self.name])

    def way_back(self, payment):
        return settings.SITE_URL + reverse("billing:payment", args=[payment.reference])


def posted_once(request):
    """The fields of a callback as a dictionary. Raises Unverified where a name comes twice: which one was signed?"""
    if any(len(values) != 1 for _name, values in request.POST.lists()):
        raise Unverified("a field came twice")
    return request.POST.dict()


def whole_dollars(text):
    """An amount as digits alone. Raises Unverified."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Unverified("the amount is no whole number")
    return int(text)
