"""What the pages of a batch to print have in common: how far it is, its file, another try."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_tasks.base import Task

from core.downloads import download
from core.printing import batches
from core.printing.models import PrintBatch

WATCH_SECONDS = 3


def batch_page(request: Any, batch: PrintBatch, template: str) -> HttpResponse:
    """How far a batch is; the page asks again by itself while there is something to wait for."""
    return render(request, template, {"batch": batch, "watch": WATCH_SECONDS if batch.is_alive else None})


def batch_file(batch: PrintBatch, name: str) -> HttpResponse:
    """Its file under `name`; 404 where there is none, or none any more."""
    if not batch.has_file:
        raise Http404
    return download(batch.read(), name)


def batch_again(request: Any, batch: PrintBatch, task: Task, *, page: str) -> HttpResponse:
    """Give it to the worker once more where that is needed, and go back to its page."""
    try:
        batches.start_again(batch=batch, task=task, by=request.user)
    except batches.StillAtWork:
        messages.info(request, _("這一批不需要重新製作。"))
    return redirect(page, request.school.slug, batch.pk)
