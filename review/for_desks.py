"""The desks of review, of the census and of reminders."""

from django.utils.translation import gettext_lazy as _

from registry.desks import Group, Tab
from registry.roles import Role

REVIEWERS = frozenset({Role.REGISTRAR, Role.HOMEROOM_TEACHER})
READERS = frozenset({Role.REGISTRAR, Role.PRINCIPAL, Role.SCHOOL_ADMIN})
REMINDERS = frozenset({Role.REGISTRAR, Role.SCHOOL_ADMIN})

TABS = (
    Tab("review", _("審核"), "review:home", REVIEWERS, Group.REVIEW, 10),
    Tab("census", _("統計"), "review:census", READERS, Group.FIGURES, 10),
    Tab("reminders", _("提醒"), "review:reminders", REMINDERS, Group.FIGURES, 20),
)
