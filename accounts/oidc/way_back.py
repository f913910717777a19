"""Chrome holds `form-action` against redirects too: a form that leads to a client in the end has to name it."""

from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse

from accounts.models import Client


def allow(response, address):
    """Let this page's forms end at `address`, which was validated, or nowhere but here when it is empty."""
    if address:
        parts = urlsplit(address)
        response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
    return response


def allow_after(response, following):
    """The same for the page before an authorization request: `following` is its address, or any other of ours."""
    return allow(response, _registered_address(following))


def _registered_address(following):
    parts = urlsplit(following)
    if parts.path != reverse("oidc:authorize") or "\0" in following:
        return ""
    query = QueryDict(parts.query)
    wanted = query.get("redirect_uri", "")
    client = Client.objects.filter(client_id=query.get("client_id", ""), is_active=True).first()
    return wanted if client and client.redirect_uri_allowed(wanted) else ""
