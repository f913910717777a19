"""登入中的裝置: the own sessions, ended one by one, and trusted computers."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import sessions, trusted_devices, user_agents
from accounts.models import TrustedDevice
from registry.roles import AccountKind

MOST_SHOWN = 30


@never_cache
def devices(request):
    """登入中的裝置, for who has an account of their own: a family shares one, and its parents may be at odds."""
    _refuse_families(request)
    request.school = request.user.school
    rows = list(_devices(sessions.of(request.user)[:MOST_SHOWN], request.session.session_key))
    known = TrustedDevice.objects.usable().filter(user=request.user)[:MOST_SHOWN]
    context = {
        "rows": rows,
        "has_others": any(not one["is_here"] for one in rows),
        "has_unknown": any(user_agents.is_unknown(one["device"]) for one in rows),
        "trusted": [(one, user_agents.in_words(one.device)) for one in known],
    }
    return render(request, "accounts/devices.html", context)


def _devices(found, here):
    """This log-in, then the others; those of the same kind of device are one row that tells when each began.

    Who closes the browser instead of logging out leaves a log-in behind: five rows of one's own computer hide the stranger's.
    """
    kinds: dict = {}
    for one in found:
        kinds.setdefault((one.pk == here, one.device), []).append(one)
    for (is_here, device), rows in sorted(kinds.items(), key=lambda one: not one[0][0]):
        yield {"is_here": is_here, "device": device, "words": user_agents.in_words(device), "rows": rows}


@require_POST
def devices_end(request):
    """Sign out of some, by their marks, or of all others; the second press finds nothing left."""
    _refuse_families(request)
    marks = set(request.POST.getlist("mark"))
    others = [one for one in sessions.of(request.user) if one.pk != request.session.session_key]
    if sessions.end([one for one in others if "all" in marks or one.mark in marks], by=request.user):
        messages.success(request, _("已經登出。"))
    return redirect("accounts:devices")


@require_POST
def devices_forget(request):
    """Trusted computers show the second factor again."""
    _refuse_families(request)
    if trusted_devices.forget(TrustedDevice.objects.filter(user=request.user), by=request.user):
        messages.success(request, _("已經取消，下次登入會再詢問驗證碼。"))
    return redirect("accounts:devices")


def _refuse_families(request):
    if request.user.kind == AccountKind.FAMILY:
        raise Http404
