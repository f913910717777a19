"""The password once more before paying."""

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts import reauthentication
from billing.payments.leaving import let_redirect
from registry.access import parent_only


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("您的密碼"),
        help_text=_("登入已經一段時間了。付款前請再輸入一次登入的密碼，確認是您本人。"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@sensitive_post_parameters()
@parent_only
def password(request):
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and reauthentication.fits(form, "password", request.user):
        reauthentication.note_authentication(request.session)
        return redirect(_way_on(request))
    return let_redirect(render(request, "billing/payments/password.html", {"form": form}))


def _way_on(request):
    address = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if is_ours else reverse("billing:home")
