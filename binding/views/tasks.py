from django.shortcuts import render

from binding.progress import PILLS
from binding.steps import step
from binding.timeline import timeline_for_family
from registry.access import family_only


@step()
def tasks(request):
    """親子綁定: the three steps, their statuses, and what to do next."""
    context = {"progress": request.progress, "pills": PILLS, "deadline": request.progress.deadline}
    return render(request, "binding/tasks.html", context)


@family_only
def history(request):
    """What happened so far, from the first confirmation to the last mail."""
    return render(request, "binding/history.html", {"timeline": timeline_for_family(request.user.student)})
