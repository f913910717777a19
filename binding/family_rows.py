"""The rows that say where a family stands, read for `binding.progress` in a fixed number of statements."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from binding.models import Applicant, Application, Binding, CorrectionRequest, DataConfirmation, Withdrawal
from core.compiled import compiled, keep_fetched


@compiled(student=int)
def latest_confirmations(student):
    return DataConfirmation.objects.filter(student=student).order_by("-pk")[:1]


@compiled(student=int)
def latest_corrections(student):
    return CorrectionRequest.objects.filter(student=student).order_by("-pk")[:1]


def last_application(student):
    """The application that the family's pages speak of, with its applicants; two queries."""
    last = _applications.first(student=student.pk, on=timezone.localdate())
    if last:
        keep_fetched(last, "applicants", _applicants(application=last.pk))
    return last


@compiled(student=int, on=date)
def _applications(student, on):
    return with_bindings(Application.objects.latest_first(student), on)[:1]


@compiled(application=int)
def _applicants(application):
    return Applicant.objects.filter(application=application)


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
