from django.shortcuts import render

from accounts.models import Client, Service
from binding.models import Binding
from registry.access import parent_only


@parent_only
def sso_home(request):
    """What a parent finds behind single sign-on: my children, and the services of the city."""
    bindings = (
        Binding.objects.active()
        .filter(account=request.user.sso_account)
        .select_related("student__school", "student__school_class")
        .order_by("student__birth_on")
    )
    context = {
        "bindings": bindings,
        "clients": Client.objects.on_launcher()[:30],
        "services": Service.objects.filter(is_shown=True)[:30],
    }
    return render(request, "binding/sso_home.html", context)
