"""解除綁定 by the parent: what it means, and the own password once more."""

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from accounts import own_password
from binding.actions.ending import end_own
from binding.models import Binding
from registry.access import parent_only


class UnbindForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("您的密碼"),
        help_text=gettext_lazy("為了確認是您本人，請再輸入一次登入的密碼。"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@sensitive_post_parameters()
@parent_only
def unbind(request, pk):
    binding = _own(request, pk)
    if not binding.is_standing:
        messages.info(request, _("這個綁定已經解除。"))
        return redirect("binding:sso-home")
    form = UnbindForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and own_password.fits(form, "password", request.user):
        end_own(binding=binding, by=request.user)
        _stay_logged_in(request)
        messages.success(request, _("已解除綁定，並寄信到您的信箱。"))
        return redirect("binding:sso-home")
    return render(request, "binding/unbind.html", {"form": form, "binding": binding})


def _own(request, pk):
    bindings = Binding.objects.filter(account=request.user.sso_account)
    bindings = bindings.select_related("account", "student__school", "student__school_class")
    return get_object_or_404(bindings, pk=pk)


def _stay_logged_in(request):
    """The end of a binding logs out everywhere; who asked for it stays here."""
    request.user.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, request.user)
