"""The cashier's desks."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.desks import Group, Tab
from registry.roles import Role

CASHIER = frozenset({Role.CASHIER})

TABS = (
    Tab("bills", pgettext_lazy("many", "繳費單"), "billing:cashier-batches", CASHIER, Group.BILLS, 10),
    Tab("slips", _("印繳費單"), "billing:cashier-slips", CASHIER, Group.BILLS, 20),
    Tab("settings", _("代收設定"), "billing:cashier-settings", CASHIER, Group.BILLS, 30),
    Tab("money", _("款項"), "billing:cashier-money", CASHIER, Group.MONEY, 10),
    Tab("cash", _("櫃檯收款"), "billing:cashier-cash", CASHIER, Group.MONEY, 20),
    Tab("work", _("待查"), "billing:cashier-work", CASHIER, Group.MONEY, 30),
    Tab("refunds", pgettext_lazy("many", "退款"), "billing:cashier-refunds", CASHIER, Group.MONEY, 40),
    Tab("collections", pgettext_lazy("many", "代收檔"), "billing:cashier-collections", CASHIER, Group.MONEY, 50),
    Tab("day", _("日結"), "billing:cashier-day", CASHIER, Group.MONEY, 60),
)
