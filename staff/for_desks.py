"""The desks of accounts: the school administrator's and the helpdesk's."""

from django.utils.translation import gettext_lazy as _

from registry.desks import Group, Tab
from registry.roles import Role

TABS = (
    Tab("staff", _("教職員"), "staff:staff-accounts", frozenset({Role.SCHOOL_ADMIN}), Group.ACCOUNTS, 10),
    Tab("helpdesk", _("帳號協助"), "staff:helpdesk", frozenset({Role.HELPDESK}), Group.ACCOUNTS, 20),
)
