"""The workbook that a cashier fills in."""

from django.utils.translation import gettext as _

from billing.bills.charges.reading import TITLES
from core.spreadsheets import build_workbook

EXAMPLES = ["學費", "雜費", "代收代辦費", "減免"]


def template_of(students):
    """.xlsx (bytes): every student of the school, and a few items as an example."""
    head = [str(title) for title in TITLES.values()]
    lines = ([one.student_number, one.school_class.name, str(one.seat_number), one.name] for one in students)
    return build_workbook(_("收費表"), [*head, *EXAMPLES], lines)
