"""The link to a corrected e-mail: its owner says that it is right."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from binding.actions import email_correction as corrections
from registry.access import public_school_page


@never_cache
@sensitive_post_parameters()
@public_school_page
def confirm(request):
    """Opening the page uses nothing up: a mail scanner may have been here first."""
    token = request.POST.get("token") or request.GET.get("token", "")
    change = corrections.find_correction(request.school, token[:100])
    is_taken = False
    if change and request.method == "POST":
        try:
            corrections.confirm_email(change=change)
            messages.success(request, _("電子郵件已更正，請用這個信箱登入。還沒有開通的帳號，開通信已寄到這裡。"))
            return redirect("accounts:sso-login")
        except corrections.LinkOver:
            change = None
        except corrections.AddressTaken:
            is_taken = True
    context = {"found": change, "token": token, "is_taken": is_taken}
    return render(request, "binding/email_correction_link.html", context)
