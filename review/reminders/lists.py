"""Classes and students that have more time, as a list."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.listing import Column, Filter, Listing
from registry.columns import by_seat
from registry.models import DeadlineExtension


def whose(one: DeadlineExtension) -> str:
    """301 班 5 號 王小明, or 301 班."""
    if one.student is None:
        return _("%(class_name)s 班") % {"class_name": one.school_class.name}
    place = {"class_name": one.student.school_class.name, "seat": one.student.seat_number, "name": one.student.name}
    return _("%(class_name)s 班 %(seat)s 號 %(name)s") % place


COLUMNS = (
    Column("who", gettext_lazy("對象"), whose, order=("school_class__sort_key", *by_seat("student__")), width=24),
    Column("until", gettext_lazy("延到"), lambda one: one.until, order=("until",)),
    Column("reason", gettext_lazy("原因"), lambda one: one.reason, width=40),
    Column("by", gettext_lazy("核准者"), lambda one: one.given_by.display_name, order=("given_by__name",)),
    Column("given", gettext_lazy("核准時間"), lambda one: one.given_at, order=("given_at",), is_shown=False),
)


def list_of_extensions(request: Any) -> Listing:
    """Those that still count, the last given first."""
    rows = DeadlineExtension.objects.filter(school=request.school, until__gte=timezone.localdate())
    return Listing(
        request,
        rows.select_related("school_class", "student__school_class", "given_by"),
        name="extensions",
        title=_("延期的班級與學生"),
        columns=COLUMNS,
        filters=[
            Filter(
                "of",
                _("對象"),
                lambda found, value: found.filter(student__isnull=value == "classes"),
                [("classes", _("全班")), ("students", _("個別學生"))],
            )
        ],
        sort="-given",
        size=20,
    )
