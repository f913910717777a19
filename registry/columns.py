"""Columns that every list of students, or of what belongs to one, begins with; and the filter by class."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.listing import Column, Filter
from registry.models import SchoolClass

BY_SEAT = ("school_class__sort_key", "school_class__name", "seat_number")


def by_seat(path: str = "") -> tuple[str, ...]:
    """The seating order of the student at `path` ("student__")."""
    return tuple(path + one for one in BY_SEAT)


def of_student(
    path: str = "", student: Callable[[Any], Any] = lambda one: one, *, name: str = "name", in_memory: bool = False
) -> Sequence[Column]:
    """Class, seat, name and number of the student of a row; `name`: the attribute that is shown of the name.

    `in_memory`: rows are a list, and sort by the student itself.
    """

    def order(field: str) -> Any:
        if not in_memory:
            return (path + field, *by_seat(path))
        return lambda one: _seat_of(student(one)) if field == BY_SEAT[0] else getattr(student(one), field)

    def of(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda one: read(student(one)) if student(one) else ""

    return (
        Column("class", _("班級"), of(lambda one: one.school_class.name), order=order(BY_SEAT[0]), width=10),
        Column("seat", _("座號"), of(lambda one: one.seat_number), order=order("seat_number"), is_number=True, width=8),
        Column("name", _("學生"), of(lambda one: getattr(one, name)), order=order("name")),
        Column("number", _("學號"), of(lambda one: one.student_number), order=order("student_number")),
    )


def _seat_of(student: Any) -> tuple[Any, ...]:
    return student.school_class.sort_key, student.school_class.name, student.seat_number


def class_filter(school: Any, path: str = "") -> Filter:
    """The classes of the present year; one query."""
    classes = SchoolClass.objects.current().filter(school=school).in_order()
    return Filter("class", _("班級"), f"{path}school_class", list(classes.values_list("pk", "name")))
