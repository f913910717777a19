"""A parent's own account: another e-mail, sessions and devices, the second factor; and the way back after leaving."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import (
    email_change,
    rations,
    reauthentication,
    second_factor,
    sessions,
    sso_accounts,
    trusted_devices,
    user_agents,
)
from accounts.forms import OwnAddressForm, OwnPasswordForm
from accounts.models import TrustedDevice
from registry.access import parent_only
from registry.roles import AccountKind

MOST_SHOWN = 30


@never_cache
@sensitive_post_parameters()
@parent_only
def address(request):
    """更改電子郵件: the own password, then a link to the new address."""
    form = OwnAddressForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and _may_ask(form, request.user):
        change = email_change.ask(user=request.user, new_email=form.cleaned_data["new_email"])
        messages.success(
            request,
            _("已寄信到 %(email)s。請打開信裡的連結，電子郵件才會更改。") % {"email": change.new_email},
        )
        return redirect("binding:account")
    return render(request, "accounts/email_change.html", {"form": form})


def _may_ask(form, user):
    """Each asking mails somebody, who may be a stranger."""
    fits = reauthentication.fits(form, "password", user)
    return fits and rations.allows(form, "own-address", user.pk, limit=settings.ADDRESSES_ASKED)


@never_cache
@sensitive_post_parameters()
@login_not_required
def address_confirm(request):
    """Opening the page uses nothing up: a mail scanner may have been here first."""
    return _by_link(request, email_change.find, email_change.confirm, "accounts/email_change_confirm.html")


@never_cache
@sensitive_post_parameters()
@login_not_required
def address_undo(request):
    return _by_link(request, email_change.find_undo, email_change.undo, "accounts/email_change_undo.html")


def _by_link(request, find, act, template):
    token = request.POST.get("token") or request.GET.get("token", "")
    change, is_done, is_taken = find(token), False, False
    if change and request.method == "POST":
        try:
            act(change=change)
            is_done = True
        except email_change.LinkOver:
            change = None
        except email_change.AddressTaken:
            is_taken = True
    context = {"change": change, "token": token, "is_done": is_done, "is_taken": is_taken}
    return render(request, template, context)


@never_cache
@sensitive_post_parameters()
@login_not_required
def come_back(request):
    token = request.POST.get("token") or request.GET.get("token", "")
    closure = sso_accounts.find_closure(token)
    if closure and request.method == "POST":
        try:
            sso_accounts.come_back(closure=closure)
            messages.success(request, _("帳號已恢復，請登入。"))
            return redirect("accounts:sso-login")
        except sso_accounts.LinkOver:
            closure = None
    return render(request, "accounts/come_back.html", {"closure": closure, "token": token})


@never_cache
def devices(request):
    """登入中的裝置, for who has an account of their own: a family shares one, and its parents may be at odds."""
    _refuse_families(request)
    request.school = request.user.school
    here = request.session.session_key
    rows = [
        {"row": one, "words": user_agents.in_words(one.device), "is_here": one.pk == here}
        for one in sessions.of(request.user)[:MOST_SHOWN]
    ]
    known = TrustedDevice.objects.usable().filter(user=request.user)[:MOST_SHOWN]
    context = {
        "rows": rows,
        "has_others": any(not one["is_here"] for one in rows),
        "remembered": [(one, user_agents.in_words(one.device)) for one in known],
    }
    return render(request, "accounts/devices.html", context)


@require_POST
def devices_end(request):
    """Sign out of one, by its mark, or of all others; the second press finds nothing left."""
    _refuse_families(request)
    mark = request.POST.get("mark")
    others = [one for one in sessions.of(request.user) if one.pk != request.session.session_key]
    if sessions.end([one for one in others if mark in ("all", one.mark)], by=request.user):
        messages.success(request, _("已經登出。"))
    return redirect("accounts:devices")


@require_POST
def devices_forget(request):
    """Remembered computers show the second factor again."""
    _refuse_families(request)
    if trusted_devices.forget(TrustedDevice.objects.filter(user=request.user), by=request.user):
        messages.success(request, _("已經取消，下次登入會再詢問驗證碼。"))
    return redirect("accounts:devices")


def _refuse_families(request):
    if request.user.kind == AccountKind.FAMILY:
        raise Http404


@never_cache
@sensitive_post_parameters()
@parent_only
def own_second_factor(request):
    """第二道驗證, which a parent may turn on and off: the own password, either way."""
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and reauthentication.fits(form, "password", request.user):
        if request.user.has_second_factor:
            second_factor.turn_off(request.user)
            sessions.stay_logged_in(request, request.user)
            messages.success(request, _("已關閉第二道驗證。"))
            return redirect("binding:account")
        request.session["enrols_second_factor"] = True
        return redirect("accounts:second-factor-setup")
    return render(request, "accounts/own_second_factor.html", {"form": form})
