"""The worker's part: a whole school's slips, class by class."""

from django.conf import settings
from django.utils import translation
from django_tasks import task

from core.printing import batches
from review.reminders import slips
from review.reminders.models import SlipBatch


@task()
def set_slip_batch(pk):
    """Set the batch's slips. A second run of the task finds nothing to do."""
    with translation.override(settings.LANGUAGE_CODE):
        batches.run(SlipBatch, pk=pk, make=zip_of, event="slips")


def zip_of(batch):
    """A ZIP with one PDF a class. Who finished since the request is left out: `total` follows."""
    families = slips.families_to_print(batch.school, batch.who)
    SlipBatch.objects.filter(pk=batch.pk).update(total=len(families))
    classes = slips.facts_of_classes(families, batch.school)
    return batches.zip_of(batch, classes, slips.set_slips, name="提醒單")
