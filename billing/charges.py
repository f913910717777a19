"""A cashier's table of charges: a line a student, a column an item; from bytes to amounts in whole dollars.

Columns with these titles say whose line it is, all others are items; exemptions and subsidies are negative.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.spreadsheets import (
    MAX_COLUMNS,
    RowError,
    UnreadableFile,
    build_workbook,
    read,
    refuse_broken,
    tidy,
)
from registry.models import Student
from registry.search import looks_like_identity

NUMBER, CLASS, SEAT, NAME, TOTAL, LEFT_OUT = "number", "class", "seat", "name", "total", "left_out"
TITLES = {
    NUMBER: gettext_lazy("學號"),
    CLASS: gettext_lazy("班級"),
    SEAT: gettext_lazy("座號"),
    NAME: gettext_lazy("姓名"),
    TOTAL: gettext_lazy("合計"),
}
ALIASES = {
    "學號": NUMBER, "student number": NUMBER, "student_number": NUMBER,
    "班級": CLASS, "class": CLASS,
    "座號": SEAT, "seat": SEAT,
    "姓名": NAME, "學生姓名": NAME, "name": NAME,
    "合計": TOTAL, "總計": TOTAL, "應繳金額": TOTAL, "total": TOTAL,
    "備註": LEFT_OUT, "note": LEFT_OUT, "remarks": LEFT_OUT,
}  # fmt: skip
EXAMPLES = ["學費", "雜費", "代收代辦費", "減免"]
MOST_ROWS = 10_000
MOST_LINES = 2 * MOST_ROWS  # blank ones too
MOST_ITEMS = 30
LONGEST_NAME = 40
MOST_DOLLARS = 999_999_999  # nine places in the third barcode
BANNERS = 5  # lines that may stand above the titles
AMOUNT = re.compile(r"(?:NT)?\$?\s*([-−–+]?)\s*(?:NT)?\$?\s*(\d{1,3}(?:,\d{3})+|\d+)\s*元?", re.IGNORECASE)


@dataclass(frozen=True)
class Charge:
    """What one student is charged: pairs of an item's name and whole dollars, none of them zero."""

    student: Student
    items: tuple[tuple[str, int], ...]

    @property
    def amount(self):
        return sum(amount for _name, amount in self.items)


def read_charges(data, *, school):
    """(charges, errors) of a file (bytes), CSV or Excel. With errors nothing of it is to be used."""
    try:
        if len(data) > settings.CHARGES_MAX_BYTES:
            raise UnreadableFile(_("檔案太大，請分成幾個檔案。"))
        lines = first_lines(read(data))
        columns = _columns(lines)
        return _Table(school, columns).read(lines)
    except UnreadableFile as unreadable:
        return [], [unreadable.error]


def first_lines(workbook):
    """The lines of the first sheet. Raises UnreadableFile where there is none."""
    if not workbook.sheets:
        raise UnreadableFile(_("檔案是空的。"))
    return workbook.sheets[0].lines()


def template_of(students):
    """The workbook (.xlsx, bytes) to fill in: every student of the school, and a few items as an example."""
    head = [str(TITLES[one]) for one in (NUMBER, CLASS, SEAT, NAME)]
    lines = ([one.student_number, one.school_class.name, str(one.seat_number), one.name] for one in students)
    return build_workbook(_("收費表"), [*head, *EXAMPLES], lines)


def dollars(text):
    """An amount from 1,200, -500, －500 or NT$1,200; None for an empty cell. Raises ValidationError."""
    if not text:
        return None
    if text.startswith("(") and text.endswith(")"):  # as accountants write what goes off
        text = f"-{text[1:-1].strip()}"
    found = AMOUNT.fullmatch(text)
    if not found:
        raise ValidationError(_("金額要是整數，例如 1200 或 -500。"))
    sign, digits = found.groups()
    amount = int(digits.replace(",", ""))
    if amount > MOST_DOLLARS:
        raise ValidationError(_("金額太大了，請檢查。"))
    return -amount if sign in ("-", "−", "–") else amount


def _columns(lines):
    """What stands in each column: a word of TITLES, an item's name, or None. Raises UnreadableFile."""
    first = 0
    for _place, (line, cells) in zip(range(BANNERS * 4), lines, strict=False):
        titles = [tidy(cell) for cell in cells]
        if not any(titles):
            continue
        first = first or line
        known = [ALIASES.get(one.casefold()) for one in titles]
        if NUMBER in known or (CLASS in known and SEAT in known):
            return _checked([one or title or None for one, title in zip(known, titles, strict=True)], line)
    raise UnreadableFile(_("第一列要是標題，而且要有「學號」，或「班級」和「座號」。"), line=first)


