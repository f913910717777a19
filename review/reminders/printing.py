"""Printing reminder slips: a class at once, a school by the worker."""

from django.conf import settings
from django.db import transaction
from django.utils import translation

from audit import log
from core.printing import batches, glyphs
from registry.models import School
from review.reminders import slips, tasks
from review.reminders.models import SlipBatch

EVENT = "slips"


def print_class(*, school_class, who, by):
    """The PDF of one class, made at once. Raises NobodyToPrint."""
    school = school_class.school
    with translation.override(settings.LANGUAGE_CODE):
        families = slips.families_to_print(school, who, classes=[school_class])
        if not families:
            raise batches.NobodyToPrint
        pdf = slips.set_slips(slips.facts_of(families, school))
    data = {"class": school_class.name, "slips": len(families), "who": str(who)}
    with transaction.atomic():
        log.record(f"{EVENT}.printed", by=by, target=school_class, school=school, data=data)
    return pdf


@transaction.atomic
def request_batch(*, school, who, by):
    """Have the worker set the slips of the whole school; the same wish twice is one batch. Raises NobodyToPrint."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    batches.sweep(SlipBatch.objects.filter(school=school))
    if same := SlipBatch.objects.alive().filter(school=school, who=who).first():
        return same
    families = slips.families_to_print(school, who)
    if not families:
        raise batches.NobodyToPrint
    missing = glyphs.missing_in("".join(one.student.name for one in families))
    batch = SlipBatch.objects.create(
        school=school, who=who, made_by=by, total=len(families), missing="".join(sorted(missing))[:200]
    )
    data = {"slips": batch.total, "who": str(who)}
    log.record(f"{EVENT}.requested", by=by, target=batch, school=school, data=data)
    tasks.set_slip_batch.enqueue(batch.pk)
    return batch


def start_again(*, batch, by):
    return batches.start_again(batch=batch, by=by, event=EVENT, task=tasks.set_slip_batch)
