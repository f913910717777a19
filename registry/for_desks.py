"""The registrar's desks of students, classes and rosters."""

from django.utils.translation import gettext_lazy as _

from registry.desks import Group, Tab
from registry.roles import Role

REGISTRAR = frozenset({Role.REGISTRAR})

TABS = (
    Tab("students", _("學生"), "registry:students", REGISTRAR, Group.STUDENTS, 10),
    Tab("classes", _("班級"), "registry:classes", REGISTRAR, Group.STUDENTS, 20),
    Tab("forms", _("申請書"), "registry:forms", REGISTRAR, Group.STUDENTS, 40),
    Tab("roster", _("名冊"), "registry:roster-list", REGISTRAR, Group.ROSTERS, 10),
    Tab("moves", _("異動"), "registry:moves", REGISTRAR, Group.ROSTERS, 20),
)
