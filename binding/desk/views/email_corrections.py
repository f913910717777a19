"""信箱更正: what a second member of staff looks at before the e-mail of an account in use is changed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from binding.actions import email_correction
from binding.models import EmailCorrection
from binding.permissions import NotYours
from registry.access import staff_only
from registry.roles import Role

SHOWN = 60
second_persons_only = staff_only(Role.REGISTRAR, Role.SCHOOL_ADMIN)


@second_persons_only
def address_list(request):
    return render(
        request, "binding/desk/email_corrections.html", {"changes": _waiting(request).order_by("pk")[:SHOWN]}
    )


@require_POST
@second_persons_only
def address_allow(request, pk):
    return _decide(
        request,
        pk,
        email_correction.allow_correction,
        _("已同意，驗證連結寄到新的信箱了；原來的信箱也會收到通知。"),
    )


@require_POST
@second_persons_only
def address_refuse(request, pk):
    return _decide(request, pk, email_correction.refuse_correction, _("已記下不同意，電子郵件沒有改變。"))


def _decide(request, pk, action, words):
    change = get_object_or_404(EmailCorrection, pk=pk, binding__student__school=request.school)
    try:
        action(change=change, by=request.user)
        messages.success(request, words)
    except email_correction.LinkOver:
        messages.info(request, _("這次更正已經有結果了，不必再確認。"))
    except email_correction.AddressTaken:
        messages.warning(request, _("這個電子郵件無法使用，請向本人確認，或改用其他信箱。"))
    except email_correction.NotBound:
        messages.warning(request, _("這個綁定目前沒有生效，請由有生效綁定的學校更正。"))
    except NotYours as refusal:
        messages.warning(request, str(refusal))
    return redirect("binding:addresses", request.school.slug)


def _waiting(request):
    return (
        EmailCorrection.objects.to_allow()
        .filter(binding__student__school=request.school)
        .select_related("account__user", "asked_by__school", "binding__student__school_class")
    )
