from django.shortcuts import render

from binding.progress import PILLS
from binding.steps import step


@step()
def tasks(request):
    """親子綁定: the three steps, their statuses, and what to do next."""
    return render(request, "binding/tasks.html", {"progress": request.progress, "pills": PILLS})
