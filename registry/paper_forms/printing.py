"""Printing paper forms: one class at once, more of them by the worker."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from audit import log
from core.printing import batches
from core.printing.batches import NobodyToPrint
from registry.models import PaperFormBatch, School, SchoolClass, Student
from registry.models.paper_forms import LANGUAGES
from registry.paper_forms import content, typesetting
from registry.paper_forms.return_days import usual_return
from registry.paper_forms.texts import own_name

DEFAULT_LANGUAGE = "zh-hant"


def print_class(*, school_class: SchoolClass, language: str, return_on: date, by: Any) -> bytes:
    """The PDF of one class, made at once; nothing is locked meanwhile. Raises NobodyToPrint."""
    school = school_class.school
    students = list(students_of(school, [school_class]))
    if not students:
        raise NobodyToPrint
    facts = content.facts_of(students, school=school, language=language, return_on=return_on)
    pdf = typesetting.set_forms(facts)
    data = {"class": school_class.name, "forms": len(students), "language": language}
    with transaction.atomic():
        log.record("paper_forms.printed", by=by, target=school_class, school=school, data=data)
    return pdf


def print_own(*, student: Student, language: str | None, until: date | None, by: Any) -> bytes:
    """The PDF of one student's form, for the family that lost it: in its language, to be returned by `until` if that is
    still ahead.
    """
    today = timezone.localdate()
    return_on = until if until and until >= today else usual_return(student.school)
    known = language if language in LANGUAGES else DEFAULT_LANGUAGE
    facts = content.facts_of([student], school=student.school, language=known, return_on=return_on)
    pdf = typesetting.set_forms(facts)
    with transaction.atomic():
        log.record("paper_forms.printed", by=by, target=student, school=student.school, data={"language": known})
    return pdf


@transaction.atomic
def request_batch(
    *, school: School, classes: Sequence[SchoolClass], language: str, return_on: date, by: Any
) -> PaperFormBatch:
    """Have the worker set the forms of `classes` (none: the whole school); the same wish twice is one batch.

    Raises NobodyToPrint.
    """
    wish = {"school": school, "language": language, "return_on": return_on}
    alive = batches.alive(PaperFormBatch, **wish).prefetch_related("classes")
    if same := next((one for one in alive if set(one.classes.all()) == set(classes)), None):
        return same
    names = students_of(school, classes).values_list("name", flat=True)
    batch = batches.create(PaperFormBatch, names=names, by=by, **wish)
    batch.classes.set(classes)
    return batches.enqueue(batch=batch, task=set_batch, by=by, data={"forms": batch.total})


@task()
def set_batch(pk):
    """Set the batch's forms. A second run of the task finds nothing to do."""
    batches.run(PaperFormBatch, pk=pk, make=zip_of)


def zip_of(batch):
    """A ZIP with one PDF a class."""
    name = f"申請書-{own_name(batch.language)}"
    return batches.zip_of(batch, facts_of_classes(batch), typesetting.set_forms, name=name)


def facts_of_classes(batch):
    """(class, how many forms, what stands on them) for each class, in order."""
    students = students_of(batch.school, list(batch.classes.all()))
    options = {"school": batch.school, "language": batch.language, "return_on": batch.return_on}
    for school_class, group in groupby(students, key=lambda one: one.school_class):
        facts = content.facts_of(list(group), **options)
        yield school_class.name, len(facts["forms"]), facts


def students_of(school, classes):
    """Enrolled students of these classes of this year (none: of all), by class and seat."""
    of_year = classes or SchoolClass.objects.current().filter(school=school)
    students = Student.objects.enrolled().filter(school=school, school_class__in=of_year)
    return students.select_related("school_class").in_seating_order()
