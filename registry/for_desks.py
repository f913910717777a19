"""The registrar's desks of students, classes and rosters."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.desks import Finder, Group, Hit, Tab
from registry.finding import place_of, students_at
from registry.roles import Role

REGISTRAR = frozenset({Role.REGISTRAR})

TABS = (
    Tab("students", pgettext_lazy("many", "學生"), "registry:students", REGISTRAR, Group.STUDENTS, 10),
    Tab("classes", pgettext_lazy("many", "班級"), "registry:classes", REGISTRAR, Group.STUDENTS, 20),
    Tab("forms", pgettext_lazy("many", "申請書"), "registry:forms", REGISTRAR, Group.STUDENTS, 40),
    Tab("roster", pgettext_lazy("many", "名冊"), "registry:roster-list", REGISTRAR, Group.ROSTERS, 10),
    Tab("register", _("異動名冊"), "registry:register", REGISTRAR, Group.ROSTERS, 30),
    Tab("moves", pgettext_lazy("many", "異動"), "registry:moves", REGISTRAR, Group.ROSTERS, 20),
)


def find_students(_user, school, text):
    for one in students_at(school, text)[: Finder.MOST + 1]:
        yield Hit(one.name, place_of(one), reverse("registry:student", args=[school.slug, one.pk]))


FINDERS = (Finder("students", _("學生"), REGISTRAR, find_students, 10, list_page="registry:students"),)
