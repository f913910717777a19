"""The registrar's desk after approval: who is bound to whom, a wrong address, and the end of a binding."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import rations
from accounts.models import SSOAccount
from binding.actions import address as addresses
from binding.actions.ending import end_by_registrar
from binding.desk.bindings import STATES, find_bindings, history_of, kept_from_teachers
from binding.desk.forms import AddressForm, EndForm
from binding.models import AddressChange, Binding, CourtOrder, Withdrawal, WithdrawalAnswer
from binding.permissions import NotYours
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
    change = AddressChange.objects.pending().filter(account=binding.account_id)
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
def binding_address(request, pk):
    """電子郵件有誤: the right one, why, and how the person was known."""
    binding = find_binding(request, pk)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and may_ask(form, request.user) and _ask(form, binding, request.user):
        messages.success(request, _said(binding.account))
        return redirect("binding:binding", request.school.slug, pk)
    return render(request, "binding/desk/binding_email.html", {"form": form, "binding": binding})


def may_ask(form, user):
    """Whether an address may be typed once more: the answer tells whether it is somebody's."""
    return form.is_valid() and rations.allows(form, "address", user.pk, limit=settings.EMAIL_CHANGES_ASKED)


def _said(account):
    if account.state == SSOAccount.State.ACTIVE:
        return _(
            "已提出更正。這個帳號使用中，請另一位註冊組同仁或學校管理者到「信箱更正」確認，才會寄出連結。"
        )
    return _("驗證連結已寄到新的電子郵件。本人按了連結，才會更正。")


def _ask(form, binding, by):
    try:
        return addresses.ask_for_address(binding=binding, by=by, **form.cleaned_data)
    except addresses.AddressTaken:
        form.add_error("new_email", _("這個電子郵件無法使用，請向本人確認，或改用其他信箱。"))
    except addresses.SameAddress:
        form.add_error("new_email", _("這就是目前的電子郵件。"))
    except addresses.NotBound:
        form.add_error(None, _("這個綁定目前沒有生效，請由有生效綁定的學校更正。"))
    except NotYours as refusal:
        form.add_error(None, str(refusal))
    return None


@require_POST
@registrars_only
def address_resend(request, pk):
    return _with_change(request, pk, addresses.resend_link, _("已再寄一次驗證連結，先前的連結不能再用。"))


@require_POST
@registrars_only
def address_cancel(request, pk):
    return _with_change(request, pk, addresses.cancel_change, _("已取消更正，電子郵件沒有改變。"))


def _with_change(request, pk, action, words):
    """`pk` of the binding at which the address was asked for."""
    binding = find_binding(request, pk)
    change = AddressChange.objects.filter(binding=binding).first()
    if change is None:
        raise Http404
    try:
        action(change=change, by=request.user)
        messages.success(request, words)
    except addresses.LinkOver:
        messages.info(request, _("這次更正已經結束，請看下面的經過。"))
    except addresses.AddressTaken:
        messages.warning(request, _("這個電子郵件無法使用，請向本人確認，或改用其他信箱。"))
    except addresses.NotBound:
        messages.warning(request, _("這個綁定目前沒有生效，請由有生效綁定的學校更正。"))
    except NotYours as refusal:
        messages.warning(request, str(refusal))
    return redirect("binding:binding", request.school.slug, pk)


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


def find_binding(request, pk):
    bindings = Binding.objects.filter(student__school=request.school).select_related(
        "account__user", "student__school", "student__school_class", "applicant__decided_by"
    )
    return get_object_or_404(bindings, pk=pk)
