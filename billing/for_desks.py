"""The cashier's desks."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.bills import beside
from billing.bills.models import Bill
from core.languages import facts
from registry.desks import About, Finder, Group, Hit, Tab
from registry.finding import place_of
from registry.for_pages import money
from registry.roles import Role
from registry.search import students_named

CASHIER = frozenset({Role.CASHIER})
LONGEST_STUDENT_NUMBER = 10
MOST_BILLS = 20

TABS = (
    Tab("bills", pgettext_lazy("many", "繳費單"), "billing:cashier-batches", CASHIER, Group.BILLS, 10),
    Tab("leavers", _("離校學生"), "billing:cashier-leavers", CASHIER, Group.BILLS, 15),
    Tab("slips", _("印繳費單"), "billing:cashier-slips", CASHIER, Group.BILLS, 20),
    Tab("settings", _("代收設定"), "billing:cashier-settings", CASHIER, Group.BILLS, 30),
    Tab("cash", _("櫃檯收款"), "billing:cashier-cash", CASHIER, Group.MONEY, 10),
    Tab("money", pgettext_lazy("many", "入帳"), "billing:cashier-money", CASHIER, Group.MONEY, 20),
    Tab("work", _("待查"), "billing:cashier-work", CASHIER, Group.MONEY, 30),
    Tab("refunds", pgettext_lazy("many", "退款"), "billing:cashier-refunds", CASHIER, Group.MONEY, 40),
    Tab("collections", pgettext_lazy("many", "代收檔"), "billing:cashier-collections", CASHIER, Group.MONEY, 50),
    Tab("day", _("日結"), "billing:cashier-day", CASHIER, Group.MONEY, 60),
)


def find_bills(_user, school, text):
    """By what stands on the slip (write-off number, virtual account), or by whose they are."""
    code = text.replace(" ", "").replace("-", "")
    mine = Bill.objects.filter(school=school).select_related("student__school_class")
    numbered = Q(write_off_number=code) | Q(virtual_account=code)
    found = (
        mine.filter(numbered)
        if code.isdigit() and len(code) > LONGEST_STUDENT_NUMBER
        else mine.filter(numbered | Q(student__in=students_named(school, text)))
    )
    for one in found.order_by("-pk")[: Finder.MOST + 1]:
        note = facts([money(one.amount), one.get_state_display(), one.student.name, place_of(one.student)])
        yield Hit(one.title, note, reverse("billing:cashier-bill", args=[school.slug, one.pk]))


FINDERS = (Finder("bills", pgettext_lazy("many", "繳費單"), CASHIER, find_bills, 40),)


def bills_of(student, user):
    """The school's bills of the student, the last first; one query."""
    shown = Bill.objects.filter(student=student, school=user.school_id).exclude(state=Bill.State.DRAFT)
    return {"bills": shown.order_by("-pk")[:MOST_BILLS]}


ABOUT_STUDENT = (About("billing/collection/_about_student.html", CASHIER, bills_of, 30),)
BESIDE_STUDENTS = (beside.STUDENTS,)
