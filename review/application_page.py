"""What the page of an application shows: student and applicants beside each other, one form an applicant."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from binding.family_rows import last_bindings, note_decision, with_decision
from binding.models import Applicant, Application, CourtOrder, Evidence
from binding.models.address import with_address_state
from binding.own_family import own_family_among
from binding.progress import PILLS
from binding.reachability import with_gone_emails
from core.compiled import compiled, keep_fetched
from registry.roles import Role
from review import permissions
from review.access import found_for_reviewer
from review.changes import changes_since_return
from review.class_board import paper_of
from review.decisions import is_fresh
from review.forms import DecisionForm, EscalationForm
from review.guardians import match_of
from review.last_decision import last_decision_of
from review.neighbours import neighbours_of
from review.notes import with_last_note
from review.review_flags import Flag, flags_on, with_facts
from review.rules import reasons_of
from review.signed_snapshot import sign, snapshot_of
from review.timeline import timeline_of


def find_application(request, pk):
    """The application with all that its page and its decisions read; 404 outside one's desk. Two queries, or three."""
    application = _found(request.user, pk)
    if application is None:
        raise Http404
    student = application.student
    student.is_restricted = application.is_restricted
    note_decision(application, student)
    keep_fetched(
        application, "applicants", _applicants(application=application.pk, on=timezone.localdate(), at=timezone.now())
    )
    for applicant in application.applicants.all():
        applicant.application = application
    keep_fetched(application, "evidence", _evidence(application=application.pk) if application.has_evidence else [])
    return application


@found_for_reviewer
def _found(reviewer, on, at, pk):
    orders = CourtOrder.objects.standing(on).filter(student=OuterRef("student"))
    evidence = Evidence.objects.filter(application=OuterRef("pk"))
    mine = with_decision(Application.objects.of_reviewer(reviewer, on).filter(pk=pk), on, at)
    return (
        with_last_note(mine, "student")
        .annotate(has_orders=Exists(orders), has_evidence=Exists(evidence))
        .select_related(
            "student__school_class", "student__school__review_rules", "student__paper_form", "escalation__by"
        )
    )


@compiled(application=int, on=date, at=datetime)
def _applicants(application, on, at):
    applicants = Applicant.objects.filter(application=application).select_related("decided_by")
    return with_address_state(with_gone_emails(with_facts(applicants, on, at)))


@compiled(application=int)
def _evidence(application):
    return Evidence.objects.filter(application=application)


def draw_application(request, application, *, failed=None, problem=None, escalation_form=None, status=200):
    """`failed` is an applicant and the form that could not be carried out: drawn again with its words.

    `problem` is more to say about it: the differences of a page that became stale.
    """
    applicants = list(application.applicants.all())
    reasons = reasons_of(request.school)
    is_registrar = Role.REGISTRAR in request.user.roles
    decision = application.decision
    context = {
        "application": application,
        "student": application.student,
        "paper": paper_of(application.student),
        "decision": decision,
        "applicants": [(one, _form_for(one, reasons, failed)) for one in applicants],
        "changes": {one.pk: changes_since_return(one) for one in applicants},
        "matches": {one.pk: match_of(one) for one in applicants},
        "unusual": {one.pk: _unusual(application, one, is_registrar) for one in applicants},
        "taken_emails": {one.pk for one in applicants if one.email_is_taken and one.review == Applicant.Review.PENDING},
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


# What the page says in words of its own.
SAID_ELSEWHERE = {Flag.EVIDENCE, Flag.EMAIL_KNOWN, Flag.COURT, Flag.CUSTODY, Flag.NAME_DIFFERS}


def _unusual(application, applicant, is_registrar):
    """In words, of somebody who waits for a decision."""
    if applicant.review != Applicant.Review.PENDING:
        return []
    flags = [flag for flag in flags_on(application, applicant) if flag not in SAID_ELSEWHERE]
    return [flag.told_to(for_registrar=is_registrar) for flag in flags if is_registrar or flag != Flag.STUDENT]


def _form_for(applicant, reasons, failed):
    if failed and failed[0].pk == applicant.pk:
        return failed[1]
    return DecisionForm(applicant=applicant, reasons=reasons)
