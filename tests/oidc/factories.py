"""Clients and parents of the provider's tests."""

from oidc.models import Client
from tests.accounts.factories import registrar_of, sso_parent
from tests.registry.factories import SchoolFactory


def parent(email="alice@example.com", **facts):
    return sso_parent(by=registrar_of(SchoolFactory()), email=email, **facts)


def client_of(name, *, host, trust=Client.Trust.CHILDREN, **facts):
    """A registered client; its secret is on the object for the test alone."""
    facts = {
        "kind": Client.Kind.CERTIFIED,
        "redirect_uris": f"https://{host}/callback",
        "post_logout_redirect_uris": f"https://{host}/bye",
        "backchannel_logout_uri": f"https://{host}/backchannel",
        **facts,
    }
    client = Client(name=name, trust=trust, **facts)
    client.told_secret = client.renew_secret() if client.is_confidential else None  # type: ignore[attr-defined]
    client.full_clean()
    client.save()
    return client
