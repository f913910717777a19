"""Tells events where a request came from, and gives each answer a number to ask about."""

import ipaddress
import uuid

from django.conf import settings

from audit import context
from audit.redaction import HidingReporter


class AuditContextMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request_id = str(uuid.uuid4())
        request.exception_reporter_class = HidingReporter
        token = context.enter(context.RequestContext(ip_address_of(request), request_id))
        try:
            response = self.get_response(request)
        finally:
            context.leave(token)
        response["X-Request-ID"] = request_id
        return response


def ip_address_of(request):
    """The client's IP address, or None. Of X-Forwarded-For only what our own proxies appended is believed."""
    hops = [request.META.get("REMOTE_ADDR", "")]
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.TRUSTED_PROXIES and forwarded:
        hops = [hop.strip() for hop in forwarded.split(",")]
    address = hops[-min(max(settings.TRUSTED_PROXIES, 1), len(hops))]
    try:
        # Without the zone of a link-local address (fe80::1%eth0), which PostgreSQL's inet refuses.
        return str(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return None
