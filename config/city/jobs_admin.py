"""The worker's table in the admin: the library's own page has neither words of ours nor a use for what a task was given."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from config.city.jobs import STATES, words_of
from core.admin import ReadOnlyAdmin
from registry.for_pages import roc_datetime

NAME = _("背景工作")


class ByState(admin.SimpleListFilter):
    title = _("狀態")
    parameter_name = "status"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state, words) for state, (_kind, words) in STATES.items()]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(status=self.value()) if self.value() in STATES else queryset


class JobAdmin(ReadOnlyAdmin):
    """What was done and when; never what a task was given or answered, which may name people."""

    list_display = fields = ("task", "state", "enqueued", "started", "finished", "problem")
    list_filter = (ByState,)
    ordering = ("-enqueued_at",)

    @admin.display(description=_("工作"), ordering="task_path")
    def task(self, job: Any) -> str:
        return words_of(job.task_path)

    @admin.display(description=_("狀態"), ordering="status")
    def state(self, job: Any) -> str:
        return str(STATES[job.status][1])

    @admin.display(description=_("排入時間"), ordering="enqueued_at")
    def enqueued(self, job: Any) -> str:
        return roc_datetime(job.enqueued_at)

    @admin.display(description=_("開始時間"), ordering="started_at")
    def started(self, job: Any) -> str:
        return roc_datetime(job.started_at)

    @admin.display(description=_("結束時間"), ordering="finished_at")
    def finished(self, job: Any) -> str:
        return roc_datetime(job.finished_at)

    @admin.display(description=_("錯誤種類"))
    def problem(self, job: Any) -> str:
        return job.exception_class_path.rpartition(".")[2]


def name_table(model: type[Model]) -> None:
    """Our words on the library's table; migrations compare what the class said first, so that none is made."""
    model._meta.verbose_name = model._meta.verbose_name_plural = NAME
    model._meta.app_config.verbose_name = NAME
