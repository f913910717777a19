"""The desks of accounts: the school administrator's and the helpdesk's."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import names
from core.languages import facts
from registry.desks import About, Finder, Group, Hit, Tab
from registry.finding import place_of
from registry.roles import Role
from staff import accounts, helpdesk

ADMIN = frozenset({Role.SCHOOL_ADMIN})
HELPDESK = frozenset({Role.HELPDESK})
MOST_MAILS = 10

TABS = (
    Tab("staff", _("教職員"), "staff:staff-accounts", ADMIN, Group.ACCOUNTS, 10),
    Tab("own-school", _("學校資料"), "staff:own-school", frozenset({Role.SCHOOL_ADMIN}), Group.ACCOUNTS, 12),
    Tab("event-log", _("事件紀錄"), "staff:event-log", frozenset({Role.SCHOOL_ADMIN}), Group.ACCOUNTS, 14),
    Tab("helpdesk", _("帳號協助"), "staff:helpdesk", HELPDESK, Group.ACCOUNTS, 20),
)


def find_staff(_user, school, text):
    found = accounts.staff_of(school).filter(Q(account__icontains=text) | Q(folded_name__contains=names.fold(text)))
    for one in found.order_by("account")[: Finder.MOST + 1]:
        yield Hit(one.name or one.account, one.account, reverse("staff:staff-person", args=[school.slug, one.pk]))


def find_families(_user, school, text):
    """By number, account, name or a parent's whole e-mail address: as much as the helpdesk has to be told."""
    for one in helpdesk.find_families(school, text)[: Finder.MOST + 1]:
        page = reverse("staff:helpdesk-family", args=[school.slug, one.pk])
        yield Hit(one.portal_account, facts([one.masked_name, place_of(one)]), page)


FINDERS = (
    Finder("staff", _("教職員"), ADMIN, find_staff, 60, list_page="staff:staff-accounts"),
    Finder("families", _("家長帳號"), HELPDESK, find_families, 50, list_page="staff:helpdesk"),
)


def mails_of(student, _user):
    """The last mails that told of the student; one query."""
    return {"mails": helpdesk.mails_of(student)[:MOST_MAILS]}


ABOUT_STUDENT = (About("staff/_about_student.html", frozenset({Role.REGISTRAR, Role.HELPDESK}), mails_of, 40),)
