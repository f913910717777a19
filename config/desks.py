"""The frame of the desks, of what each room gives to it in its `for_desks.py`."""

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django.urls import resolve, reverse
from django.utils.translation import gettext as _

import billing.for_desks
import binding.desk.for_desks
import config.city.for_desks
import registry.for_desks
import review.for_desks
import staff.for_desks
from core.languages import joined
from registry.desks import About, Finder, Group, Hit, ShownGroup, ShownTab, Tab
from registry.roles import AccountKind

ROOMS: tuple[Any, ...] = (
    registry.for_desks,
    binding.desk.for_desks,
    staff.for_desks,
    billing.for_desks,
    review.for_desks,
    config.city.for_desks,
)


@cache
def all_tabs() -> tuple[Tab, ...]:
    """In the order in which they are shown."""
    places = list(Group)
    tabs = [one for room in ROOMS for one in room.TABS]
    return tuple(sorted(tabs, key=lambda one: (places.index(one.group), one.order)))


@cache
def all_finders() -> tuple[Finder, ...]:
    finders = [one for room in ROOMS for one in getattr(room, "FINDERS", ())]
    return tuple(sorted(finders, key=lambda one: one.order))


@cache
def _labels() -> dict[str, Any]:
    return {one.page: one.label for one in all_tabs()}


def back_words(address: str) -> str:
    """What a link back to the list at `address` says: 回「學生」, or 回清單 where it is no desk's first page."""
    name = resolve(urlsplit(address).path).view_name
    if name == "review:class":
        return _("回班級")
    label = _labels().get(name)
    return _("回「%(list)s」") % {"list": label} if label else _("回清單")


def has_desk(user: Any) -> bool:
    """Whether `user` works at desks, and has shown who they are."""
    return bool(user and user.is_authenticated and user.kind == AccountKind.STAFF and user.is_verified())


def desk_groups(user: Any, here: str = "") -> list[ShownGroup]:
    """The tabs of `user`, grouped by work, with `here` marked; none for who has no desk."""
    if not has_desk(user):
        return []
    groups = groupby((one for one in all_tabs() if _is_of(one, user)), key=lambda one: one.group)
    return [_shown(group, list(tabs), user, here) for group, tabs in groups]


@cache
def all_abouts() -> tuple[About, ...]:
    abouts = [one for room in ROOMS for one in getattr(room, "ABOUT_STUDENT", ())]
    return tuple(sorted(abouts, key=lambda one: one.order))


def told_of(student: Any, user: Any) -> list[tuple[str, dict[str, Any]]]:
    """(template, what it draws) of all that the rooms tell `user` of `student`."""
    return [(one.template, one.tell(student, user)) for one in all_abouts() if not one.roles.isdisjoint(user.roles)]


@dataclass(frozen=True)
class Found:
    """What one finder found: its label, the first hits, whether there are more, and the list that has them all."""

    label: Any
    hits: list[Hit]
    has_more: bool
    list_url: str


def find(user: Any, school: Any, text: str) -> list[Found]:
    """What the finders of the roles of `user` find, a finder each; those that found nothing are left out."""
    finders = [one for one in all_finders() if not one.roles.isdisjoint(user.roles)]
    found = [(one, list(one.find(user, school, text))) for one in finders]
    return [_found(one, hits, school) for one, hits in found if hits]


def desk_finds(user: Any) -> str:
    """What the search of `user` finds, in words, each once: 學生、申請."""
    labels = (str(one.label) for one in all_finders() if not one.roles.isdisjoint(user.roles))
    return joined(dict.fromkeys(labels))


def _found(finder: Finder, hits: list[Hit], school: Any) -> Found:
    list_url = reverse(finder.list_page, args=[school.slug]) if finder.list_page else ""
    return Found(finder.label, hits[: finder.MOST], len(hits) > finder.MOST, list_url)


def _is_of(tab: Tab, user: Any) -> bool:
    if tab.is_of_city:
        return user.school_id is None and user.is_staff
    return user.school_id is not None and not tab.roles.isdisjoint(user.roles)


def _shown(group: Group, tabs: list[Tab], user: Any, here: str) -> ShownGroup:
    shown = [ShownTab(one.label, _url_of(one, user), one.key == here) for one in tabs]
    is_current = any(one.is_current for one in shown)
    label = tabs[0].label if len(tabs) == 1 else group.label
    return ShownGroup(label, shown[0].url, is_current, shown)


def _url_of(tab: Tab, user: Any) -> str:
    return reverse(tab.page) if tab.is_of_city else reverse(tab.page, args=[user.school.slug])
