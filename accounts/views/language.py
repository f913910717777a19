"""The switch of languages on every page."""

from django.contrib.auth.decorators import login_not_required
from django.views import i18n

from accounts import languages


@login_not_required
def set_language(request):
    """As Django does, for the browser; who is logged in is written to in that language as well from now on."""
    response = i18n.set_language(request)
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated:
        languages.choose(request.user, chosen)
    return response
