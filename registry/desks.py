"""What a room gives to the frame of all desks (its `for_desks.py`): tabs, what the search over the desk finds, what a
student's page tells, and what stands in the lists of students and classes.

No template spells a tab: `config.desks` gathers the rooms' and draws those of whoever looks, grouped by work.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.listing import Column, Filter
from registry.roles import Role

Words = Any  # a text, translated when it is drawn


class Group(models.TextChoices):
    """The first level, in the order in which desks show it."""

    REVIEW = "review", _("審核")
    STUDENTS = "students", _("學生與班級")
    ROSTERS = "rosters", _("名冊與異動")
    FIGURES = "figures", _("統計與提醒")
    BILLS = "bills", pgettext_lazy("many", "繳費單")
    MONEY = "money", _("收款")
    ACCOUNTS = "accounts", pgettext_lazy("many", "帳號")
    CITY = "city", _("全市")


@dataclass(frozen=True)
class Tab:
    """A desk: `key` is what its pages call `here`, `page` the name of its first page, `order` its place in the group.

    Whoever holds one of `roles` has it. `is_of_city`: the page is no school's, and its desk is the city's.
    """

    key: str
    label: Words
    page: str
    roles: frozenset[Role]
    group: Group
    order: int
    is_of_city: bool = False


@dataclass(frozen=True)
class Hit:
    """One thing that was found: its words, what tells it from others of the name, and its page."""

    title: str
    note: str
    url: str


@dataclass(frozen=True)
class Finder:
    """Finds one kind of thing by words typed: `find(user, school, text)` gives Hits, at most `MOST` and one more.

    A finder asks the database a number of times that does not depend on what it finds. `list_page`: where all of them are.
    """

    MOST = 10

    key: str
    label: Words
    roles: frozenset[Role]
    find: Callable[[Any, Any, str], Iterable[Hit]]
    order: int
    list_page: str = ""


@dataclass(frozen=True)
class About:
    """What a room tells of a student on the student's page, to whoever holds one of `roles`.

    `tell(student, user)` gives what `template` draws, in a number of queries that does not depend on the student.
    """

    template: str
    roles: frozenset[Role]
    tell: Callable[[Any, Any], dict[str, Any]]
    order: int


@dataclass(frozen=True)
class Beside:
    """Columns and filters that a room puts beside the registry's own in a list, for whoever holds one of `roles`.

    `prepare(school, rows)` gives the rows with what columns and filters read of them, in a fixed number of queries.
    """

    columns: Sequence[Column]
    roles: frozenset[Role]
    prepare: Callable[[Any, Any], Any]
    order: int
    filters: Sequence[Filter] = ()


@dataclass(frozen=True)
class ShownTab:
    label: Words
    url: str
    is_current: bool


@dataclass(frozen=True)
class ShownGroup:
    """`url` leads to its first tab; one that has a single tab is that tab."""

    label: Words
    url: str
    is_current: bool
    tabs: Sequence[ShownTab] = field(default=())
