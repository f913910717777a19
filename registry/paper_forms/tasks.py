"""The worker's part: a whole school's forms, class by class."""

import io
import logging
import zipfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

from django_tasks import task

from registry.paper_forms import typesetting

WORKERS = 2  # threads that set classes; typst works outside Python's lock
AHEAD = 2  # classes made ready while others are being set: the more, the more memory
log = logging.getLogger(__name__)


@task()
def set_batch(pk):
    """Set the batch's forms. A second run of the task finds nothing to do."""
    from registry.paper_forms import actions

    batch = actions.begin(pk=pk)
    if batch is None:
        return
    try:
        data = zip_of(batch)
    except Replaced:
        return
    except Exception as error:
        # The class alone: a message may quote what was set, and that is a child's name.
        log.error("paper forms of batch %s failed: %s", pk, type(error).__name__)
        data = None
    actions.finish(batch=batch, data=data)


class Replaced(Exception):
    """The batch was started again while this run was slow: the other run has it now."""


def zip_of(batch):
    """A ZIP with one PDF a class."""
    from registry.paper_forms import actions

    collected = io.BytesIO()
    # A PDF is compressed already.
    with zipfile.ZipFile(collected, "w", zipfile.ZIP_STORED) as archive:
        for name, forms, pdf in set_classes(batch):
            archive.writestr(f"申請書-{name}.pdf", pdf)
            if not actions.progress(batch=batch, forms=forms):
                raise Replaced
    return collected.getvalue()


def set_classes(batch):
    """(class, how many forms, PDF) for each class, in order; the database is asked in this thread only."""
    from registry.paper_forms import actions, content

    students = actions.students_of(batch.school, list(batch.classes.all()))
    options = {"school": batch.school, "language": batch.language, "return_on": batch.return_on}
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque = deque()
        for school_class, group in groupby(students, key=lambda one: one.school_class):
            facts = content.facts_of(list(group), **options)
            waiting.append(
                (school_class.name, len(facts["forms"]), pool.submit(typesetting.set_forms, facts))
            )
            if len(waiting) > WORKERS + AHEAD:
                yield _set(waiting.popleft())
        while waiting:
            yield _set(waiting.popleft())


def _set(one):
    name, forms, future = one
    return name, forms, future.result()
