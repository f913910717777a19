from django.shortcuts import render

from binding.step_lines import StepLines
from binding.steps import step
from binding.timeline import timeline_for_family
from registry.access import family_only


@step()
def tasks(request):
    """親子綁定: where the family stands, what to do next, and the three steps."""
    context = {"progress": request.progress, "standing": request.standing, "steps": StepLines(request.standing)}
    return render(request, "binding/tasks.html", context)


@family_only
def history(request):
    """What happened so far, from the first confirmation to the last mail."""
    return render(request, "binding/history.html", {"timeline": timeline_for_family(request.user.student)})
