"""代收設定: how codes are laid out, with an example of what would be printed."""

from django.contrib import messages
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing.bills.codes import segments_of
from billing.bills.models import CollectingAgent
from billing.collection import agents
from billing.collection.agent_forms import AgentForm, ExampleForm, account_parts, most_accounts
from billing.paper.code39 import shown_codes
from registry.access import cashiers_only

SHOWN = 10


@cashiers_only
def collecting_agent(request):
    form = AgentForm(request.POST if request.method == "POST" else None, school=request.school)
    if form.is_bound and form.is_valid() and "preview" not in request.POST:
        try:
            _write(request, form)
            messages.success(request, _("已儲存。已經發出的繳費單不變，之後發出的照新的設定。"))
            return redirect("billing:cashier-settings", request.school.slug)
        except (agents.Changed, IntegrityError):
            form = _asked_again(request)
    example_form = ExampleForm(request.POST if form.is_bound else None)
    bill = form.example(example_form.facts)
    former = CollectingAgent.objects.filter(school=request.school, retired_at__isnull=False)
    context = {
        "form": form,
        "example_form": example_form,
        "example": bill,
        "barcodes": shown_codes(segments_of(bill)) if bill else None,
        "account_parts": account_parts(bill) if bill else None,
        "most": most_accounts(form.instance),
        "former": former[:SHOWN],
    }
    return render(request, "billing/collection/settings.html", context)


def _write(request, form):
    agents.write_settings(
        school=request.school, values=form.values, version=form.cleaned_data["version"], by=request.user
    )


def _asked_again(request):
    """The form as it was typed, now knowing of the settings that somebody else saved meanwhile."""
    typed = request.POST.copy()
    typed["version"] = agents.version_of(agents.current_agent(request.school))
    form = AgentForm(typed, school=request.school)
    form.add_error(None, _("設定剛剛被別人改過，還沒有儲存您的。下面是您填的內容；確定要用您的，請再按一次儲存。"))
    return form
