"""Paper forms that were printed, as a list."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.listing import Column, Filter, Listing
from core.printing.lists import MADE_AT, MADE_BY, STATE
from registry.models import PaperFormBatch

COLUMNS = (
    MADE_AT,
    STATE,
    Column("classes", gettext_lazy("班級"), lambda one: one.class_names or _("全校"), width=24),
    Column("language", gettext_lazy("語言"), lambda one: one.get_language_display(), order=("language",)),
    Column("return", gettext_lazy("繳回日期"), lambda one: one.return_on, order=("return_on",)),
    Column("total", gettext_lazy("份數"), lambda one: one.total, order=("total",), is_number=True, width=8),
    MADE_BY,
)


def list_of_batches(request: Any, batches: QuerySet[PaperFormBatch]) -> Listing:
    """`batches`, the last first."""
    return Listing(
        request,
        batches,
        name="paper-forms",
        title=pgettext("many", "申請書"),
        columns=COLUMNS,
        filters=[Filter("state", _("狀態"), "state", PaperFormBatch.State.choices)],
        sort="-made",
        size=20,
    )
