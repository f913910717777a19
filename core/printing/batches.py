"""What making files to print in the worker has in common, whatever stands on the sheets."""

import io
import logging
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django_tasks.base import Task

from core.failures import log_failure
from core.printing.glyphs import missing_in
from core.printing.models import PrintBatch, PrintBatchQuerySet
from core.printing.signals import batch_changed
from core.printing.typesetting import kept_presses

logger = logging.getLogger(__name__)
Batch = TypeVar("Batch", bound=PrintBatch)
Facts = TypeVar("Facts")
Waiting = tuple[object, int, Future[bytes]]  # a class, how many sheets, their PDF

WORKERS = 2  # threads that set classes, each by a process of typst
AHEAD = 2  # classes made ready while others are being set: the more, the more memory


class NobodyToPrint(Exception):
    """There is nobody to print a sheet for."""


class StillAtWork(Exception):
    """The batch is waiting, running or done: there is nothing to start again."""


class Replaced(Exception):
    """The batch was started again while this run was slow: the other run has it now."""


def alive(model: type[Batch], *, school: Any, **wish: Any) -> QuerySet[Batch]:
    """Batches of this wish that wait or move on. Holds the school until the transaction ends; old files are removed."""
    type(school).objects.select_for_update(no_key=True).get(pk=school.pk)
    sweep(model.objects.filter(school=school))
    return model.objects.alive().filter(school=school, **wish)


def create(model: type[Batch], *, names: Sequence[str], by: Model, **wish: Any) -> Batch:
    """A new batch, a sheet for each of `names`. Raises NobodyToPrint."""
    if not names:
        raise NobodyToPrint
    missing = "".join(sorted(missing_in("".join(names))))[:200]
    return model.objects.create(**wish, made_by=by, total=len(names), missing=missing)


def enqueue(*, batch: Batch, task: Task, by: Model, data: dict[str, Any]) -> Batch:
    """Give a new batch to the worker; `data` goes into the event log."""
    _note(batch, "requested", by=by, data=data)
    task.enqueue(batch.pk)
    return batch


@transaction.atomic
def start_again(*, batch: Batch, task: Task, by: Model) -> Batch:
    """Give a batch that failed, or whose worker died, to the worker once more. Raises StillAtWork."""
    batch = type(batch).objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not batch.has_failed:
        raise StillAtWork
    if batch.is_stuck:
        batch.move_to(batch.State.FAILED)
    batch.move_to(batch.State.WAITING, done=0)
    _note(batch, "restarted", by=by)
    task.enqueue(batch.pk)
    return batch


def _note(batch: PrintBatch, what: str, **about: Any) -> None:
    batch_changed.send(type(batch), batch=batch, event=f"{batch.EVENT}.{what}", **about)


def run(model: type[PrintBatch], *, pk: int, make: Callable[[Any], bytes]) -> None:
    """The whole of a worker's task: take the batch up, `make` its file (bytes), keep it. A second run finds nothing."""
    batch = begin(model, pk=pk)
    if batch is None:
        return
    try:
        data = make(batch)
    except Replaced:
        return
    except Exception as error:  # noqa: BLE001 – said on the page
        log_failure(logger, "%s of batch %s failed", model.EVENT, pk, error=error)
        data = None
    finish(batch=batch, data=data)


@transaction.atomic
def begin(model: type[Batch], *, pk: int) -> Batch | None:
    """Take the batch up, if it waits for that; None when another run of the task did."""
    batch = model.objects.select_for_update(of=("self",)).select_related("school").filter(pk=pk).first()
    if batch is None or batch.state != model.State.WAITING:
        return None
    batch.move_to(model.State.RUNNING, attempt=batch.attempt + 1)
    return batch


def count_done(*, batch: PrintBatch, sheets: int) -> None:
    """Count `sheets` more as done. Raises Replaced when somebody started the batch again meanwhile."""
    if not _mine(batch).update(done=F("done") + sheets, progressed_at=timezone.now()):
        raise Replaced


@transaction.atomic
def finish(*, batch: Batch, data: bytes | None) -> None:
    """Keep the file, or (`data` is None) say that there is none; of a run that was replaced nothing is kept."""
    mine = _mine(batch).select_for_update(of=("self",)).select_related("school").first()
    if mine is None:
        return
    if data is None:
        mine.move_to(mine.State.FAILED)
    else:
        mine.keep(data)
        mine.move_to(mine.State.READY, finished_at=timezone.now(), file=mine.file)
    _note(mine, mine.state, data={"forms": mine.done})


def _mine(batch: Batch) -> QuerySet[Batch]:
    return type(batch).objects.filter(pk=batch.pk, state=batch.State.RUNNING, attempt=batch.attempt)


def sweep(batches: PrintBatchQuerySet) -> int:
    """Remove files that were kept for a day; returns how many."""
    overdue = list(batches.overdue())
    for batch in overdue:
        batch.let_file_go()
        batch.save(update_fields=["file"])
    return len(overdue)


def zip_of(
    batch: PrintBatch, classes: Iterable[tuple[object, int, Facts]], set_pdf: Callable[[Facts], bytes], *, name: str
) -> bytes:
    """A ZIP with one PDF a class. `classes` yields (class, how many sheets, facts), `set_pdf` makes facts a PDF.

    `name` is the first part of the files' names. Raises `Replaced` when another run has the batch.
    """
    collected = io.BytesIO()
    # A PDF is compressed already.
    with zipfile.ZipFile(collected, "w", zipfile.ZIP_STORED) as archive:
        for school_class, sheets, pdf in _set_each(classes, set_pdf):
            archive.writestr(f"{name}-{school_class}.pdf", pdf)
            count_done(batch=batch, sheets=sheets)
    return collected.getvalue()


def _set_each(
    classes: Iterable[tuple[object, int, Facts]], set_pdf: Callable[[Facts], bytes]
) -> Iterator[tuple[object, int, bytes]]:
    """(class, how many sheets, PDF) in order; the database is asked in this thread only."""
    with kept_presses(), ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[Waiting] = deque()
        for school_class, sheets, facts in classes:
            waiting.append((school_class, sheets, pool.submit(set_pdf, facts)))
            if len(waiting) > WORKERS + AHEAD:
                yield _set(waiting.popleft())
        while waiting:
            yield _set(waiting.popleft())


def _set(one: Waiting) -> tuple[object, int, bytes]:
    school_class, sheets, future = one
    return school_class, sheets, future.result()
