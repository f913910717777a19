"""本人的證號: a member of staff says once who they are, so that nobody decides about the own family."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import login_flow
from registry.access import staff_only
from registry.roles import Role
from staff import accounts as staff
from staff.forms import OwnNumberForm


@login_flow.before_login_is_complete
@never_cache
@sensitive_post_parameters()
@staff_only(*Role)
def own_number(request):
    """Asked at the first log-in of who decides; others find it from a note on their pages."""
    form = OwnNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            staff.keep_number(user=request.user, number=form.cleaned_data["identity_number"])
            messages.success(request, _("已登錄您的證號，謝謝。"))
        except staff.NotAllowed as reason:
            messages.warning(request, str(reason))
        return redirect(login_flow.home_of(request.user))
    return render(request, "staff/own_number.html", {"form": form})
