"""The registrar's desk after approval: who is bound to whom, and the end of a binding."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from binding.actions.ending import end_by_registrar
from binding.desk.bindings import STATES, find_binding, find_bindings, history_of, kept_from_teachers
from binding.desk.forms import EndForm
from binding.models import CourtOrder, EmailCorrection, Withdrawal, WithdrawalAnswer
from binding.own_family import NotYours
from core.identity import may_be_in
from registry.access import registrars_only
from registry.search import typed

PAGE = 50


@registrars_only
def binding_list(request):
    text, state = typed(request), request.GET.get("state", "active")
    if may_be_in(text):
        messages.warning(request, _("請不要在這裡輸入證號，證號不可出現在網址上。請用學號或姓名查詢。"))
        return redirect("binding:bindings", request.school.slug)
    query = request.GET.copy()
    query.pop("page", None)
    found = find_bindings(request.school, text=text, state=state)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "q": text,
        "state": state if state in STATES else "active",
        "states": STATES.items(),
        "query": query.urlencode(),
        "barred": kept_from_teachers(request.school),
    }
    return render(request, "binding/desk/bindings.html", context)


@registrars_only
def binding_page(request, pk):
    """Who is bound, since when and by whose approval; what was done since, what can be done now."""
    binding = find_binding(request, pk)
    change = EmailCorrection.objects.pending().filter(account=binding.account_id)
    asked = WithdrawalAnswer.objects.usable().filter(binding=binding)
    orders = CourtOrder.objects.filter(student=binding.student_id, account=binding.account_id)
    context = {
        "binding": binding,
        "change": change.select_related("asked_by", "binding__student__school").first(),
        "orders": orders,
        "mandates": binding.delegations.select_related("entered_by") if binding.is_delegated else [],
        "has_standing_order": any(order.is_standing for order in orders),
        "history": history_of(binding, orders),
        "withdrawal": Withdrawal.objects.open().filter(answers__in=asked).first(),
    }
    return render(request, "binding/desk/binding.html", context)


@registrars_only
def binding_end(request, pk):
    """終止綁定: why, in words that the person reads."""
    binding = find_binding(request, pk)
    form = EndForm(request.POST or None, binding=binding)
    if request.method == "POST" and form.is_valid():
        try:
            end_by_registrar(binding=binding, by=request.user, **form.cleaned_data)
            messages.success(request, _("綁定已終止，系統會寄信通知當事人。"))
            return redirect("binding:binding", request.school.slug, pk)
        except NotYours as refusal:
            form.add_error(None, str(refusal))
    return render(request, "binding/desk/binding_end.html", {"form": form, "binding": binding})
