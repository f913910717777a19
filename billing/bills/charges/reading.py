"""A cashier's table of charges: a line a student, a column an item; from bytes to amounts in whole dollars.

All visible sheets are read. What is not used is named in `notes`; what can't be read for certain is an error.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills.charges.amounts import dollars, is_like_an_amount
from billing.bills.charges.columns import Column, Line, is_of_money, is_of_words, propose
from billing.bills.charges.feet import Foot, differences_of
from billing.bills.charges.students import Students
from core.identity import may_be_in
from core.spreadsheets import (
    MAX_COLUMNS,
    RowError,
    Titles,
    UnreadableFile,
    column_name,
    find_table,
    fold_title,
    is_foot,
    left_out,
    mark_errors,
    read,
)

NUMBER, CLASS, SEAT, NAME = "number", "class", "seat", "name"
AMOUNT = "amount"  # any other column with a title
TITLES = {
    NUMBER: gettext_lazy("學號"),
    CLASS: gettext_lazy("班級"),
    SEAT: gettext_lazy("座號"),
    NAME: gettext_lazy("姓名"),
}
KNOWN = Titles(
    {
        "學號": NUMBER, "student number": NUMBER, "student_number": NUMBER,
        "班級": CLASS, "班別": CLASS, "class": CLASS,
        "座號": SEAT, "號碼": SEAT, "seat": SEAT,
        "姓名": NAME, "學生姓名": NAME, "name": NAME,
    },
    TITLES.get,
)  # fmt: skip
MOST_ROWS = 10_000
MANY = 5  # cells; so many that are no amounts, and not one that is: the column is none of amounts


@dataclass
class Reading:
    """What a file holds. With `errors` nothing of it is to be used; `notes` are sentences on what is not used."""

    columns: list[Column] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def read_charges(data, *, school):
    """The Reading of a file (bytes): Excel, OpenDocument or text."""
    try:
        if len(data) > settings.CHARGES_MAX_BYTES:
            raise UnreadableFile(_("檔案太大，請分成幾個檔案。"))
        return _Reader(school).read(read(data))
    except UnreadableFile as unreadable:
        return Reading(errors=[unreadable.error])


def marked(data, errors):
    """The file (bytes) as .xlsx with its `errors` marked in their cells. Raises UnreadableFile."""
    return mark_errors(data, errors, KNOWN, is_enough=is_enough, name=_("收費表"))


def is_text(title, cells):
    """Whether a column is words: by its title, or because nobody meant an amount in any of its cells."""
    if is_of_words(title):
        return True
    return not is_of_money(title) and not any(is_like_an_amount(cell) for cell in cells)


def is_enough(columns):
    return NUMBER in columns or (CLASS in columns and SEAT in columns)


class _Reader:
    """Reads sheet after sheet against the school's students, all errors at once."""

    def __init__(self, school):
        self.students = Students(school)
        self.reading = Reading()
        self.by_title = {}
        self.feet = []
        self.rows = []  # (student or None, sheet, line, {place of the column: cell})

    def read(self, workbook):
        tables = [table for sheet in workbook.sheets if (table := self._read_sheet(sheet))]
        if not tables:
            words = _("找不到標題。標題要有「學號」，或「班級」和「座號」，下面一列一個學生。")
            raise UnreadableFile(words, line=1)
        if not self.rows:
            raise UnreadableFile(_("檔案裡沒有任何學生。"))
        amounts = self._read_amounts()
        propose(self.reading.columns, self.reading.lines)
        self.reading.notes = left_out(workbook, tables)
        for foot in self.feet:
            self.reading.notes += differences_of(foot, self.reading.columns, amounts)
        return self.reading

    def _wrong(self, sheet, line, column, reason):
        self.reading.errors.append(RowError(line, column, reason, sheet=sheet))

    def _read_sheet(self, sheet):
        """The Table, walked to its end, or None for a sheet without titles."""
        table = find_table(sheet, KNOWN, is_enough=is_enough)
        if table is None:
            return None
        places = self._places_of(table)
        feet = []

        def note_foot(cells):
            if self._is_foot(table, cells):
                feet.append((len(self.rows), {place: cells[index] for index, place in places.items()}))
                return True
            return False

        first = len(self.rows)
        for line, cells in table.rows(note_foot):
            self._read_row(table, places, line, cells)
        self._keep_feet(table, feet, first)
        return table

    def _keep_feet(self, table, feet, first):
        """`first`: how many rows were read before this sheet."""
        last = first
        for (line, words), (end, cells) in zip(table.feet, feet, strict=True):
            self.feet.append(Foot(table.name, line, words, cells, (last, first, 0), end))
            last = end

    def _places_of(self, table):
        """{index in the table: place among `columns`} of the columns that the students' own titles leave."""
        places, seen = {}, set()
        for index, (title, known) in enumerate(zip(table.titles, table.columns, strict=True)):
            if not title:
                continue
            if may_be_in(title):
                words = _("有一欄的標題像身分證字號，請刪除這一欄或改標題。")
                raise UnreadableFile(words, line=table.line, column=column_name(index), sheet=table.name)
            folded = known or fold_title(title)
            if folded in seen:
                words = _("標題「%(column)s」出現兩次，請留一欄。") % {"column": title}
                raise UnreadableFile(words, line=table.line, sheet=table.name)
            seen.add(folded)
            if known is None:
                places[index] = self._place_of(title)
                table.columns[index] = AMOUNT
                if index in table.sheet.hidden_columns:
                    self.reading.columns[places[index]].is_hidden = True
        if len(seen) > MAX_COLUMNS:
            words = _("表格超過 %(limit)d 欄，請刪除不需要的欄。") % {"limit": MAX_COLUMNS}
            raise UnreadableFile(words, line=table.line, sheet=table.name)
        return places

    def _place_of(self, title):
        """One title on several sheets is one column."""
        folded = fold_title(title)
        if folded not in self.by_title:
            self.by_title[folded] = len(self.reading.columns)
            self.reading.columns.append(Column(title))
        return self.by_title[folded]

    @staticmethod
    def _is_foot(table, cells):
        """Nobody's line: whatever says whose it is is empty or a foot's word itself."""
        whose = [cell for cell, known in zip(cells, table.columns, strict=False) if known in (NUMBER, SEAT, NAME)]
        return all(not cell or is_foot(cell) for cell in whose)

    def _read_row(self, table, places, line, cells):
        if len(self.rows) >= MOST_ROWS:
            raise UnreadableFile(_("超過 %(limit)d 列，請分次匯入。") % {"limit": MOST_ROWS}, sheet=table.name)
        known = {column: cell for cell, column in zip(cells, table.columns, strict=False) if column in TITLES}
        student, wrong = self.students.find(known, sheet=table.name, line=line)
        for column, reason in wrong:
            self._wrong(table.name, line, str(TITLES[column]), reason)
        self._refuse_amounts_without_title(table, line, cells)
        filled = {place: cells[index] for index, place in places.items() if cells[index]}
        self.rows.append((student, table.name, line, filled))

    def _refuse_amounts_without_title(self, table, line, cells):
        for index, cell in enumerate(cells):
            has_title = index < len(table.titles) and table.titles[index]
            if cell and not has_title and is_like_an_amount(cell):
                words = _("這一格像是金額，但是這一欄沒有標題。請補上標題，或清空這一格。")
                self._wrong(table.name, line, table.title_of(index), words)

    def _read_amounts(self):
        amounts = [[None] * len(self.reading.columns) for _row in self.rows]
        for place, column in enumerate(self.reading.columns):
            cells = [(n, row[3][place]) for n, row in enumerate(self.rows) if place in row[3]]
            column.filled = len(cells)
            column.is_text = bool(cells) and is_text(column.title, [cell for _n, cell in cells])
            if not column.is_text:
                self._read_column(place, column, cells, amounts)
        if all(column.is_text for column in self.reading.columns):
            raise UnreadableFile(_("沒有任何收費項目的欄位，例如「學費」。"))
        self._refuse_rows_without_amount(amounts)
        order = {sheet: n for n, (_student, sheet, _line, _cells) in reversed(list(enumerate(self.rows)))}
        self.reading.errors.sort(key=lambda error: (order.get(error.sheet, -1), error.line))
        self.reading.lines = [
            Line(student.pk, sheet, line, tuple(amounts[n]))
            for n, (student, sheet, line, _cells) in enumerate(self.rows)
            if student
        ]
        return amounts

    def _refuse_rows_without_amount(self, amounts):
        wrong = {(error.sheet, error.line) for error in self.reading.errors}
        for (_student, sheet, line, _cells), row in zip(self.rows, amounts, strict=True):
            if not any(row) and (sheet, line) not in wrong:
                self._wrong(sheet, line, "", _("這一列沒有任何金額。免繳的學生請不要列在表上。"))

    def _read_column(self, place, column, cells, amounts):
        wrong = []
        for n, cell in cells:
            try:
                amount = dollars(cell)
            except ValidationError as error:
                wrong.append((n, error.messages[0]))
                continue
            amounts[n][place] = amount
            column.add(amount or 0)
        if len(wrong) > MANY and len(wrong) == len(cells):
            words = _("這一欄沒有一格是金額。如果不是收費項目，請刪除這一欄，或在標題加上「備註」。")
            wrong = [(wrong[0][0], words)]
        for n, reason in wrong:
            _student, sheet, line, _cells = self.rows[n]
            self._wrong(sheet, line, column.title, reason)
