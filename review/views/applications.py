"""One application: student and applicants beside each other, and a decision on each."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from binding.actions.starting import renew_opening
from binding.emails import taken_among
from binding.models import Applicant, Binding, Evidence
from binding.models.withdrawal import decision_of
from binding.pdf_pages import Unreadable, draw_page
from binding.permissions import check_not_own_family, own_family_among
from binding.progress import PILLS
from binding.views.files import send_file, send_inert
from core.states import InvalidMove
from registry.roles import Role
from review import permissions
from review.changes import changes_since_return
from review.class_board import paper_of
from review.evidence_looks import note_look
from review.forms import DecisionForm, HandoverForm
from review.guardians import guardians_of, match_of
from review.queue import neighbours_of
from review.reasons import reasons_of
from review.signed_snapshot import seal, seen_of
from review.timeline import timeline_of
from review.undoing import is_fresh, last_decision_of
from review.views.access import reviewers_only, unless_withdrawn


@reviewers_only
@unless_withdrawn
def application_page(request, pk):
    """Student and applicants side by side; one form an applicant."""
    application = find_application(request, pk)
    return draw_application(request, application)


def find_application(request, pk):
    mine = permissions.applications_of(request.user).select_related(
        "student__school_class", "student__school", "student__paper_form", "handover__by"
    )
    return get_object_or_404(mine.prefetch_related("applicants__decided_by", "evidence"), pk=pk)


def draw_application(request, application, *, failed=None, problem=None, handover_form=None, status=200):
    """`failed` is an applicant and the form that could not be carried out: drawn again with its words.

    `problem` is more to say about it: the differences of a page that became stale.
    """
    applicants = list(application.applicants.all())
    guardians = guardians_of(application.student)
    reasons = reasons_of(request.school)
    is_registrar = Role.REGISTRAR in request.user.roles
    decision = decision_of(application.student)
    context = {
        "application": application,
        "student": application.student,
        "paper": paper_of(application.student),
        "decision": decision,
        "applicants": [(one, _form_for(one, reasons, failed)) for one in applicants],
        "changes": {one.pk: changes_since_return(one) for one in applicants},
        "matches": {one.pk: match_of(one, guardians) for one in applicants},
        "taken_emails": taken_among([one for one in applicants if one.review == Applicant.Review.PENDING]),
        "undoable": {one.pk: is_fresh(one) for one in applicants},
        "seen": seal(seen_of(application, decision)),
        "bindings": _bindings(application),
        "own_family": own_family_among(request.user, [application.student]).get(application.student_id),
        "neighbours": neighbours_of(application, for_registrar=is_registrar),
        "handover": getattr(application, "handover", None),
        "is_registrar": is_registrar,
        "needs_registrar": permissions.needs_registrar(application),
        "handover_form": handover_form or HandoverForm(),
        "timeline": timeline_of(application),
        "problem": problem,
        "last": last_decision_of(request.user),
        "pills": PILLS,
    }
    return render(request, "review/application.html", context, status=status)


def _form_for(applicant, reasons, failed):
    if failed and failed[0].pk == applicant.pk:
        return failed[1]
    return DecisionForm(applicant=applicant, reasons=reasons)


def _bindings(application):
    return Binding.objects.last_of_each(application)


@reviewers_only
def evidence_file(request, pk):
    mine = Evidence.objects.filter(application__in=permissions.applications_of(request.user))
    evidence = get_object_or_404(mine, pk=pk)
    note_look(evidence=evidence, by=request.user)
    return send_file(evidence)


@reviewers_only
def evidence_page(request, pk, number):
    """One page of a PDF as a picture, to look at beside the application."""
    mine = Evidence.objects.filter(application__in=permissions.applications_of(request.user))
    evidence = get_object_or_404(mine, pk=pk, content_type=Evidence.Type.PDF, pages__gte=number)
    try:
        picture = draw_page(evidence.read(), number)
    except Unreadable as error:
        raise Http404 from error
    note_look(evidence=evidence, by=request.user)
    return send_inert(picture, "image/jpeg", f"evidence-{evidence.pk}-{number}", shown=True)


@require_POST
@reviewers_only
def opening_renew(request, applicant_pk):
    """重新寄送開通信: for a parent whose initial password ran out before it was used."""
    mine = Applicant.objects.filter(application__in=permissions.applications_of(request.user))
    applicant = get_object_or_404(mine, pk=applicant_pk)
    binding = get_object_or_404(
        Binding.objects.active().select_related(
            "account__user", "student__school", "student__school_class", "applicant__application"
        ),
        applicant=applicant,
    )
    try:
        check_not_own_family(request.user, binding.student)
        renew_opening(binding=binding, by=request.user)
        words = _("開通信已重新寄出，初始密碼可以再使用 %(days)d 天。")
        messages.success(request, words % {"days": settings.SSO_INITIAL_DAYS})
    except permissions.NotYours as refusal:
        messages.warning(request, str(refusal))
    except InvalidMove:
        messages.info(request, _("這個帳號已經開通。若忘記密碼，請家長在登入頁處理。"))
    return redirect("review:application", request.school.slug, applicant.application_id)
