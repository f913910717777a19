"""The helpdesk: find an account, unlock it, reset it, send a mail again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import helpdesk, throttle
from accounts.models import User
from notifications import outbox
from notifications.models import Message
from registry.access import staff_only
from registry.models import Student
from registry.roles import AccountKind, Role
from registry.search import find_students, looks_like_identity, typed

PAGE = 50


@staff_only(Role.HELPDESK)
def home(request):
    """Families by number, account or name; staff by account or name."""
    text = typed(request)
    if looks_like_identity(text):
        messages.warning(request, _("請不要輸入證號，網路中心用學號、帳號或姓名查詢就可以。"))
        return redirect("accounts:helpdesk", request.school.slug)
    students = find_students(request.school, text=text) if text else Student.objects.none()
    page = Paginator(students.select_related("school_class", "family_account"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {"q": text, "page_obj": page, "staff": _find_staff(request.school, text)}
    return render(request, "accounts/helpdesk.html", context)


def _find_staff(school, text):
    if not text:
        return []
    named = Q(account__icontains=text) | Q(name__icontains=text)
    found = list(User.objects.filter(named, kind=AccountKind.STAFF, school=school).order_by("account")[:20])
    paused = throttle.minutes_paused([key for user in found for key in helpdesk.keys_of_staff(user)])
    return [(user, max(paused.get(key, 0) for key in helpdesk.keys_of_staff(user))) for user in found]


@staff_only(Role.HELPDESK)
def family(request, pk):
    student = _find(request, pk)
    mails = Paginator(helpdesk.mails_of(student), PAGE).get_page(request.GET.get("page"))
    context = {"account": helpdesk.FamilyAccount.of(student), "student": student, "page_obj": mails}
    return render(request, "accounts/helpdesk_family.html", context)


@staff_only(Role.HELPDESK)
def family_reset(request, pk):
    """Say what happens and whom it tells; then do it."""
    student = _find(request, pk)
    if request.method == "POST":
        if helpdesk.reset_portal_password(student=student, by=request.user):
            messages.success(request, _("已重設。家長用最初的密碼登入，登入後會請他們改密碼。"))
        else:
            messages.info(request, _("這個帳號用的就是最初的密碼，不必重設。"))
        return redirect("accounts:helpdesk-family", request.school.slug, pk)
    return render(request, "accounts/helpdesk_reset.html", {"student": student})


@require_POST
@staff_only(Role.HELPDESK)
def family_unlock(request, pk):
    helpdesk.unlock_family(student=_find(request, pk), by=request.user)
    messages.success(request, _("已解除鎖定，可以馬上再登入。"))
    return redirect("accounts:helpdesk-family", request.school.slug, pk)


@require_POST
@staff_only(Role.HELPDESK)
def staff_unlock(request, pk):
    staff = User.objects.filter(kind=AccountKind.STAFF, school=request.school)
    helpdesk.unlock_staff(user=get_object_or_404(staff, pk=pk), by=request.user)
    messages.success(request, _("已解除鎖定，可以馬上再登入。"))
    return redirect("accounts:helpdesk", request.school.slug)


@require_POST
@staff_only(Role.HELPDESK)
def mail_resend(request, pk):
    own = Message.objects.filter(school_id=request.school.pk, student_id__isnull=False)
    message = get_object_or_404(own, pk=pk)
    outbox.resend(message=message, by=request.user)
    messages.success(request, _("已排入重寄，稍後就會寄出。"))
    return redirect("accounts:helpdesk-family", request.school.slug, message.student_id)


def _find(request, pk):
    students = Student.objects.filter(school=request.school).select_related("school", "school_class")
    return get_object_or_404(students, pk=pk)
