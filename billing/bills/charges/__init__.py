"""A cashier's table of charges: read, its columns confirmed, and turned into what each student is charged.

read_charges(data, school=…) -> Reading      columns, lines, notes on what is not used, errors
charges_of(columns, lines, students)         by what the cashier said each column is for
template_of(students)                        the workbook to fill in
"""

from billing.bills.charges.amounts import MOST_DOLLARS, dollars
from billing.bills.charges.checking import (
    LONGEST_NAME,
    MOST_ITEMS,
    Charge,
    charges_of,
    total_of,
    with_kinds,
    wrong_totals,
)
from billing.bills.charges.columns import ASK, Column, Kind, Line, kind_of
from billing.bills.charges.reading import Reading, marked, read_charges
from billing.bills.charges.template import template_of

__all__ = [
    "ASK",
    "LONGEST_NAME",
    "MOST_DOLLARS",
    "MOST_ITEMS",
    "Charge",
    "Column",
    "Kind",
    "Line",
    "Reading",
    "charges_of",
    "dollars",
    "kind_of",
    "marked",
    "read_charges",
    "template_of",
    "total_of",
    "with_kinds",
    "wrong_totals",
]
