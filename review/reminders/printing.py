"""Printing reminder slips: a class at once, a school by the worker, class by class."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django_tasks import task

from accounts.models import User
from audit import log
from core.printing import batches
from registry.models import School, SchoolClass
from review.reminders import slips
from review.reminders.models import ReminderSlipBatch


def print_class(*, school_class: SchoolClass, who: str, by: User) -> bytes:
    """The PDF of one class, made at once. Raises NobodyToPrint."""
    school = school_class.school
    with translation.override(settings.LANGUAGE_CODE):
        families = slips.families_to_print(school, who, classes=[school_class])
        if not families:
            raise batches.NobodyToPrint
        pdf = slips.set_slips(slips.facts_of(families, school))
    data = {"class": school_class.name, "slips": len(families), "who": str(who)}
    with transaction.atomic():
        log.record("slips.printed", by=by, target=school_class, school=school, data=data)
    return pdf


@transaction.atomic
def request_batch(*, school: School, who: str, by: User) -> ReminderSlipBatch:
    """Have the worker set the slips of the whole school; the same wish twice is one batch. Raises NobodyToPrint."""
    if same := batches.alive(ReminderSlipBatch, school=school, who=who).first():
        return same
    names = [one.student.name for one in slips.families_to_print(school, who)]
    batch = batches.create(ReminderSlipBatch, names=names, by=by, school=school, who=who)
    data = {"slips": batch.total, "who": str(who)}
    return batches.enqueue(batch=batch, task=set_batch, by=by, data=data)


@task()
def set_batch(pk):
    """Set the batch's slips. A second run of the task finds nothing to do."""
    with translation.override(settings.LANGUAGE_CODE):
        batches.run(ReminderSlipBatch, pk=pk, make=zip_of)


def zip_of(batch):
    """A ZIP with one PDF a class. Who finished since the request is left out: `total` follows."""
    families = slips.families_to_print(batch.school, batch.who)
    ReminderSlipBatch.objects.filter(pk=batch.pk).update(total=len(families))
    classes = slips.facts_of_classes(families, batch.school)
    return batches.zip_of(batch, classes, slips.set_slips, name="提醒單")
