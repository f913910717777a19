"""How a file of refunds is laid out: the columns that the forms of banks for transfers in bulk ask for, as Excel or as text.

Each bank's own form differs in order and titles: a cashier copies the columns into it, or the bank reads them as they are.
Fixed-width media, which name the school's own account too, are not written yet (ADR 43).
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from billing.payments.models import RefundFile, RefundLine
from billing.payments.payee import Payee
from core.spreadsheets import build_workbook

COLUMNS = (_("序號"), _("銀行代碼"), _("分行代碼"), _("帳號"), _("戶名"), _("金額"), _("附言"))
WIDTHS = (8, 10, 10, 22, 24, 12, 24)
LONGEST_REMARK = 20
FORMULA = "=+-@ "  # with one of these first, a text is reckoned by whoever opens it in Excel


@dataclass(frozen=True)
class Layout:
    """`encoding` of a text; "" is Excel."""

    key: str
    title: object
    encoding: str = ""

    @property
    def ending(self) -> str:
        return "csv" if self.encoding else "xlsx"


LAYOUTS = {
    one.key: one
    for one in (
        Layout("xlsx", _("Excel")),
        Layout("csv", _("CSV（UTF-8）"), "utf-8-sig"),
        Layout("big5", _("CSV（Big5）"), "cp950"),
    )
}


class Unwritable(Exception):
    """The text's encoding lacks a character of these lines (numbers); `numbers`."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__()
        self.numbers = numbers


def written(file: RefundFile, layout: Layout) -> bytes:
    """The lines of `file` that still wait, in full. Raises Unwritable. A caller that hands it out records an event."""
    waiting = file.lines.filter(state=RefundLine.State.WAITING).order_by("number")
    rows = [_cells(one, one.refund.payee) for one in waiting.select_related("refund__bill")]
    header = [str(one) for one in COLUMNS]
    if not layout.encoding:
        return build_workbook(str(_("退款匯款")), header, rows, widths=WIDTHS)
    if wrong := [row[0] for row in rows if not _fits(row, layout.encoding)]:
        raise Unwritable([int(one) for one in wrong])
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode(layout.encoding)


def _cells(line: RefundLine, payee: Payee) -> list[str]:
    remark = line.refund.bill.title.lstrip(FORMULA)[:LONGEST_REMARK] if line.refund.bill else ""
    return [str(line.number), payee.bank, payee.branch, payee.account, payee.holder, str(line.amount), remark]


def _fits(row: Sequence[str], encoding: str) -> bool:
    try:
        "".join(row).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
