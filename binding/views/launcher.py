from datetime import datetime

from django.shortcuts import render
from django.utils import timezone

from binding.models import Binding, WithdrawalAnswer
from binding.signals import launcher_shown
from core.compiled import compiled
from oidc.models import Client, Service
from registry.access import parent_only

MOST_SHOWN = 30


@parent_only
def sso_home(request):
    """What a parent finds behind single sign-on: my children, and the services of the city."""
    account = request.user.sso_account.pk
    bindings = _bindings(account=account)
    lasting = {one.student_id for one in bindings if one.is_lasting}
    ended = {one.student_id: one for one in reversed(bindings) if one.student_id not in lasting}
    context = {
        "bindings": [one for one in bindings if one.is_active],
        "ended": [one for one in ended.values() if not one.is_delegated][:MOST_SHOWN],
        "asked": _asked(account=account, at=timezone.now()),
        "clients": _clients(),
        "services": _services(),
        "due": _due(request.user),
    }
    return render(request, "binding/sso_home.html", context)


def _due(user):
    """What a room above has to say of money; None where there is none."""
    told = (answer for _receiver, answer in launcher_shown.send(sender=Binding, user=user))
    return next(told, None)


@compiled(account=int)
def _bindings(account):
    of_account = Binding.objects.filter(account=account).select_related("student__school", "student__school_class")
    return of_account.order_by("student__birth_on", "-pk")


@compiled(account=int, at=datetime)
def _asked(account, at):
    asked = WithdrawalAnswer.objects.usable(at).filter(binding__account=account)
    return asked.select_related("withdrawal", "binding__student__school")


@compiled()
def _clients():
    return Client.objects.on_launcher()[:MOST_SHOWN]


@compiled()
def _services():
    return Service.objects.filter(is_shown=True)[:MOST_SHOWN]
