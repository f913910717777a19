"""Chromium holds `form-action` against every redirect that follows a form, not only against the first address.

A service's address may lead on to another origin (auth.x.tw to www.x.tw, a broker to the school's site), which nobody
here can know. So the few pages whose form ends at a service let it lead on to any https address, while that service's
request waits; every other page keeps `form-action 'self'`.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from oidc.models import Client


def allow(response, *addresses):
    """Let this page's forms end at the origins of `addresses`, which answer with pages of their own."""
    origins = [f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, addresses)]
    if origins:
        response._csp_update = {"form-action": origins}
    return response


def allow_onwards(response, address):
    """Let this page's forms lead to `address`, which was validated, and on from there; nowhere when it is empty."""
    if address:
        response._csp_update = {"form-action": ["https:", "http:"] if settings.ALLOW_LOCAL_CLIENTS else ["https:"]}
    return response


class FormActionMiddleware:
    """The same for pages of log-in whose form leads on to a client: they say so by `login_flow.leads_to`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if following := getattr(response, "leads_to", ""):
            allow_onwards(response, _ends_at(following))
        return response


def _ends_at(following):
    """The client's address that a form ends at which leads to `following`, an address of ours; "" for none."""
    if urlsplit(following).path in (reverse("oidc:consent"), reverse("oidc:logout-confirm")):
        return following
    return _registered_address(following)


def _registered_address(following):
    parts = urlsplit(following)
    if parts.path != reverse("oidc:authorize") or "\0" in following:
        return ""
    query = QueryDict(parts.query)
    wanted = query.get("redirect_uri", "")
    client = Client.objects.filter(client_id=query.get("client_id", ""), is_active=True).first()
    return wanted if client and client.redirect_uri_allowed(wanted) else ""
