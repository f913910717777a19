"""The pretend gateway's own pages. They stand for another company's site: nobody is logged in there."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from billing.payments.gateways.base import Method
from billing.payments.gateways.sandbox import QUERY_SALT, SALT
from billing.payments.sandbox import trading
from billing.payments.sandbox.models import SandboxTrade

ORDER_SECONDS = 60 * 60


class DecisionForm(forms.Form):
    result = forms.ChoiceField(
        label=_("結果"),
        choices=[("yes", _("付款成功（繳費代碼：取號成功）")), ("no", _("付款失敗"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    telling = forms.ChoiceField(
        label=_("怎麼回報給學校"), choices=trading.Telling.choices, initial="once", widget=forms.RadioSelect
    )


class CounterForm(forms.Form):
    telling = DecisionForm.base_fields["telling"]


@login_not_required
def checkout(request, token):
    order = _read(token, max_age=ORDER_SECONDS)
    if SandboxTrade.objects.filter(reference=order["reference"]).exists():
        return redirect("billing:sandbox-trade", token)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        trading.decide(order=order, succeeds=data["result"] == "yes", telling=data["telling"])
        return redirect("billing:sandbox-trade", token)
    context = {"order": order, "method": Method(order["method"]).label, "form": form}
    return render(request, "billing/payments/sandbox/checkout.html", context)


@login_not_required
def trade(request, token):
    """What the payer is shown at the end; for a code also the counter where it is paid."""
    order = _read(token)
    known = get_object_or_404(SandboxTrade, reference=order["reference"])
    form = CounterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        trading.pay_code(reference=known.reference, telling=form.cleaned_data["telling"])
        return redirect("billing:sandbox-trade", token)
    return render(request, "billing/payments/sandbox/trade.html", {"order": order, "trade": known, "form": form})


@login_not_required
@require_GET
def query(request, token):
    reference = _read(token, salt=QUERY_SALT, max_age=ORDER_SECONDS)
    known = SandboxTrade.objects.filter(reference=reference).first()
    return JsonResponse(trading.facts_of(known) if known else trading.nothing_known_of(reference))


def _read(token, *, salt=SALT, max_age=None):
    if not trading.is_allowed():
        raise Http404
    try:
        return signing.loads(token, salt=salt, max_age=max_age)
    except signing.BadSignature:
        raise Http404 from None
