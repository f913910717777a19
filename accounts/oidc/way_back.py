"""Chromium holds `form-action` against every redirect that follows a form, not only against the first address.

A service's address may lead on to another origin (auth.x.tw to www.x.tw, a broker to the school's site), which nobody
here can know. So the few pages whose form ends at a service let it lead on to any https address, while that service's
request waits; every other page keeps `form-action 'self'`.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from accounts.models import Client


def allow(response, address):
    """Let this page's forms end at the origin of `address`, which answers with a page of its own."""
    parts = urlsplit(address)
    response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
    return response


def allow_onwards(response, address):
    """Let this page's forms lead to `address`, which was validated, and on from there; nowhere when it is empty."""
    if address:
        response._csp_update = {
            "form-action": ["https:", "http:"] if settings.ALLOW_LOCAL_CLIENTS else ["https:"]
        }
    return response


def allow_after(response, following):
    """The same for the page before an authorization request: `following` is its address, or any other of ours."""
    return allow_onwards(response, _registered_address(following))


def allow_again(response, address):
    """The same for the page that sends once more what a form sent too late to `address`, one of ours."""
    ends_at_a_service = urlsplit(address).path in (reverse("oidc:consent"), reverse("oidc:logout-confirm"))
    return allow_onwards(response, address if ends_at_a_service else "")


def _registered_address(following):
    parts = urlsplit(following)
    if parts.path != reverse("oidc:authorize") or "\0" in following:
        return ""
    query = QueryDict(parts.query)
    wanted = query.get("redirect_uri", "")
    client = Client.objects.filter(client_id=query.get("client_id", ""), is_active=True).first()
    return wanted if client and client.redirect_uri_allowed(wanted) else ""
