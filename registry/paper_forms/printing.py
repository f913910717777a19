"""Printing paper forms: one class at once, more of them by the worker."""

from django.db import transaction

from audit import log
from core.printing import batches, glyphs
from core.printing.batches import NobodyToPrint
from registry.models import PaperFormBatch, School, SchoolClass, Student
from registry.paper_forms import content, tasks, typesetting

EVENT = "paper_forms"


def print_class(*, school_class, language, return_on, by):
    """The PDF of one class, made at once; nothing is locked meanwhile."""
    students = list(students_of(school_class.school, [school_class]))
    if not students:
        raise NobodyToPrint
    school = school_class.school
    pdf = typesetting.set_forms(
        content.facts_of(students, school=school, language=language, return_on=return_on)
    )
    data = {"class": school_class.name, "forms": len(students), "language": language}
    with transaction.atomic():
        log.record("paper_forms.printed", by=by, target=school_class, school=school, data=data)
    return pdf


@transaction.atomic
def request_batch(*, school, classes, language, return_on, by):
    """Have the worker set the forms of `classes` (none: the whole school); the same wish twice is one batch."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    batches.sweep(PaperFormBatch.objects.filter(school=school))
    wish = {"school": school, "language": language, "return_on": return_on}
    if same := _same_wish(classes, wish):
        return same
    names = students_of(school, classes).values_list("name", flat=True)
    missing = glyphs.missing_in("".join(names))
    if not names:
        raise NobodyToPrint
    batch = PaperFormBatch.objects.create(
        **wish, made_by=by, total=len(names), missing="".join(sorted(missing))[:200]
    )
    batch.classes.set(classes)
    log.record("paper_forms.requested", by=by, target=batch, school=school, data={"forms": batch.total})
    tasks.set_batch.enqueue(batch.pk)
    return batch


def _same_wish(classes, wish):
    alive = PaperFormBatch.objects.alive().filter(**wish).prefetch_related("classes")
    return next((one for one in alive if set(one.classes.all()) == set(classes)), None)


def start_again(*, batch, by):
    """Give a batch that failed, or whose worker died, to the worker once more."""
    return batches.start_again(batch=batch, by=by, event=EVENT, task=tasks.set_batch)


def students_of(school, classes):
    """Enrolled students of these classes of this year (none: of all), by class and seat."""
    of_year = classes or SchoolClass.objects.current().filter(school=school)
    students = Student.objects.enrolled().filter(school=school, school_class__in=of_year)
    return students.select_related("school_class").in_seating_order()