def _checked(columns, line):
    named = [one for one in columns if one and one != LEFT_OUT]
    if len(named) > MAX_COLUMNS:
        raise UnreadableFile(
            _("表格超過 %(limit)d 欄，請刪除不需要的欄。") % {"limit": MAX_COLUMNS}, line=line
        )
    if twice := next((one for one in named if named.count(one) > 1), None):
        words = _("標題「%(column)s」出現兩次，請留一欄。") % {"column": TITLES.get(twice, twice)}
        raise UnreadableFile(words, line=line)
    items = items_of(columns)
    if not items:
        raise UnreadableFile(_("沒有任何收費項目的欄位，例如「學費」。"), line=line)
    if len(items) > MOST_ITEMS:
        raise UnreadableFile(_("收費項目最多 %(limit)d 欄。") % {"limit": MOST_ITEMS}, line=line)
    for item in items:
        if len(item) > LONGEST_NAME or looks_like_identity(item):
            words = _("這一欄的標題不像收費項目，項目最多 %(limit)d 個字。請刪除不需要的欄。")
            raise UnreadableFile(words % {"limit": LONGEST_NAME}, line=line)
    return columns


def items_of(columns):
    return [one for one in columns if one and one not in TITLES and one != LEFT_OUT]


class _Table:
    """Reads the lines against the school's students, all errors at once."""

    def __init__(self, school, columns):
        self.columns = columns
        self.errors: list[RowError] = []
        self.seen: dict[int, int] = {}
        students = Student.objects.filter(school=school).select_related("school_class", "school")
        self.by_number = {one.student_number.upper(): one for one in students}
        self.by_seat = {
            (one.school_class.name, one.seat_number): one
            for one in self.by_number.values()
            if one.status == Student.Status.ENROLLED
            and one.school_class.school_year == one.school.school_year
        }

    def read(self, lines):
        charges = []
        for line, cells in lines:
            tidied = [tidy(cell) for cell in cells[: len(self.columns)]]
            if line > MOST_LINES:
                raise UnreadableFile(_("超過 %(limit)d 列，請分次匯入。") % {"limit": MOST_ROWS})
            if not any(tidied):
                continue
            padded = tidied + [""] * (len(self.columns) - len(tidied))
            row = {name: cell for name, cell in zip(self.columns, padded, strict=False) if name}
            if charge := self._charge(line, row):
                charges.append(charge)
            if len(charges) + len(self.errors) > MOST_ROWS:
                raise UnreadableFile(_("超過 %(limit)d 列，請分次匯入。") % {"limit": MOST_ROWS})
        if not charges and not self.errors:
            raise UnreadableFile(_("檔案裡沒有任何學生。"))
        return ([] if self.errors else charges), self.errors

    def _charge(self, line, row):
        student = self._student(line, row)
        before = len(self.errors)
        items = tuple(self._items(line, row))
        total = self._amount(line, TOTAL, row.get(TOTAL, ""))
        if len(self.errors) > before:
            return None
        charge = Charge(student, items)
        if not items:
            self._wrong(line, "", _("這一列沒有任何金額。免繳的學生請不要列在表上。"))
        elif charge.amount < 0:
            self._wrong(line, "", _("減免比應繳的還多，合計是 %(amount)d 元。") % {"amount": charge.amount})
        elif charge.amount > MOST_DOLLARS:
            self._wrong(line, "", _("金額太大了，請檢查。"))
        elif total is not None and total != charge.amount:
            words = _("合計寫 %(told)d 元，各項相加是 %(sum)d 元。")
            self._wrong(line, TOTAL, words % {"told": total, "sum": charge.amount})
        return charge if student else None

    def _student(self, line, row):
        column, student = self._find(row)
        if student is None:
            if not row.get(column):
                self._wrong(line, column, _("請填學號，或班級和座號。"))
            else:
                self._wrong(line, column, _("本校沒有這個學生。"))
            return None
        if student.status != Student.Status.ENROLLED:
            words = _("這個學生目前是「%(status)s」，不能開繳費單。")
            self._wrong(line, column, words % {"status": student.get_status_display()})
        name = row.get(NAME, "")
        if name and name.replace(" ", "") != student.name.replace(" ", ""):
            self._wrong(line, NAME, _("姓名和學籍資料不同，請確認是不是同一個學生。"))
        if column == NUMBER and row.get(CLASS) and row[CLASS] != student.school_class.name:
            words = _("這個學生現在在 %(name)s 班。")
            self._wrong(line, CLASS, words % {"name": student.school_class.name})
        first = self.seen.setdefault(student.pk, line)
        if first != line:
            self._wrong(line, column, _("和第 %(line)d 列是同一個學生。") % {"line": first})
        return student

    def _find(self, row):
        """(the column that is to be looked at, the student or None)"""
        if number := row.get(NUMBER):
            return NUMBER, self.by_number.get(number.upper())
        seat = row.get(SEAT, "")
        if row.get(CLASS) and seat.isascii() and seat.isdigit():
            return SEAT, self.by_seat.get((row[CLASS], int(seat)))
        return (NUMBER if NUMBER in self.columns else SEAT), None

    def _items(self, line, row):
        for name in items_of(self.columns):
            amount = self._amount(line, name, row.get(name, ""))
            if amount:
                yield name, amount

    def _amount(self, line, column, text):
        try:
            refuse_broken(text)
            return dollars(text)
        except ValidationError as error:
            self._wrong(line, column, error.messages[0])
            return None

    def _wrong(self, line, column, reason):
        self.errors.append(RowError(line, str(TITLES.get(column, column)), reason))
