"""What making files to print in the worker has in common, whatever stands on the sheets."""

import io
import logging
import zipfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.failures import log_failure
from core.printing.signals import batch_changed

logger = logging.getLogger(__name__)

WORKERS = 2  # threads that set classes; typst works outside Python's lock
AHEAD = 2  # classes made ready while others are being set: the more, the more memory


class NobodyToPrint(Exception):
    """There is nobody to print a sheet for."""


class StillAtWork(Exception):
    """The batch is waiting, running or done: there is nothing to start again."""


class Replaced(Exception):
    """The batch was started again while this run was slow: the other run has it now."""


@transaction.atomic
def start_again(*, batch, by, event, task):
    """Give a batch that failed, or whose worker died, to the worker once more."""
    batch = type(batch).objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not batch.has_failed:
        raise StillAtWork
    if batch.is_stuck:
        batch.move_to(batch.State.FAILED)
    batch.move_to(batch.State.WAITING)
    batch.done = 0
    batch.save(update_fields=["state", "progressed_at", "done"])
    batch_changed.send(type(batch), batch=batch, event=f"{event}.restarted", by=by)
    task.enqueue(batch.pk)
    return batch


def run(model, *, pk, make, event):
    """The whole of a worker's task: take the batch up, `make` its file (bytes), keep it. A second run finds nothing."""
    batch = begin(model, pk=pk)
    if batch is None:
        return
    try:
        data = make(batch)
    except Replaced:
        return
    except Exception as error:  # noqa: BLE001 – said on the page
        log_failure(logger, "%s of batch %s failed", event, pk, error=error)
        data = None
    finish(batch=batch, data=data, event=event)


@transaction.atomic
def begin(model, *, pk):
    """Take the batch up, if it waits for that; None when another run of the task did."""
    batch = model.objects.select_for_update(of=("self",)).select_related("school").filter(pk=pk).first()
    if batch is None or batch.state != model.State.WAITING:
        return None
    batch.move_to(model.State.RUNNING)
    batch.attempt += 1
    batch.save(update_fields=["state", "progressed_at", "attempt"])
    return batch


def progress(*, batch, sheets):
    """Count `sheets` more as done. False when somebody started the batch again meanwhile."""
    return bool(_mine(batch).update(done=F("done") + sheets, progressed_at=timezone.now()))


@transaction.atomic
def finish(*, batch, data, event):
    """Keep the file, or (`data` is None) say that there is none; of a run that was replaced nothing is kept."""
    batch = _mine(batch).select_for_update(of=("self",)).select_related("school").first()
    if batch is None:
        return
    if data is None:
        batch.move_to(batch.State.FAILED)
    else:
        batch.move_to(batch.State.READY)
        batch.finished_at = timezone.now()
        batch.keep(data)
    batch.save()
    batch_changed.send(type(batch), batch=batch, event=f"{event}.{batch.state}", data={"forms": batch.done})


def _mine(batch):
    return type(batch).objects.filter(pk=batch.pk, state=batch.State.RUNNING, attempt=batch.attempt)


def sweep(batches):
    """Remove files that were kept for a day; returns how many."""
    overdue = list(batches.overdue())
    for batch in overdue:
        batch.let_file_go()
        batch.save(update_fields=["file"])
    return len(overdue)


def zip_of(batch, classes, set_pdf, *, name):
    """A ZIP with one PDF a class. `classes` yields (class, how many sheets, facts), `set_pdf` makes facts a PDF.

    `name` is the first part of the files' names. Raises `Replaced` when another run has the batch.
    """
    collected = io.BytesIO()
    # A PDF is compressed already.
    with zipfile.ZipFile(collected, "w", zipfile.ZIP_STORED) as archive:
        for school_class, sheets, pdf in _set_each(classes, set_pdf):
            archive.writestr(f"{name}-{school_class}.pdf", pdf)
            if not progress(batch=batch, sheets=sheets):
                raise Replaced
    return collected.getvalue()


def _set_each(classes, set_pdf):
    """(class, how many sheets, PDF) in order; the database is asked in this thread only."""
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque = deque()
        for school_class, sheets, facts in classes:
            waiting.append((school_class, sheets, pool.submit(set_pdf, facts)))
            if len(waiting) > WORKERS + AHEAD:
                yield _set(waiting.popleft())
        while waiting:
            yield _set(waiting.popleft())


def _set(one):
    school_class, sheets, future = one
    return school_class, sheets, future.result()
