"""What the worker does for the cashier. A task may run twice: the rows say what is still to do."""

import logging

from django_tasks import task

from billing.collection.models import CollectionFile
from billing.collection.reconciliation.importing import post_file
from core.failures import log_failure

logger = logging.getLogger(__name__)
AT_ONCE = 300


def post_soon(taken):
    """A short file at once, a long one in the worker."""
    if taken.count <= AT_ONCE:
        work_on(taken.pk)
    else:
        post_collection_file.enqueue(taken.pk)


@task()
def post_collection_file(pk):
    work_on(pk)


def work_on(pk):
    taken = CollectionFile.objects.select_related("school", "taken_by").filter(pk=pk).first()
    if taken is None or taken.state == CollectionFile.State.DONE:
        return
    try:
        post_file(taken)
    except Exception as error:  # noqa: BLE001 – said on the cashier's page, where it can be begun again
        log_failure(logger, "collection file %s was not posted", pk, error=error)
        CollectionFile.objects.filter(pk=pk).update(state=CollectionFile.State.FAILED)


def begin_again(taken):
    """After a failure; what was posted stays posted."""
    CollectionFile.objects.filter(pk=taken.pk, state=CollectionFile.State.FAILED).update(
        state=CollectionFile.State.WAITING
    )
    post_soon(taken)
