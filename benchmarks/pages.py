"""The pages that people see most, each beside a bare view that the same worker serves without middleware.

Goal of each: CPU at most so many times the bare view's, and at most so many queries.
"""

import re

from benchmarks import people
from benchmarks.measure import Goal
from benchmarks.worker import Browser, Work, checked, figures_of, page_of, serving, session_of

GOALS = {
    "school front": Goal(times=7.2, queries=1),
    "portal log-in": Goal(times=12.5, queries=2),
    "captcha's picture": Goal(times=8, queries=1),
    "single sign-on log-in": Goal(times=9.5, queries=1),
    "task list": Goal(times=15, queries=5),
    "sign page": Goal(times=15.5, queries=5),
    "launcher": Goal(times=15, queries=5),
    "bills, 5 children, 6 years": Goal(times=31, queries=5),
    "application": Goal(times=40, queries=10),
    "class board of 35": Goal(times=49, queries=8),
    "students": Goal(times=26.5, queries=5),
    "school census": Goal(times=23, queries=6),
}


def measure():
    with serving() as worker:
        yield from figures_of(worker, dict(pages_of(worker)))


def pages_of(worker):
    """(name, Work) in the order of the goals."""
    for name, address, marker, user in addresses():
        yield name, page_of(worker, Browser(worker, session_of(user) if user else ""), address, marker)
        if name == "portal log-in":
            yield "captcha's picture", picture(worker, address)


def addresses():
    """(name, address, what stands on it, who looks at it)."""
    from django.urls import reverse

    from accounts.models import User
    from binding.models import Application
    from registry.models import SchoolClass

    school = people.school_called("bench")
    first = SchoolClass.objects.filter(school=school).order_by("name")[0]
    applications = Application.objects.filter(student__school_class=first, status="submitted").order_by("pk")
    one, two = (applications.filter(kind=kind)[0] for kind in ("one_parent", "two_parents"))
    family, teacher = one.started_by, people.staff_of("bench", f"t{first.name}")
    parent = User.objects.get(username=people.PARENT["email"])
    registrar, admin = people.staff_of("bench", "registrar"), people.staff_of("bench", "schooladmin")

    def at(name, *arguments):
        return reverse(name, args=arguments)

    slug, seat = school.slug, f"{one.student.seat_number} 號"
    yield "school front", at("accounts:school", slug), school.name, None
    yield "portal log-in", at("accounts:login", slug), "captcha_key", None
    yield "single sign-on log-in", at("accounts:sso-login"), 'name="password"', None
    yield "task list", at("binding:tasks", slug), seat, family
    yield "sign page", at("binding:sign", slug), at("binding:withdraw", slug), family
    yield "launcher", at("binding:sso-home"), "服務2", parent
    yield "bills, 5 children, 6 years", at("billing:home"), "學雜費", parent
    yield "application", at("review:application", slug, two.pk), two.applicants.all()[0].name, teacher
    yield "class board of 35", at("review:class", slug, first.pk), one.student.name, teacher
    yield "students", at("registry:students", slug), "11500003", registrar
    yield "school census", at("review:census", slug), first.name, admin


def picture(worker, address):
    """Each captcha may be looked at a few times: a fresh one comes with each page, which is not measured."""
    browser = Browser(worker)
    found: list[str] = []

    def draw(times):
        found[:] = re.findall(r"/captcha/[^\"]+image\.png", browser.get(address).content.decode())

    return Work(lambda headers: checked(worker, found[0], browser.get(found[0], headers), ""), draw)
