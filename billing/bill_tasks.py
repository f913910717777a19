"""What the worker does with batches of bills. A task may run twice: the rows say what is still to do."""

from django_tasks import task

from billing.actions import issuing, voiding
from billing.models import BillBatch


@task()
def issue_batch(pk):
    if batch := BillBatch.objects.filter(pk=pk).first():
        issuing.issue_all(batch)


@task()
def close_batch(pk):
    if batch := BillBatch.objects.filter(pk=pk).first():
        voiding.void_what_is_open(batch)
