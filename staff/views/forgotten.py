"""忘記密碼 of members of staff: one answer for everybody."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts import throttle
from core import crypto
from registry.access import public_school_page
from staff.forms import ForgottenForm
from staff.tasks import mail_staff_way_in


@never_cache
@public_school_page
def forgotten(request):
    """Whether there is such an account, and an address to mail to, the worker finds out."""
    form = ForgottenForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent:
        account = form.cleaned_data["account"]
        try:
            throttle.consume("staff-forgotten", f"{request.school.pk}/{account}")
            mail_staff_way_in.enqueue(request.school.pk, crypto.encrypt(account))
        except throttle.Paused:
            pass  # the answer is the same
    return render(request, "staff/forgotten.html", {"form": form, "is_sent": is_sent})
