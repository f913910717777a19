"""The helpdesk: find an account, unlock it, reset it, send a mail again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from core.way_back import redirect_back, redirect_on
from notifications.models import LATELY, Message
from notifications.outbox import WasSensitive
from registry.access import helpdesk_only
from registry.lists import show_list
from registry.models import Student
from registry.roles import AccountKind
from staff import helpdesk
from staff.family_list import list_of_families

PAGE = 50


@helpdesk_only
def home(request):
    """Families by number, account, name or a parent's e-mail; staff by account or name."""
    listing = list_of_families(request)
    text = listing.text
    context = {
        "is_short": bool(text) and "@" not in text and not helpdesk.is_enough(text),
        "staff": helpdesk.find_staff(request.school, text),
        "failing": [] if text else helpdesk.failing_mails(request.school),
        "days": LATELY.days,
    }
    return show_list(request, "staff/helpdesk.html", listing, context)


@helpdesk_only
def family(request, pk):
    return _draw_family(request, _find(request, pk))


def _draw_family(request, student, *, status=200):
    mails = Paginator(helpdesk.mails_of(student), PAGE).get_page(request.GET.get("page"))
    context = {
        "account": _account_of(student),
        "phone": helpdesk.on_the_phone(student),
        "student": student,
        "page_obj": mails,
    }
    return render(request, "staff/helpdesk_family.html", context, status=status)


@helpdesk_only
def family_reset(request, pk):
    """Say what happens and whom it tells; then do it."""
    student = _find(request, pk)
    if request.method != "POST" and _account_of(student).has_own_password:
        context = {"student": student, "told": helpdesk.told_of_reset(student)}
        return render(request, "staff/helpdesk_reset.html", context)
    if request.method == "POST" and helpdesk.reset_portal_password(student=student, by=request.user):
        messages.success(request, _("已重設。家長用最初的密碼登入，登入後會請他們改密碼。"))
    else:
        messages.info(request, _("這個帳號用的就是最初的密碼，不必重設。"))
    return redirect_on(request, "staff:helpdesk-family", request.school.slug, pk)


@require_POST
@helpdesk_only
def family_unlock(request, pk):
    helpdesk.unlock_family(student=_find(request, pk), by=request.user)
    messages.success(request, _("已解除鎖定，可以馬上再登入。"))
    return redirect_on(request, "staff:helpdesk-family", request.school.slug, pk)


@require_POST
@helpdesk_only
def staff_unlock(request, pk):
    """A colleague's account; the own one would give whoever sits down here endless tries at its password."""
    staff = User.objects.filter(kind=AccountKind.STAFF, school=request.school).exclude(pk=request.user.pk)
    colleague = get_object_or_404(staff, pk=pk)
    helpdesk.unlock_staff(user=colleague, by=request.user)
    messages.success(request, _("已解除鎖定，可以馬上再登入。"))
    return redirect_back(request, "staff:helpdesk", request.school.slug)


@require_POST
@helpdesk_only
def mail_resend(request, pk):
    message = get_object_or_404(Message.objects.filter(school_id=request.school.pk), pk=pk)
    student = _find(request, message.student_id)
    try:
        if helpdesk.resend_mail(message=message, by=request.user):
            messages.success(request, _("已排入重寄，稍後就會寄出。"))
        else:
            messages.info(request, _("這封信已經在等待寄送，不必再按。"))
    except helpdesk.ResentEnough:
        messages.warning(request, _("這封信今天已經重寄很多次。請先確認信箱對不對，也請家長看看垃圾信件匣。"))
        return _draw_family(request, student, status=429)
    except WasSensitive:
        messages.warning(
            request,
            _(
                "這封信裡的連結或驗證碼只給本人用一次，不能再寄同一封。請本人在登入頁按「忘記密碼，或沒有收到開通信」，或請註冊組重新寄送。"
            ),
        )
    return redirect_on(request, "staff:helpdesk-family", request.school.slug, student.pk)


def _find(request, pk):
    students = Student.objects.filter(school=request.school)
    return get_object_or_404(students.select_related("school", "school_class", "family_account"), pk=pk)


def _account_of(student):
    return helpdesk.FamilyAccount.of_each([student])[0]
