"""What the page of an application shows: student and applicants beside each other, one form an applicant."""

from django.shortcuts import get_object_or_404, render

from binding.email_owners import taken_among
from binding.family_rows import last_bindings, standing_of
from binding.models import Applicant, Application
from binding.own_family import own_family_among
from binding.progress import PILLS
from registry.roles import Role
from review import permissions
from review.changes import changes_since_return
from review.class_board import neighbours_of, paper_of
from review.decisions import is_fresh, last_decision_of
from review.forms import DecisionForm, EscalationForm
from review.guardians import guardians_of, match_of
from review.rules import reasons_of
from review.signed_snapshot import sign, snapshot_of
from review.timeline import timeline_of


def find_application(request, pk):
    mine = Application.objects.of_reviewer(request.user).select_related(
        "student__school_class", "student__school", "student__paper_form", "escalation__by"
    )
    return get_object_or_404(mine.prefetch_related("applicants__decided_by", "evidence"), pk=pk)


def draw_application(request, application, *, failed=None, problem=None, escalation_form=None, status=200):
    """`failed` is an applicant and the form that could not be carried out: drawn again with its words.

    `problem` is more to say about it: the differences of a page that became stale.
    """
    applicants = list(application.applicants.all())
    guardians = guardians_of(application.student)
    reasons = reasons_of(request.school)
    is_registrar = Role.REGISTRAR in request.user.roles
    standing = standing_of(application.student)
    application.student.is_restricted, decision = standing.is_restricted, standing.decision
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
        "snapshot": sign(snapshot_of(application, decision)),
        "bindings": last_bindings(application),
        "own_family": own_family_among(request.user, [application.student]).get(application.student_id),
        "neighbours": neighbours_of(application, for_registrar=is_registrar),
        "escalation": getattr(application, "escalation", None),
        "is_registrar": is_registrar,
        "needs_registrar": permissions.needs_registrar(application),
        "escalation_form": escalation_form or EscalationForm(),
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
