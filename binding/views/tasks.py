from django.shortcuts import render

from binding.progress import PILLS
from binding.steps import step
from registry.deadlines import deadline_of


@step()
def tasks(request):
    """親子綁定: the three steps, their statuses, and what to do next."""
    context = {
        "progress": request.progress,
        "pills": PILLS,
        "deadline": deadline_of(request.user.student),
    }
    return render(request, "binding/tasks.html", context)
