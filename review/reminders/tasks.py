"""The worker's part: a whole school's slips, class by class."""

import logging

from django.conf import settings
from django.utils import translation
from django_tasks import task

from registry import printing
from review.models import SlipBatch
from review.reminders import slips

log = logging.getLogger(__name__)


@task()
def set_slip_batch(pk):
    """Set the batch's slips. A second run of the task finds nothing to do."""
    batch = printing.begin(SlipBatch, pk=pk)
    if batch is None:
        return
    try:
        with translation.override(settings.LANGUAGE_CODE):
            data = zip_of(batch)
    except printing.Replaced:
        return
    except Exception as error:
        # The kind of error alone: a message may quote what was set, and that is a child's name.
        log.error("slips of batch %s failed: %s", pk, type(error).__name__)
        data = None
    printing.finish(batch=batch, data=data, event="slips")


def zip_of(batch):
    """A ZIP with one PDF a class. Who finished since the request is left out: `total` follows."""
    families = slips.families_to_print(batch.school, batch.who)
    SlipBatch.objects.filter(pk=batch.pk).update(total=len(families))
    classes = slips.facts_of_classes(families, batch.school)
    return printing.zip_of(batch, classes, slips.set_slips, name="提醒單")
