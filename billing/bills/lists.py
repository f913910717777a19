"""Columns of the cashier's lists of batches, for pages and for Excel."""

from django.utils.translation import gettext_lazy as _

from core.listing import Column

STATE = _("狀態")


def _count(key, heading):
    return Column(key, heading, lambda one: getattr(one, key), order=(key,), is_number=True)


BATCHES = (
    Column("batch", _("繳費批次"), str, order=("school_year", "semester"), width=28),
    Column("state", STATE, lambda one: one.get_state_display(), order=("state",)),
    Column("due", _("繳費期限"), lambda one: one.due_on, order=("due_on",)),
    _count("people", _("人數")),
    _count("paid", _("已繳")),
    _count("open", _("待繳")),
    _count("overdue", _("逾期")),
    _count("all_total", _("應繳金額")),
    _count("paid_total", _("已繳金額")),
)
