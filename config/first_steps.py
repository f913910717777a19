"""The first day at the desks of whoever looks, in the words of config/help/first_steps.py."""

from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.help.first_steps import CITY, DAYS, FirstDay
from registry.access import city_only, staff_only
from registry.roles import Role


def first_days(user: Any, only: str = "") -> list[tuple[FirstDay, list[str]]]:
    """(first day, a URL for each of its steps) of the desks that `user` has; of the role `only` alone, where given."""
    keys = {str(one) for one in user.roles} if user.school_id else {CITY}
    return [(day, _urls_of(day, user)) for day in DAYS if day.key in keys and only in ("", day.key)]


def first_steps_url(user: Any) -> str:
    """The page that shows them all to `user`."""
    return reverse("desk-first-steps", args=[user.school.slug]) if user.school_id else reverse("city:first-steps")


def _urls_of(day, user):
    slug = [] if day.key == CITY else [user.school.slug]
    return [reverse(one.page, args=slug) for one in day.steps]


@require_safe
@staff_only(*Role)
def first_steps(request):
    return render(request, "first_steps.html", {"days": first_days(request.user)})


@require_safe
@city_only
def city_first_steps(request):
    return render(request, "first_steps.html", {"days": first_days(request.user)})
