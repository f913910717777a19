"""From the amounts of a table, and what each column is for, to what every student is charged."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from billing.bills.charges.amounts import MOST_DOLLARS
from billing.bills.charges.columns import BILLED, Kind, part_of
from core.identity import may_be_in
from core.spreadsheets import RowError
from registry.models import Student

MOST_ITEMS = 30
LONGEST_NAME = 40


@dataclass(frozen=True)
class Charge:
    """What one student is charged: pairs of an item's name and whole dollars.

    Zero stands in the place of an item that others are charged: so an item has one place in all bills of a table.
    """

    student: Student
    items: tuple[tuple[str, int], ...]

    @property
    def amount(self):
        return sum(amount for _name, amount in self.items)


def charges_of(columns, lines, students):
    """(charges, errors) by the `kind` of each column; with errors nothing of it is to be used.

    `students`: {key: Student}, those who left since the table was read left out: their lines are errors.
    """
    if errors := _wrong_columns(columns):
        return [], errors
    charges, errors = [], []
    for line in lines:
        student = students.get(line.student)
        items = tuple(
            (column.title, part_of(column.kind, amount))
            for column, amount in zip(columns, line.amounts, strict=True)
            if column.kind in BILLED
        )
        charge = Charge(student, items)
        if why := _why_not(charge):
            errors.append(RowError(line.line, "", why, sheet=line.sheet))
        charges.append(charge)
    errors += [wrong for at in range(len(columns)) for wrong in wrong_totals(columns, lines, at)]
    return ([] if errors else charges), errors


def _wrong_columns(columns):
    """Errors of the table as a whole, found before any line is read."""
    billed = [one for one in columns if one.kind in BILLED and one.filled]
    if not any(one.kind == Kind.FEE for one in billed):
        return [RowError(0, "", _("沒有任何收費項目。請至少選一欄是「收費項目」。"))]
    if len(billed) > MOST_ITEMS:
        return [RowError(0, "", _("收費項目最多 %(limit)d 欄。") % {"limit": MOST_ITEMS})]
    return [RowError(0, one.title[:LONGEST_NAME], why) for one in billed if (why := _why_no_item(one))]


def _why_no_item(column):
    if len(column.title) > LONGEST_NAME or may_be_in(column.title):
        words = _("這一欄的標題不像收費項目，項目最多 %(limit)d 個字。請改標題，或選「不使用」。")
        return words % {"limit": LONGEST_NAME}
    if column.kind == Kind.DISCOUNT and column.above and column.below:
        return _("這一欄有正數也有負數，不能一律扣除。請在檔案裡改成一致，或選「收費項目」照正負號計算。")
    return ""


def _why_not(charge):
    if charge.student is None:
        return _("這個學生已經不在本校在學，請從表上刪除。")
    if not any(amount for _name, amount in charge.items):
        return _("這一列沒有任何金額。免繳的學生請不要列在表上。")
    if charge.amount < 0:
        return _("減免比應繳的還多，合計是 %(amount)d 元。") % {"amount": charge.amount}
    if charge.amount > MOST_DOLLARS:
        return _("金額太大了，請檢查。")
    return ""


def wrong_totals(columns, lines, at):
    """Errors of the lines whose cell in column `at`, if that is a total, is not what it adds up.

    What it adds up tells the majority of its lines: all columns or those left or right of it (since the last total),
    with or without what goes off. Where no sum fits most lines, the first line that differs speaks for the column.
    """
    column = columns[at]
    told = [(line, line.amounts[at]) for line in lines if line.amounts[at] is not None]
    if column.kind != Kind.TOTAL or not told:
        return []
    wrong = min((_differences(told, columns, group) for group in _groups(columns, at)), key=len)
    if len(wrong) * 2 > len(told):
        return _column_differs(column, wrong, told)
    words = _("寫 %(told)d 元，各項相加是 %(sum)d 元。")
    return [
        RowError(line.line, column.title, words % {"told": amount, "sum": total}, sheet=line.sheet)
        for line, amount, total in wrong
    ]


def _column_differs(column, wrong, told):
    line, amount, total = wrong[0]
    words = _(
        "這一欄有 %(count)d 列不等於各項相加，例如這一列寫 %(told)d 元，各項相加是 %(sum)d 元。"
        "請檢查金額和每一欄的用途；這一欄不是合計的話，請改選用途。"
    )
    figures = {"count": len(wrong), "told": amount, "sum": total}
    return [RowError(line.line, column.title, words % figures, sheet=line.sheet)]


def _groups(columns, at):
    """Each a list of (place, kind): which columns a total may add up. The first that fits best is taken."""
    billed = [n for n, one in enumerate(columns) if one.kind in BILLED]
    totals = [n for n, one in enumerate(columns) if one.kind == Kind.TOTAL]
    last = max((n for n in totals if n < at), default=-1)
    following = min((n for n in totals if n > at), default=len(columns))
    chosen = [
        billed,
        [n for n in billed if n < at],
        [n for n in billed if n > at],
        [n for n in billed if last < n < at],
        [n for n in billed if at < n < following],
    ]
    for group in chosen:
        yield [(n, columns[n].kind) for n in group]
        yield [(n, columns[n].kind) for n in group if columns[n].kind == Kind.FEE]


def _differences(told, columns, group):
    found = []
    for line, amount in told:
        total = sum(part_of(kind, line.amounts[n]) for n, kind in group)
        if total != amount:
            found.append((line, amount, total))
    return found


def with_kinds(columns, kinds):
    return [replace(column, kind=kind) for column, kind in zip(columns, kinds, strict=True)]


def total_of(columns, lines):
    """Whole dollars of all bills together; None while somebody must say what a column is for."""
    if any(one.kind not in Kind.values for one in columns):
        return None
    return sum(part_of(one.kind, amount) for line in lines for one, amount in zip(columns, line.amounts, strict=True))
