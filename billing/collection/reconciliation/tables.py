"""Files of a bank that are tables: CSV and its kin, Excel. Every visible sheet with titles is read, the rest is named."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing.collection.reconciliation import cells as read_cell
from billing.collection.reconciliation.lines import FileRefused, Line
from core.languages import labelled
from core.spreadsheets import RowError, Titles, UnreadableFile, find_table, fold_title, place_of
from core.spreadsheets import read as read_workbook

ENOUGH = 2  # known titles that make a line one of titles
SUM = re.compile(r"[合總共小]計|總[額和]|加總")


def read(file, profile, notes):
    """The Lines of a binary file; what is wrong with it and what is left out goes to `notes`."""
    data = file.read()
    try:
        _refuse_nothings(data)
        yield from _lines_of(read_workbook(data), profile.form, notes)
    except UnreadableFile as unreadable:
        notes.add_error(unreadable.error)
    except FileRefused as refused:
        for problem in refused.problems:
            notes.add_problem(problem)


def _refuse_nothings(data):
    """UTF-8 text with a byte of zeros in it was damaged on its way. Raises UnreadableFile."""
    place = data.find(b"\0")
    if place < 0 or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return
    try:
        data.decode()
    except UnicodeDecodeError:
        return
    words = _("有無法辨識的字元，檔案可能損壞，請重新下載。")
    raise UnreadableFile(words, line=data.count(b"\n", 0, place) + 1)


def _lines_of(workbook, form, notes):
    known = titles_of(form)
    for name in [*workbook.hidden, *workbook.charts]:
        notes.left_out.append(_("「%(name)s」工作表是隱藏的，或不是表格，沒有讀取。") % {"name": name})
    above, is_found = 0, False
    for sheet in workbook.sheets:
        table = find_table(sheet, known, is_enough=is_enough)
        if table is None:
            if sheet.name:
                notes.left_out.append(_("「%(name)s」工作表沒有標題，沒有讀取。") % {"name": sheet.name})
            continue
        is_found = True
        reader = _Reader(table, form, notes, above)
        yield from reader.lines()
        above = reader.last
    if not is_found:
        raise FileRefused(missing(form, set()))


def is_enough(columns):
    """Whether these known titles make a line one of titles."""
    return len(set(columns)) >= ENOUGH


def titles_of(form):
    """The titles that banks write, and which field each of them means."""
    aliases = {word: name for name, words in form.fields.items() for word in words}
    return Titles(aliases, lambda name: form.fields[name][0])


def missing(form, found):
    needed = [words[0] for name, words in form.fields.items() if name not in found and name not in form.optional]
    return _("找不到「%s」這一欄，請確認選對了檔案種類。") % "」、「".join(needed)


class _Reader:
    """Reads one sheet; `last` is the number of its last line, counted on from those `above`."""

    def __init__(self, table, form, notes, above):
        self.table, self.form, self.notes, self.above = table, form, notes, above
        self.last = above + table.line
        self.columns = self._columns()
        self.total = self.since_last_sum = 0

    def _columns(self):
        """{name: index}: where several titles mean one thing, the one that stands first in the profile."""
        folded = [fold_title(title) for title in self.table.titles]
        columns = {}
        for name, words in self.form.fields.items():
            found = [word for word in map(fold_title, words) if word in folded]
            if found:
                columns[name] = folded.index(found[0])
                self._refuse_twice(folded, found[0])
        if not self.form.required <= set(columns):
            raise FileRefused(missing(self.form, set(columns)))
        return columns

    def _refuse_twice(self, folded, word):
        if folded.count(word) > 1:
            words = _("標題「%(column)s」出現兩次，請留一欄。") % {"column": self.table.titles[folded.index(word)]}
            raise FileRefused(labelled(place_of(self.table.line, sheet=self.table.name)) + words)

    def lines(self):
        for number, row in self.table.rows(is_foot=self._is_foot):
            self.last = self.above + number
            try:
                facts = self._facts(row)
            except _Refused as refused:
                self._note(number, refused.reason, refused.column)
                continue
            self.total += facts["amount"]
            self.since_last_sum += facts["amount"]
            yield Line(number=self.last, sheet=self.table.name, line=number, collection_code="", **facts)
        self._name_what_is_left_out()

    def _note(self, number, reason, column=""):
        self.notes.add_error(RowError(number, column, reason, sheet=self.table.name))

    def _facts(self, row):
        cells = {name: row[index] for name, index in self.columns.items()}
        channel = self._read("channel", cells, read_cell.words_of)
        remark = self._read("remark", cells, read_cell.words_of)
        self._read("withdrawn", cells, read_cell.refuse_withdrawal)
        self._read("direction", cells, read_cell.refuse_money_that_went)
        self._read("state", cells, read_cell.refuse_what_was_not_done)
        for name in ("channel", "remark"):
            self._read(name, cells, read_cell.refuse_money_that_went_back)
        return {
            "paid_on": self._read("paid_on", cells, read_cell.day_of),
            "code": self._read("code", cells, read_cell.code_of),
            "amount": self._read("amount", cells, read_cell.amount_of),
            "reference": self._read("reference", cells, read_cell.number_of),
            "channel": (channel or remark)[:40],
        }

    def _read(self, name, cells, how):
        try:
            return how(cells.get(name, ""))
        except ValidationError as error:
            column = self.table.titles[self.columns[name]] if name in self.columns else ""
            raise _Refused(column, error.messages[0]) from None

    def _is_foot(self, row):
        """A line that begins like a foot is one unless it reads as money that came; a sum in it must be right."""
        try:
            self._facts(row)
        except _Refused:
            self._check_sum(row)
            return True
        return False

    def _check_sum(self, row):
        try:
            told = read_cell.amount_of(row[self.columns["amount"]])
        except ValidationError:
            return
        if not any(SUM.search(cell) for cell in row) or self.notes.problems:
            return
        if told not in (self.total, self.since_last_sum):
            words = _("檔案寫的合計是 %(told)s 元，上面各列相加是 %(sum)s 元，檔案可能不完整或被改過。")
            self.notes.add_problem(words % {"told": f"{told:,}", "sum": f"{self.total:,}"})
        self.since_last_sum = 0

    def _name_what_is_left_out(self):
        for number, words in self.table.feet:
            place = place_of(number, sheet=self.table.name)
            words = _("%(place)s「%(words)s」不是入帳資料，沒有讀取。") % {"place": place, "words": words[:60]}
            self.notes.left_out.append(words)
        known = titles_of(self.form)
        for index in sorted(self._unused()):
            title = self.table.title_of(index)
            near = "" if index < len(self.table.columns) and self.table.columns[index] else known.nearest(title)
            words = _("「%(title)s」這一欄沒有使用。")
            if near:
                words = _("「%(title)s」這一欄沒有使用，您是指「%(near)s」嗎？")
            self.notes.left_out.append(words % {"title": title, "near": near})

    def _unused(self):
        """Columns that nobody knows, and those that mean what another one says already."""
        doubled = {index for index, name in enumerate(self.table.columns) if name and self.columns.get(name) != index}
        return doubled | set(self.table.unused)


class _Refused(Exception):
    """A cell of a line can't be read for certain, or tells of money that did not come."""

    def __init__(self, column, reason):
        super().__init__(reason)
        self.column, self.reason = column, reason
