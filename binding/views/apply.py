"""Step 2, second half: 申辦親子帳號 – kind, applicants, evidence, check."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import rations
from binding import forms
from binding.actions import application as actions
from binding.actions.withdrawal import StillAsked
from binding.models import Application, Evidence
from binding.progress import Progress
from binding.steps import step
from binding.views.files import send_file
from core.states import InvalidMove

NO_EVIDENCE_NOW = gettext_lazy("現在不能更動證明文件：申請已經審核完成，或這次只退回其他項目。")
can_apply = step(Progress.check_can_apply)


@can_apply
def kind(request):
    """One parent, two parents or another guardian."""
    current = request.progress.application
    if current and current.is_submitted:
        return redirect("binding:sign", request.school.slug)
    restricted = request.progress.is_restricted
    known = {"kind": current.kind} if current and current.is_draft and not restricted else None
    form = forms.KindForm(request.POST or None, initial=known, restricted=restricted)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_kind(student=request.user.student, kind=form.cleaned_data["kind"], by=request.user)
            return redirect("binding:applicant", request.school.slug, 1)
        except StillAsked:
            messages.info(request, _("正在請已綁定的人確認是否撤回同意，現在不能申辦。"))
            return redirect("binding:tasks", request.school.slug)
    return render(request, "binding/apply_kind.html", {"form": form, "application": current})


@can_apply
def applicant(request, position):
    """Fill in one applicant; 暫存離開 keeps what is valid so far."""
    application = _application(request, position)
    typed = (
        request.POST if request.method == "POST" else None
    )  # with nothing left to type, an empty one counts
    restricted = request.progress.is_restricted
    form = forms.ApplicantForm(typed, application=application, position=position, restricted=restricted)
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
        )
    except InvalidMove:
        messages.warning(request, _("導師剛剛完成了這一位的審核，內容已經不能修改。"))
        return redirect("binding:sign", request.school.slug)
    if leaving:
        messages.success(request, _("已暫存。下次登入可以從這裡繼續；填寫有誤的欄位沒有存下來。"))
        return redirect("binding:tasks", request.school.slug)
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
def evidence(request):
    """A guardian's proof: add files, look at them, take them back."""
    application = _application(request)
    if not application.needs_evidence:
        raise Http404
    form = (
        forms.EvidenceForm(request.POST, request.FILES) if request.method == "POST" else forms.EvidenceForm()
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_evidence(application=application, files=form.cleaned_data["files"], by=request.user)
            return redirect("binding:evidence", request.school.slug)
        except actions.TooMany:
            form.add_error("files", forms.too_many_files())
        except InvalidMove:
            messages.warning(request, NO_EVIDENCE_NOW)
            return redirect("binding:sign", request.school.slug)
    return render(
        request,
        "binding/apply_evidence.html",
        {"form": form, "application": application, "progress": request.progress},
    )


@step()
def evidence_file(request, pk):
    if request.progress.is_restricted:
        raise Http404
    own = Evidence.objects.filter(application__student=request.user.student)
    return send_file(get_object_or_404(own, pk=pk))


@require_POST
@can_apply
def evidence_remove(request, pk):
    own = Evidence.objects.filter(application__student=request.user.student).select_related("application")
    try:
        actions.remove_evidence(evidence=get_object_or_404(own, pk=pk), by=request.user)
    except actions.Incomplete:
        messages.warning(request, _("至少要留一份證明文件。請先上傳新的，再移除舊的。"))
    except InvalidMove:
        messages.warning(request, NO_EVIDENCE_NOW)
    return redirect("binding:evidence", request.school.slug)


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


def _application(request, position=1):
    """The family's application as far as it may be edited: a draft, or an undecided applicant of a sent one."""
    application = request.progress.application
    if application is None or position not in application.positions:
        raise Http404
    one = application.applicant_at(position)
    if application.status == Application.Status.DECIDED or (
        application.is_submitted and not (one and one.is_undecided)
    ):
        raise Http404
    return application
