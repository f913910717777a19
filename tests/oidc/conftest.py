"""Keys, a client, a parent and the relying party that speaks to the test client."""

import pytest
from django.test import Client as Browser

from tests.accounts.factories import log_in
from tests.oidc.factories import client_of, parent
from tests.oidc.relying_party import RelyingParty


@pytest.fixture(autouse=True)
def _signing_keys(request, _made_once):
    """The same pair for every test: making one takes a while."""
    if request.node.get_closest_marker("django_db"):
        marker = request.node.get_closest_marker("django_db")
        request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
        _made_once()


@pytest.fixture(scope="session")
def _made_once():
    from jwcrypto import jwk

    pairs = [jwk.JWK.generate(kty="RSA", size=2048) for _ in range(2)]

    def write():
        from core import crypto
        from oidc.models import SigningKey

        for state, pair in zip(["current", "next"], pairs, strict=True):
            private = pair.export_to_pem(private_key=True, password=None).decode()
            SigningKey.objects.create(
                kid=pair.thumbprint(),
                public_jwk=pair.export_public(),
                sealed_private_key=crypto.encrypt(private),
                state=state,
            )

    return write


@pytest.fixture
def alice(db):
    """A parent, signed up and active."""
    return parent()


@pytest.fixture
def alices_browser(alice):
    return log_in(Browser(), alice)


@pytest.fixture
def pay(db):
    """The fee-payment site: certified, trusted with children."""
    return client_of("繳費", host="pay.example.tw")


@pytest.fixture
def payments(pay, alices_browser):
    return RelyingParty(pay, alices_browser)
