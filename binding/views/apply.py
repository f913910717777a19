"""Step 2, second half: 申辦親子帳號 – kind, applicants, check."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import rations
from binding import forms, steps
from binding.actions import application as actions
from binding.actions.application import StillAsked
from binding.applicant_form import ApplicantForm
from binding.progress import Progress
from binding.steps import editable_application, step
from core.states import InvalidMove

can_apply = step(Progress.check_can_apply)


@can_apply
def kind(request):
    """One parent, two parents or another guardian; 暫存離開 keeps the choice."""
    current = request.progress.application
    if current and current.is_submitted:
        return redirect("binding:sign", request.school.slug)
    restricted = request.progress.is_restricted
    known = {"kind": current.kind} if current and current.is_draft and not restricted else None
    form = forms.KindForm(request.POST or None, initial=known, restricted=restricted)
    if "leave" in request.POST and not form.is_valid():
        return steps.leave(request)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_kind(student=request.user.student, kind=form.cleaned_data["kind"], by=request.user)
            return steps.leave(request) if "leave" in request.POST else steps.onward(request)
        except StillAsked:
            messages.info(request, _("正在請已綁定的人確認是否撤回同意，現在不能申辦。"))
            return redirect("binding:tasks", request.school.slug)
    return render(request, "binding/apply_kind.html", {"form": form, "application": current})


@can_apply
def applicant(request, position):
    """Fill in one applicant; 暫存離開 keeps what is valid so far."""
    application = editable_application(request, position)
    typed = request.POST if request.method == "POST" else None  # with nothing left to type, an empty one counts
    restricted = request.progress.is_restricted
    login = request.progress.login
    form = ApplicantForm(typed, application=application, position=position, restricted=restricted, login=login)
    if request.method == "POST":
        leaving = "leave" in request.POST and application.is_draft
        may_try = rations.allows(form, "applicant", application.student_id, limit=settings.APPLICANT_TRIES)
        if may_try and (form.is_valid() or leaving):
            try:
                return _save_applicant(request, form, leaving)
            except actions.Twice as twice:
                form.add_error(twice.field, _("兩位申請人的資料不可相同，請再確認一次。"))
    context = {
        "form": form,
        "application": application,
        "position": position,
        "person": request.progress.people[position - 1],
        "progress": request.progress,
        "is_from_check": "check" in request.GET,
    }
    return render(request, "binding/apply_applicant.html", context)


def _save_applicant(request, form, leaving):
    try:
        actions.save_applicant(
            application=form.application,
            position=form.position,
            values=form.values(),
            is_complete=form.is_valid(),
            by=request.user,
            login=request.progress.login,
            confirmed=form.confirmed(),
        )
    except InvalidMove:
        messages.warning(request, _("導師剛剛完成了這一位的審核，內容已經不能修改。"))
        return redirect("binding:sign", request.school.slug)
    if leaving:
        wrong = "" if form.is_valid() else _("有錯或還沒填的欄位沒有儲存，下次請再填。")
        return steps.leave(request, also=wrong)
    return redirect(*_after_applicant(request, form))


def _after_applicant(request, form):
    application, slug = form.application, request.school.slug
    if application.is_submitted:
        messages.success(request, _("已更新，導師會依新的資料審核。"))
        return "binding:sign", slug
    if "check" in request.GET:
        return "binding:check", slug
    if form.position < application.positions[-1]:
        return "binding:applicant", slug, form.position + 1
    return ("binding:evidence" if application.needs_evidence else "binding:check"), slug


@can_apply
def check(request):
    """Check your answers; 確認送出 leads to signing."""
    application = request.progress.application
    if application is None:
        return redirect("binding:apply", request.school.slug)
    if not application.is_draft:
        return redirect("binding:sign", request.school.slug)
    if request.method == "POST":
        try:
            actions.mark_checked(application=application, by=request.user)
            return redirect("binding:sign", request.school.slug)
        except actions.Incomplete:
            messages.warning(request, _("還有資料沒有填完，請先補齊標示「未填妥」的部分。"))
    missing = application.missing_parts()
    return render(
        request,
        "binding/apply_check.html",
        {"application": application, "missing": missing, "progress": request.progress},
    )
