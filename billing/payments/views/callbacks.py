"""Where gateways tell what became of a payment: the one address that takes a form without our token."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.payments import gateway_notices, gateways

logger = logging.getLogger(__name__)
FORM = "application/x-www-form-urlencoded"


@login_not_required
@csrf_exempt
@require_POST
def callback(request, gateway):
    """Verified first, then kept, then answered: a gateway asks again for as long as it hears nothing."""
    found = gateways.find(gateway)
    if found is None:
        raise Http404
    if (size := length_of(request)) is None:
        return HttpResponseBadRequest("0|refused", content_type="text/plain")
    if size > settings.CALLBACK_MAX_BYTES:
        return HttpResponse(status=413)
    try:
        if request.content_type != FORM:
            raise gateways.Unverified("not a form")
        notice = found.read_callback(request)
    except gateways.Unverified as unverified:
        logger.warning("a callback of %s was refused: %s", gateway, unverified)
        return HttpResponseBadRequest("0|refused", content_type="text/plain")
    gateway_notices.take_notice(notice)
    return HttpResponse(found.answer, content_type="text/plain")


def length_of(request):
    """Bytes that the request says it has; None where it says something else than a number."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
