"""What the rooms above the registry put into its lists of students and of classes.

The registry knows no room above it: each declares `Beside`s in its `for_desks.py`, and `config.desks` hands them over once.
"""

from collections.abc import Iterable
from typing import Any

from registry.desks import Beside

STUDENTS, CLASSES = "students", "classes"
_of_lists: dict[str, tuple[Beside, ...]] = {}


def hand_over(name: str, besides: Iterable[Beside]) -> None:
    """Called by the frame: all that stands beside the registry's columns in the list `name`."""
    _of_lists[name] = tuple(sorted(besides, key=lambda one: one.order))


def beside(name: str, user: Any) -> list[Beside]:
    """What `user` sees beside the list `name`, in the order of its columns."""
    return [one for one in _of_lists.get(name, ()) if not one.roles.isdisjoint(user.roles)]


def prepared(besides: Iterable[Beside], school: Any, rows: Any) -> Any:
    """`rows` with what the columns of `besides` read."""
    for one in besides:
        rows = one.prepare(school, rows)
    return rows
