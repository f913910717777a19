"""The header Content-Security-Policy, put together once for the same parts and not twice a request."""

from functools import lru_cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings


class PolicyMiddleware(CSPMiddleware):
    """Answers with the site's policy and what a page adds to it; whatever else django-csp can do is left to it."""

    def process_response(self, request, response):
        asked = {name for name in vars(response) if name.startswith("_csp")}
        if settings.DEBUG or asked - {"_csp_update"} or hasattr(request, "_csp_nonce"):
            return super().process_response(request, response)
        update = getattr(response, "_csp_update", None) or {}
        response.headers.setdefault(HEADER, _header(tuple((name, tuple(given)) for name, given in update.items())))
        return response


@lru_cache(maxsize=64)
def _header(update):
    return build_policy(update={name: list(given) for name, given in update} or None)
