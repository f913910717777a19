"""Work of the worker that failed, runs or waits."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.city.figures import STUCK, jobs_of_interest
from config.city.jobs import JOBS, STATES, words_of
from core.listing import Column, Filter, Listing
from notifications.models import LATELY
from registry.access import city_only
from registry.lists import show_list

COLUMNS = (
    Column("job", gettext_lazy("工作"), lambda one: words_of(one.task_path), order=("task_path",), width=28),
    Column("state", gettext_lazy("狀態"), lambda one: str(STATES[one.status][1]), order=("status",)),
    Column("queued", gettext_lazy("排入"), lambda one: one.enqueued_at, order=("enqueued_at",)),
    Column("started", gettext_lazy("開始"), lambda one: one.started_at, order=("started_at",), nulls_last=True),
    Column("finished", gettext_lazy("結束"), lambda one: one.finished_at, order=("finished_at",), nulls_last=True),
    Column("error", gettext_lazy("錯誤種類"), lambda one: one.exception_class_path.rpartition(".")[2]),
)


@city_only
def job_list(request):
    """What went wrong is said by its kind alone: what an exception says may quote a row."""
    states = [(key, word) for key, (_kind, word) in STATES.items() if key != "SUCCESSFUL"]
    listing = Listing(
        request,
        jobs_of_interest().defer("args_kwargs", "return_value", "traceback"),
        name="jobs",
        title=_("背景工作"),
        columns=COLUMNS,
        filters=[
            Filter("state", _("狀態"), "status", states),
            Filter("job", _("工作"), "task_path", [(key, word) for key, word in JOBS.items()]),
        ],
        sort="-queued",
    )
    context = {"days": LATELY.days, "states": STATES, "stuck_since": timezone.now() - STUCK, "words_of": words_of}
    return show_list(request, "city/jobs.html", listing, context)
