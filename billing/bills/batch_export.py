"""A batch as a workbook to take away: a line a bill, a column an item."""

from django.utils.translation import gettext as _

from billing.bills import batch_figures
from billing.bills.models import Bill
from core.formats import roc_short
from core.spreadsheets import Page, build_report


def workbook_of(batch):
    """The .xlsx (bytes). Three queries, however many bills."""
    names = [one["name"] for one in batch_figures.items_of(batch)]
    head = [
        _("班級"), _("座號"), _("學號"), _("姓名"), *names, _("合計"), _("狀態"), _("繳費期限"), _("繳費日"),
        _("銷帳編號"),
    ]  # fmt: skip
    bills = Bill.objects.filter(batch=batch).select_related("student__school_class").prefetch_related("items")
    lines = [_line(one, names) for one in bills.in_seating_order()]
    return build_report([Page(_("繳費單"), head, lines, [8, 6, 12, 12, *[10] * len(names), 10, 10, 12, 12, 20])])


def _line(bill, names):
    amounts = {one.name: one.amount for one in bill.items.all()}
    student = bill.student
    return [
        student.school_class.name, student.seat_number, student.student_number, student.name,
        *[amounts.get(name) for name in names],
        bill.amount, str(bill.get_state_display()), roc_short(bill.due_on),
        roc_short(bill.paid_on) if bill.paid_on else "", bill.write_off_number,
    ]  # fmt: skip
