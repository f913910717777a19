"""The registrar's desks of bindings, corrections and addresses."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.desks import Group, Tab
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
)
