"""解除綁定 by the parent: what it means, and the own password once more."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts import reauthentication, sessions
from accounts.forms import OwnPasswordForm
from binding.actions.ending import end_by_parent
from binding.models import Binding
from registry.access import parent_only


@sensitive_post_parameters()
@parent_only
def unbind(request, pk):
    binding = _own(request, pk)
    if not binding.is_lasting:
        messages.info(request, _("這個綁定已經解除。"))
        return redirect("binding:sso-home")
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and reauthentication.fits(form, "password", request.user):
        end_by_parent(binding=binding, by=request.user)
        sessions.stay_logged_in(request, request.user)
        messages.success(request, _("已解除綁定，並寄信到您的信箱。"))
        return redirect("binding:sso-home")
    return render(request, "binding/unbind.html", {"form": form, "binding": binding})


def _own(request, pk):
    bindings = Binding.objects.filter(account=request.user.sso_account)
    bindings = bindings.select_related("account", "student__school", "student__school_class")
    return get_object_or_404(bindings, pk=pk)
