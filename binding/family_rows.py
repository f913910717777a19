"""The rows that say where a family stands, read for `binding.progress` in a fixed number of statements."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils import timezone

from binding.models import (
    Applicant,
    Application,
    Binding,
    CorrectionRequest,
    CustodyRestriction,
    DataConfirmation,
    Withdrawal,
)
from binding.models.address import with_address_state
from binding.reachability import with_gone_emails
from consent.models import ConsentDecision
from core.compiled import compiled, keep_fetched
from registry.models import Student

LAST: dict[str, Any] = {"confirmation": DataConfirmation, "correction": CorrectionRequest, "decision": ConsentDecision}


def standing_of(student):
    """What `student`, or its key, has come to: the row of `with_standing`; one query."""
    key = getattr(student, "pk", student)
    found = _standing.first(student=key, on=timezone.localdate(), at=timezone.now())
    for name in LAST:
        found.__dict__.setdefault(name, None)
    note_decision(found, found)
    return found


@compiled(student=int, on=date, at=datetime)
def _standing(student, on, at):
    """`paper_at`: when the school received the signed form, a row of `review.models.PaperForm`; `took_back`: something sent
    was withdrawn.
    """
    received = Q(paper_form__answer__in=["agree", "decline"])
    sent = Application.objects.filter(student=OuterRef("pk"), submitted_at__isnull=False)
    with_more = with_standing(Student.objects.only("pk").filter(pk=student), on, at).annotate(
        paper_at=models.Case(models.When(received, then="paper_form__marked_at")),
        took_back=Exists(sent.filter(status=Application.Status.WITHDRAWN)),
    )
    return with_more.order_by()


def with_standing(students, on, at):
    """Each with the last of what the family said, which may be missing, and what holds for it.

    `confirmation`, `correction` and `decision`; `is_restricted`: one parent's data is hidden from the other;
    `is_withdrawing`: people bound are asked about its consent; `deadline`.
    """
    last = {name: _last(name) for name in LAST}
    return students.annotate(**last, **_holds("pk", on, at)).select_related(*LAST).with_deadline()


def with_decision(rows, on, at):
    """Students or applications with the family's last answer, `decision`, and what holds, as `with_standing`.

    `note_decision` says so on what was read.
    """
    student, path = ("pk", "") if rows.model is Student else ("student", "student__")
    return rows.annotate(decision=_last("decision", path), **_holds(student, on, at)).select_related("decision")


def note_decision(row, student):
    """`row` is of `student`: its decision, if any, knows whose it is and whether consent is being taken back."""
    decision = row.__dict__.setdefault("decision", None)
    if decision:
        decision.student, decision.is_withdrawing = student, row.is_withdrawing
    return decision


def _holds(student, on, at):
    restrictions = CustodyRestriction.objects.in_force(on).filter(student=OuterRef(student))
    asked = Withdrawal.objects.open(at).filter(student=OuterRef(student))
    return {"is_restricted": Exists(restrictions), "is_withdrawing": Exists(asked)}


def _last(name, to_student=""):
    model = LAST[name]
    newer = model._default_manager.filter(student=OuterRef(f"{name}__student"), pk__gt=OuterRef(f"{name}__pk"))
    relation = model._meta.get_field("student").remote_field.related_name
    return FilteredRelation(f"{to_student}{relation}", condition=Q(~Exists(newer)))


def last_application(student):
    """The application that the family's pages speak of, with its applicants; two queries."""
    last = _applications.first(student=student.pk, on=timezone.localdate())
    if last:
        keep_fetched(last, "applicants", _applicants(application=last.pk))
    return last


@compiled(student=int, on=date)
def _applications(student, on):
    """`handed_over`: why the registrar decides, of a row of `review.models.Escalation`."""
    return with_bindings(Application.objects.latest_first(student), on).annotate(handed_over=F("escalation__why"))[:1]


@compiled(application=int)
def _applicants(application):
    return with_address_state(with_gone_emails(Applicant.objects.filter(application=application)))


def last_bindings(application):
    """{key of an approved applicant: the last binding of this person to the child}; one query at most."""
    approved = [one for one in application.applicants.all() if one.review == Applicant.Review.APPROVED]
    if not approved:
        return {}
    bindings = _bindings(student=application.student_id)
    last = {one.account.identity_fingerprint: one for one in bindings}
    return {one.pk: last[one.identity_fingerprint] for one in approved if one.identity_fingerprint in last}


@compiled(student=int)
def _bindings(student):
    return Binding.objects.filter(student=student).select_related("account").order_by("pk")


def earlier_bindings(application):
    """Who was bound by former applications of the same child, and is today; one query."""
    return _earlier_bindings(student=application.student_id, application=application.pk, on=timezone.localdate())


@compiled(student=int, application=int, on=date)
def _earlier_bindings(student, application, on):
    bindings = Binding.objects.active(on).filter(student=student, kind=Binding.Kind.APPLIED)
    return bindings.exclude(applicant__application=application).select_related("account")


def with_bindings(applications, on=None):
    """Each application with what became of the child's bindings by application; no query of its own."""
    of_child = Binding.objects.filter(kind=Binding.Kind.APPLIED, student=OuterRef("student"))
    again = Binding.objects.active(on).filter(student=OuterRef("student"), account=OuterRef("account"))
    return applications.annotate(
        is_bound=Exists(of_child.active(on)), was_unbound=Exists(of_child.ended(on).filter(~Exists(again)))
    )


def open_withdrawal(student):
    """The request to take consent back that people bound may answer now; one query."""
    return (
        Withdrawal.objects.open()
        .filter(student=student)
        .annotate(
            asked=models.Count("answers"),
            agreed=models.Count("answers", filter=models.Q(answers__state="agreed")),
            kept=models.Count("answers", filter=models.Q(answers__state="kept")),
        )
        .first()
    )


def last_each(rows):
    """{student's key: the last row}"""
    return {row.student_id: row for row in rows.order_by("pk")}
