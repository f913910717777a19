from django.shortcuts import render

from binding.models import Binding, WithdrawalAnswer
from oidc.models import Client, Service
from registry.access import parent_only

MOST_SHOWN = 30


@parent_only
def sso_home(request):
    """What a parent finds behind single sign-on: my children, and the services of the city."""
    account = request.user.sso_account
    bindings = list(
        Binding.objects.filter(account=account)
        .select_related("student__school", "student__school_class")
        .order_by("student__birth_on", "-pk")
    )
    lasting = {one.student_id for one in bindings if one.is_lasting}
    ended = {one.student_id: one for one in reversed(bindings) if one.student_id not in lasting}
    asked = WithdrawalAnswer.objects.usable().filter(binding__account=account)
    context = {
        "bindings": [one for one in bindings if one.is_active],
        "ended": [one for one in ended.values() if not one.is_delegated][:MOST_SHOWN],
        "asked": asked.select_related("withdrawal", "binding__student__school"),
        "clients": Client.objects.on_launcher()[:30],
        "services": Service.objects.filter(is_shown=True)[:30],
    }
    return render(request, "binding/sso_home.html", context)
