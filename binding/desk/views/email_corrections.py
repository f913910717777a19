"""電子郵件有誤: a registrar asks for the right one, and a second member of staff looks at it where the account is in use."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.models import SSOAccount
from binding.actions import email_correction as actions
from binding.desk.bindings import find_binding
from binding.desk.forms import EmailCorrectionForm, may_ask
from binding.models import EmailCorrection
from binding.own_family import NotYours
from core.way_back import redirect_back, redirect_on
from registry.access import registrars_only, staff_only
from registry.roles import Role

SHOWN = 60
TAKEN = gettext_lazy("這個電子郵件無法使用，請向本人確認，或改用其他信箱。")
NOT_BOUND = gettext_lazy("這個綁定目前沒有生效，請由有生效綁定的學校更正。")
second_persons_only = staff_only(Role.REGISTRAR, Role.SCHOOL_ADMIN)


@registrars_only
def correct_email(request, pk):
    """The right e-mail, why, and how the person was known; `pk` of the binding."""
    binding = find_binding(request, pk)
    form = EmailCorrectionForm(request.POST or None)
    if request.method == "POST" and may_ask(form, request.user) and _ask(form, binding, request.user):
        messages.success(request, _said(binding.account))
        return redirect_on(request, "binding:binding", request.school.slug, pk)
    return render(request, "binding/desk/email_correct.html", {"form": form, "binding": binding})


def _ask(form, binding, by):
    try:
        return actions.ask_to_correct_email(binding=binding, by=by, **form.cleaned_data)
    except actions.AddressTaken:
        form.add_error("new_email", TAKEN)
    except actions.SameEmail:
        form.add_error("new_email", _("這就是目前的電子郵件。"))
    except actions.NotBound:
        form.add_error(None, NOT_BOUND)
    except NotYours as refusal:
        form.add_error(None, str(refusal))
    return None


def _said(account):
    if account.state == SSOAccount.State.ACTIVE:
        return _("已提出更正。這個帳號使用中，請另一位註冊組同仁或學校管理者到「信箱更正」確認，才會寄出連結。")
    return _("驗證連結已寄到新的電子郵件。本人按了連結，才會更正。")


@require_POST
@registrars_only
def resend_link(request, pk):
    words = _("已再寄一次驗證連結，先前的連結不能再用。")
    return _act_at_binding(request, pk, actions.resend_link, words)


@require_POST
@registrars_only
def cancel(request, pk):
    words = _("已取消更正，電子郵件沒有改變。")
    return _act_at_binding(request, pk, actions.cancel_correction, words)


def _act_at_binding(request, pk, action, words):
    """On the last correction that was asked for at this binding."""
    change = EmailCorrection.objects.filter(binding=find_binding(request, pk)).first()
    if change is None:
        raise Http404
    _act(request, action, change, words, _("這次更正已經結束，請看下面的經過。"))
    return redirect_on(request, "binding:binding", request.school.slug, pk)


@second_persons_only
def waiting(request):
    """信箱更正: what waits for a second member of staff."""
    changes = _of_school(request).to_allow().order_by("pk")
    changes = changes.select_related("account__user", "asked_by__school", "binding__student__school_class")
    return render(request, "binding/desk/email_corrections.html", {"changes": changes[:SHOWN]})


@require_POST
@second_persons_only
def allow(request, pk):
    words = _("已同意，驗證連結寄到新的信箱了；原來的信箱也會收到通知。")
    return _decide(request, pk, actions.allow_correction, words)


@require_POST
@second_persons_only
def refuse(request, pk):
    return _decide(request, pk, actions.refuse_correction, _("已記下不同意，電子郵件沒有改變。"))


def _decide(request, pk, action, words):
    change = get_object_or_404(_of_school(request), pk=pk)
    _act(request, action, change, words, _("這次更正已經有結果了，不必再確認。"))
    return redirect_back(request, "binding:addresses", request.school.slug)


def _of_school(request):
    return EmailCorrection.objects.filter(binding__student__school=request.school)


def _act(request, action, change, words, ended):
    """Do it and say `words`, or say why not: `ended` where it is over already."""
    try:
        action(change=change, by=request.user)
        messages.success(request, words)
    except actions.LinkOver:
        messages.info(request, ended)
    except actions.AddressTaken:
        messages.warning(request, TAKEN)
    except actions.NotBound:
        messages.warning(request, NOT_BOUND)
    except NotYours as refusal:
        messages.warning(request, str(refusal))
