"""ECPay's signature, by its own vectors and by its rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.payments.gateways.check_mac import check_mac_value, encode, is_signed, signed

KEYS = {"key": "pwFHCqoQZGmho4w6", "iv": "EkRm7iFT261dpevs"}
VECTOR = {"MerchantID": "3002607", "ItemName": "Tom's Shop", "TotalAmount": "100"}
VALUE = "CF0A3D4901D99459D8641516EC57210700E8A5C9AB26B1D021301E9CB93EF78D"


def test_the_published_vector():
    assert check_mac_value(VECTOR, **KEYS) == VALUE


def test_order_and_an_old_signature_play_no_part():
    turned = dict(reversed(VECTOR.items())) | {"CheckMacValue": "x"}

    assert check_mac_value(turned, **KEYS) == VALUE


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("a b", "a+b"),
        ("~", "%7e"),
        ("-_.!*()", "-_.!*()"),
        ("Tom's", "tom%27s"),
        ("學費", "%e5%ad%b8%e8%b2%bb"),
        ("/?&=", "%2f%3f%26%3d"),
        ("A+B", "a%2bb"),
    ],
)
def test_encoding_is_that_of_net(text, encoded):
    assert encode(text) == encoded


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=12), max_size=6), st.data())
def test_what_is_signed_is_verified_and_any_change_is_seen(fields, data):
    form = signed(fields, **KEYS)
    assert is_signed(form, **KEYS)

    extra = data.draw(st.text(min_size=1, max_size=5).filter(lambda one: one.isalnum()))
    assert not is_signed({**form, "TradeAmt": form.get("TradeAmt", "") + extra}, **KEYS)
    assert not is_signed(form, key="other", iv=KEYS["iv"])


def test_no_signature_is_no_signature():
    assert not is_signed(VECTOR, **KEYS)
