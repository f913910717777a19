"""What the worker does with batches of bills. A task may run twice: the rows say what is still to do."""

from django_tasks import task

from billing.bills import issuing, releasing, voiding
from billing.bills.models import BillBatch


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
