"""Systems that parents sign in to, and the keys that sign for them."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.api.models import Webhook, WebhookDelivery
from notifications.models import LATELY
from oidc import keys
from oidc.models import Client, LogoutNotice, SigningKey
from registry.access import city_only


@city_only
def services(request):
    since = timezone.now() - LATELY
    dead = Q(logout_notices__state=LogoutNotice.State.DEAD, logout_notices__created_at__gt=since)
    clients = Client.objects.annotate(
        parents=Count("connections", distinct=True), dead_notices=Count("logout_notices", filter=dead, distinct=True)
    )
    context = {
        "clients": clients.order_by("-is_active", "name"),
        "webhooks": webhooks_with_fate(since),
        "keys": SigningKey.objects.order_by("-created_at"),
        "days": LATELY.days,
    }
    return render(request, "city/services.html", context)


def webhooks_with_fate(since):
    """Where services hear of bills, each with what waits for it, what was given up, and when it last heard."""
    of = "deliveries__state"
    return Webhook.objects.select_related("client").annotate(
        waiting=Count("deliveries", filter=Q((of, WebhookDelivery.State.QUEUED))),
        dead=Count("deliveries", filter=Q((of, WebhookDelivery.State.DEAD), deliveries__created_at__gt=since)),
        heard_at=Max("deliveries__sent_at"),
    )


@city_only
def keys_rotate(request):
    """Say what a new key does; then turn. A stolen key is believed by nobody from this moment on."""
    if request.method != "POST":
        held = {key.state: key for key in SigningKey.objects.exclude(state=SigningKey.State.RETIRED)}
        context = {"hours": settings.SIGN_ON_HOURS * 2, "current": held.get("current"), "next": held.get("next")}
        return render(request, "city/keys_rotate.html", context)
    try:
        keys.rotate(by=request.user, is_stolen="is_stolen" in request.POST, instead_of=request.POST.get("kid", ""))
        messages.success(request, _("已換用下一把金鑰。"))
    except keys.AlreadyTurned:
        messages.info(request, _("金鑰剛剛已經換過了，沒有再換一次。"))
    except keys.NoSigningKey:
        messages.warning(request, _("還沒有金鑰，請系統人員先執行 rotate_signing_key --first。"))
    return redirect("city:services")
