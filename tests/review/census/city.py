"""Families of a census, at the stage that a test is about; and its exports read back."""

import io
import subprocess
from datetime import timedelta

from django.utils import timezone
from python_calamine import load_workbook

from accounts.models import User
from consent.models import ConsentDecision, ConsentText
from review.paper_register import mark_paper_form
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory


def class_of(school, name, **fields):
    return SchoolClassFactory(school=school, name=name, **fields)


def student_of(school_class, **fields):
    return StudentFactory(school=school_class.school, school_class=school_class, **fields)


def answer_online(student, answer):
    """An answer as it stands in the table, without the steps that lead to it."""
    text = ConsentText.objects.current()
    return ConsentDecision.objects.create(
        student=student, answer=answer, text=text, text_digest=text.digest, decided_by=User.objects.for_family(student)
    )


def many_schools(count, *, by, classes=1):
    """Schools in a row, each class with one family that answered both ways and one that said nothing."""
    for _school in range(count):
        fill(SchoolFactory(), classes=classes, by=by)


def fill(school, *, classes, by):
    for number in range(classes):
        school_class = class_of(school, f"{number // 20 + 1}{number % 20 + 1:02d}")
        answered = student_of(school_class, seat_number=1)
        answer_online(answered, "agreed")
        mark_paper_form(student=answered, answer="decline" if number % 5 == 0 else "agree", by=by)
        student_of(school_class, seat_number=2)


def sent_days_ago(application, days):
    application.submitted_at = timezone.now() - timedelta(days=days)
    application.save(update_fields=["submitted_at"])


def sheets_of(response):
    """{title: lines of cells} of the workbook that was sent."""
    book = load_workbook(io.BytesIO(response.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def text_of(response):
    """The words of the PDF that was sent, without the spaces that the typesetter puts between scripts."""
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=response.content, capture_output=True)
    assert run.returncode == 0, run.stderr
    return "".join(run.stdout.decode().split())
