"""Work of the worker that failed, runs or waits."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from config.city.figures import LATELY, STUCK, jobs_of_interest
from config.city.jobs import STATES, words_of
from registry.access import city_only

PAGE = 50


@city_only
def job_list(request):
    """What went wrong is said by its kind alone: what an exception says may quote a row."""
    found = jobs_of_interest().defer("args_kwargs", "return_value", "traceback").order_by("-enqueued_at", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    stuck = timezone.now() - STUCK
    rows = [
        {
            "job": one,
            "words": words_of(one.task_path),
            "state": STATES[one.status],
            "is_stuck": one.status == "RUNNING" and one.started_at is not None and one.started_at < stuck,
            "error": one.exception_class_path.rpartition(".")[2],
        }
        for one in page
    ]
    return render(request, "city/jobs.html", {"page_obj": page, "rows": rows, "days": LATELY.days})
