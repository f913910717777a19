"""Before money moves the password must have been shown lately: a phone left on a table pays for nobody."""

import time
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse

from accounts.reauthentication import authenticated_at


def is_due(request):
    return time.time() - authenticated_at(request.session) > settings.PAYMENT_PASSWORD_MINUTES * 60


def ask(request, bills=()):
    """To the page that asks for the password and leads back to this address, with the bills that were chosen."""
    chosen = f"?{urlencode([('bill', one) for one in bills])}" if bills else ""
    return redirect(f"{reverse('billing:password')}?{urlencode({'next': request.path + chosen})}")
