"""Printing paper forms: one class at once, more of them by the worker."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit import log
from registry.models import PaperFormBatch, School, SchoolClass, Student
from registry.paper_forms import content, glyphs, tasks, typesetting


class NobodyToPrint(Exception):
    """The classes have no enrolled students."""


class StillAtWork(Exception):
    """The batch is waiting, running or done: there is nothing to start again."""


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
    sweep(PaperFormBatch.objects.filter(school=school))
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


@transaction.atomic
def start_again(*, batch, by):
    """Give a batch that failed, or whose worker died, to the worker once more."""
    batch = PaperFormBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not batch.has_failed:
        raise StillAtWork
    if batch.is_stuck:
        batch.move_to(PaperFormBatch.State.FAILED)
    batch.move_to(PaperFormBatch.State.WAITING)
    batch.done = 0
    batch.save(update_fields=["state", "progressed_at", "done"])
    log.record("paper_forms.restarted", by=by, target=batch, school=batch.school)
    tasks.set_batch.enqueue(batch.pk)
    return batch


@transaction.atomic
def begin(*, pk):
    """Take the batch up, if it waits for that; None when another run of the task did."""
    batch = (
        PaperFormBatch.objects.select_for_update(of=("self",)).select_related("school").filter(pk=pk).first()
    )
    if batch is None or batch.state != PaperFormBatch.State.WAITING:
        return None
    batch.move_to(PaperFormBatch.State.RUNNING)
    batch.attempt += 1
    batch.save(update_fields=["state", "progressed_at", "attempt"])
    return batch


def progress(*, batch, forms):
    """Count `forms` more as done. False when somebody started the batch again meanwhile."""
    mine = PaperFormBatch.objects.filter(
        pk=batch.pk, state=PaperFormBatch.State.RUNNING, attempt=batch.attempt
    )
    return bool(mine.update(done=F("done") + forms, progressed_at=timezone.now()))


@transaction.atomic
def finish(*, batch, data):
    """Keep the file, or (`data` is None) say that there is none; of a run that was replaced nothing is kept."""
    mine = PaperFormBatch.objects.select_for_update(of=("self",)).filter(
        pk=batch.pk, state=PaperFormBatch.State.RUNNING, attempt=batch.attempt
    )
    batch = mine.select_related("school").first()
    if batch is None:
        return
    if data is None:
        batch.move_to(PaperFormBatch.State.FAILED)
    else:
        batch.move_to(PaperFormBatch.State.READY)
        batch.finished_at = timezone.now()
        batch.keep(data)
    batch.save()
    log.record(f"paper_forms.{batch.state}", target=batch, school=batch.school, data={"forms": batch.done})


def sweep(batches):
    """Remove files that were kept for a day; returns how many."""
    overdue = list(batches.overdue())
    for batch in overdue:
        batch.let_file_go()
        batch.save(update_fields=["file"])
    return len(overdue)


def students_of(school, classes):
    """Enrolled students of these classes of this year (none: of all), by class and seat."""
    of_year = classes or SchoolClass.objects.current().filter(school=school)
    students = Student.objects.enrolled().filter(school=school, school_class__in=of_year)
    return students.select_related("school_class").in_seating_order()
