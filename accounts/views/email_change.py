"""更改電子郵件 of a parent's own account, and the links that confirm it and take it back."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import email_change, rations, reauthentication
from accounts.forms import EmailChangeForm
from core.one_time_links import LinkOver
from registry.access import parent_only


@never_cache
@sensitive_post_parameters()
@parent_only
def change_email(request):
    """更改電子郵件: the own password, then a link to the new address."""
    form = EmailChangeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and _may_ask(form, request.user):
        change = email_change.ask(user=request.user, new_email=form.cleaned_data["new_email"])
        messages.success(
            request, _("已寄信到 %(email)s。請打開信裡的連結，電子郵件才會更改。") % {"email": change.new_email}
        )
        return redirect("binding:account")
    return render(request, "accounts/email_change.html", {"form": form})


def _may_ask(form, user):
    """Each asking mails somebody, who may be a stranger."""
    fits = reauthentication.fits(form, "password", user)
    return fits and rations.allows(form, "email-change", user.pk, limit=settings.EMAIL_CHANGES_ASKED)


@never_cache
@sensitive_post_parameters()
@login_not_required
def confirm(request):
    """Opening the page uses nothing up: a mail scanner may have been here first."""
    return _by_link(request, email_change.find, email_change.confirm, "accounts/email_change_confirm.html")


@never_cache
@sensitive_post_parameters()
@login_not_required
def undo(request):
    return _by_link(request, email_change.find_undo, email_change.undo, "accounts/email_change_undo.html")


def _by_link(request, find, act, template):
    token = request.POST.get("token") or request.GET.get("token", "")
    change, is_done, is_taken = find(token), False, False
    if change and request.method == "POST":
        try:
            act(change=change)
            is_done = True
        except LinkOver:
            change = None
        except email_change.AddressTaken:
            is_taken = True
    context = {"found": change, "token": token, "is_done": is_done, "is_taken": is_taken}
    return render(request, template, context)
