"""A decision on one applicant: carried out, looked at before its mail goes, or taken back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from binding.models import Applicant
from consent.models import ConsentDecision
from core.languages import joined
from core.states import InvalidMove
from core.way_back import came_from, is_at, redirect_back, redirect_on
from notifications.outbox import TooLate
from registry.roles import Role
from review import decisions, permissions, policies
from review.access import reviewers_only, unless_withdrawn
from review.application_page import draw_application, find_application
from review.forms import DecisionForm, UndoForm
from review.models import ReviewRules
from review.neighbours import neighbours_of
from review.rules import reasons_of
from review.signed_snapshot import changes_since, snapshot_of


@require_POST
@reviewers_only
@unless_withdrawn
def decide(request, pk, applicant_pk):
    application = find_application(request, pk)
    applicant = get_object_or_404(application.applicants, pk=applicant_pk)
    applicant.application = application
    form = DecisionForm(request.POST, applicant=applicant, reasons=reasons_of(request.school))
    if not form.is_valid():
        return draw_application(request, application, failed=(applicant, form))
    if form.wants_a_look:
        return _show_mail(request, applicant, form)
    try:
        _carry_out(form, applicant, request.user)
    except (policies.Stale, InvalidMove):
        return _draw_stale(request, pk, applicant, form)
    except (policies.NotAllowed, permissions.NotYours) as refusal:
        form.add_error(None, str(refusal))
        return draw_application(request, application, failed=(applicant, form))
    messages.success(request, _said(applicant, form))
    return _go_on(request, application, applicant)


def _carry_out(form, applicant, by):
    decided = {"applicant": applicant, "revision": form.cleaned_data["revision"], "by": by}
    decision, reason = form.cleaned_data["decision"], form.cleaned_data["reason"].strip()
    if decision == form.APPROVE:
        decisions.approve(**decided)
    elif decision == form.RETURN:
        decisions.return_for_changes(reason=reason, fields=form.cleaned_data["fields_to_mend"], **decided)
    else:
        decisions.reject(reason=reason, **decided)


def _show_mail(request, applicant, form):
    """The mail as the applicant will read it; its reason can be changed here."""
    fields = form.cleaned_data["fields_to_mend"]
    mail = decisions.preview_mail(
        applicant=applicant, review=form.review, reason=form.cleaned_data["reason"], fields=fields
    )
    context = {"application": applicant.application, "applicant": applicant, "form": form, "mail": mail}
    context["minutes"] = ReviewRules.of(request.school).undo_window
    return render(request, "review/decision_mail.html", context)


def _draw_stale(request, pk, applicant, form):
    """Nothing was decided: what changed since the page was opened, and the words typed so far."""
    application = find_application(request, pk)
    decision = ConsentDecision.objects.latest_of(application.student)
    problem = {
        "changes": changes_since(form.cleaned_data["snapshot"], snapshot_of(application, decision)),
        "reason": form.cleaned_data["reason"],
    }
    return draw_application(request, application, failed=(applicant, form), problem=problem, status=409)


def _said(applicant, form):
    words = {
        form.APPROVE: _("已核可 %(name)s。"),
        form.RETURN: _("已退回 %(name)s 修正。"),
        form.REJECT: _("%(name)s 已記為不通過。"),
    }
    return words[form.cleaned_data["decision"]] % {"name": applicant.name}


def _go_on(request, application, applicant):
    """The other applicant of this application, else the next one that waits, else the class."""
    slug, student = request.school.slug, application.student
    others = application.applicants.filter(review=Applicant.Review.PENDING).exclude(pk=applicant.pk)
    if others.exists():
        return redirect_on(request, "review:application", slug, application.pk)
    if came_from(request) and not is_at(came_from(request), "review:class"):  # a list of its own, as the registrar's
        return redirect_back(request, "review:class", slug, student.school_class_id)
    place = neighbours_of(application, for_registrar=Role.REGISTRAR in request.user.roles)
    if waiting := place.next or place.previous:
        return redirect_on(request, "review:application", slug, waiting.pk)
    return redirect_back(request, "review:class", slug, student.school_class_id)


@require_POST
@reviewers_only
def decisions_undo(request):
    """Take decisions back; each on its own."""
    mine = Applicant.objects.of_reviewer(request.user)
    form = UndoForm(request.POST)
    chosen = list(mine.filter(pk__in=form.chosen()).select_related("application__student")) if form.is_valid() else []
    failed = [one for one in chosen if not _undo(one, request.user)]
    if failed:
        names = joined(one.name for one in failed)
        words = _("%(names)s 的決定不能復原了：信已經寄出，或家長已經有下一步。")
        messages.warning(request, words % {"names": names})
    if len(chosen) > len(failed):
        count = len(chosen) - len(failed)
        words = ngettext("已復原 %(count)d 個決定，沒有寄信。", "已復原 %(count)d 個決定，沒有寄信。", count)
        messages.success(request, words % {"count": count})
    if len(chosen) == 1:
        return redirect_on(request, "review:application", request.school.slug, chosen[0].application_id)
    if chosen:
        return redirect_back(
            request, "review:class", request.school.slug, chosen[0].application.student.school_class_id
        )
    return redirect("review:home", request.school.slug)


def _undo(applicant, by):
    try:
        decisions.undo(applicant=applicant, by=by)
    except (TooLate, InvalidMove, permissions.NotYours):
        return False
    return True
