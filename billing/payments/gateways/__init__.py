"""The gateways that take online payments. A new one is a file here and a line below; docs/payment_gateways.md."""

from billing.payments.gateways.base import (
    AskedTooOften,
    Form,
    Gateway,
    Method,
    Notice,
    Outcome,
    Redirect,
    Unreachable,
    Unverified,
)
from billing.payments.gateways.ecpay import ECPay
from billing.payments.gateways.sandbox import Sandbox

__all__ = [
    "AskedTooOften", "Form", "Gateway", "Method", "Notice", "Outcome", "Redirect", "Unreachable", "Unverified",
    "find", "offered",
]  # fmt: skip

KNOWN: dict[str, Gateway] = {one.name: one for one in (ECPay(), Sandbox())}


def offered():
    """Those whose secrets are set, in the order of the list above."""
    return [one for one in KNOWN.values() if one.is_configured]


def find(name):
    """The gateway of this name, or None when there is none or it is not set up."""
    gateway = KNOWN.get(name)
    return gateway if gateway and gateway.is_configured else None
