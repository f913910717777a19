"""What the worker does with batches of bills. A task may run twice: the rows say what is still to do."""

from django_tasks import task

from billing.bills import issuing, releasing, reminding_by_hand, voiding
from billing.bills.models import Bill, BillBatch

AT_ONCE = 100  # so few bills are worked on before the page comes back


def start(work, batch):
    """A few bills at once, many in the worker; begun twice, nothing is done twice."""
    if Bill.objects.filter(batch=batch).count() <= AT_ONCE:
        work.call(batch.pk)
    else:
        work.enqueue(batch.pk)


@task()
def issue_batch(pk):
    if batch := BillBatch.objects.filter(pk=pk).first():
        issuing.issue_all(batch)
        releasing.release_batch(batch)  # at once where nothing is to wait


@task()
def release_batch(pk):
    if batch := BillBatch.objects.filter(pk=pk).first():
        releasing.release_batch(batch)


@task()
def close_batch(pk):
    if batch := BillBatch.objects.filter(pk=pk).first():
        voiding.void_what_is_open(batch)


@task()
def remind_batch(pk):
    if batch := BillBatch.objects.filter(pk=pk).first():
        reminding_by_hand.remind_all(batch)
