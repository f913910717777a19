"""The registrar's desks of bindings, corrections and addresses."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from binding.desk.about import people_of
from binding.desk.bindings import bindings_of
from core import emails, names
from core.languages import facts
from registry.desks import About, Finder, Group, Hit, Tab
from registry.finding import place_of
from registry.roles import Role

REGISTRAR = frozenset({Role.REGISTRAR})

TABS = (
    Tab("bindings", pgettext_lazy("many", "綁定"), "binding:bindings", REGISTRAR, Group.STUDENTS, 30),
    Tab("corrections", _("資料更正"), "binding:corrections", REGISTRAR, Group.REVIEW, 20),
    Tab(
        "addresses",
        _("信箱更正"),
        "binding:addresses",
        frozenset({Role.REGISTRAR, Role.SCHOOL_ADMIN}),
        Group.REVIEW,
        30,
    ),
    Tab(
        "people", _("姓名證號更正"), "binding:people", frozenset({Role.REGISTRAR, Role.SCHOOL_ADMIN}), Group.REVIEW, 31
    ),
)


def find_bindings(_user, school, text):
    """By the name of who is bound, or by the whole e-mail address."""
    found = bindings_of(school)
    if "@" in text:
        found = found.filter(account__user__email=emails.normalize(text))
    else:
        found = found.filter(account__folded_name__contains=names.fold(text))
    for one in found.order_by("-pk")[: Finder.MOST + 1]:
        note = facts([one.get_relationship_display(), one.student.name, place_of(one.student)])
        yield Hit(one.account.name, note, reverse("binding:binding", args=[school.slug, one.pk]))


FINDERS = (Finder("bindings", _("綁定的人"), REGISTRAR, find_bindings, 30, list_page="binding:bindings"),)
ABOUT_STUDENT = (About("binding/desk/_about_student.html", REGISTRAR, people_of, 10),)
