"""我的帳號: what a parent can see and do about the own account."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.serializers.json import DjangoJSONEncoder
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import reauthentication, sessions
from accounts.forms import OwnPasswordForm
from binding import own_data
from binding.actions.ending import close_account
from binding.models import Binding
from core.downloads import download
from registry.access import parent_only

MOST_SHOWN = 30


def _children_of(user):
    bindings = Binding.objects.active().filter(account=user.sso_account)
    bindings = bindings.select_related("student__school", "student__school_class")
    return bindings.order_by("student__birth_on")[:MOST_SHOWN]


@never_cache
@parent_only
def account(request):
    context = {
        "account": request.user.sso_account,
        "bindings": _children_of(request.user),
        "sessions": sessions.of(request.user).count(),
        "services": request.user.connections.count(),
    }
    return render(request, "binding/account.html", context)


@never_cache
@sensitive_post_parameters()
@parent_only
def data(request):
    """下載我的資料: as a page to read, or a file for programs; the own password first."""
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and reauthentication.fits(form, "password", request.user):
        taken = own_data.take(user=request.user)
        if "page" in request.POST:
            return render(request, "binding/own_data_page.html", {"data": taken})
        text = json.dumps(taken, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        return download(text, "my-data.json")
    return render(request, "binding/own_data.html", {"form": form})


@never_cache
@sensitive_post_parameters()
@parent_only
def leave(request):
    """停用帳號: what ends, and the own password."""
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and reauthentication.fits(form, "password", request.user):
        close_account(user=request.user)
        logout(request)
        words = _("帳號已停用，並寄信到您的信箱。%(days)d 天內可以用信裡的連結恢復。")
        messages.success(request, words % {"days": settings.CLOSURE_GRACE_DAYS})
        return redirect("accounts:sso-login")
    ending = Binding.objects.lasting().filter(account=request.user.sso_account)
    context = {"form": form, "bindings": ending.select_related("student__school")[:MOST_SHOWN]}
    return render(request, "binding/leave.html", context)
