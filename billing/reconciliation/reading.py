"""Reads a collection file line by line, so that its length costs time and no memory.

A file counts as a whole or not at all: `look_through` reads it once and refuses what is cut off, altered or not
understood; only then `lines_of` is worth walking.
"""

import csv
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.codes import check_characters
from billing.reconciliation.profiles import Delimited
from core.text import half_width
from registry.formats import parse_date

LONGEST_LINE = 1000
MOST_PROBLEMS = 20


class FileRefused(Exception):
    """The file is not taken; `problems` say why, to a cashier."""

    def __init__(self, *problems):
        super().__init__("; ".join(problems))
        self.problems = list(problems)


class Unreadable(Exception):
    """One line of a file makes no sense; its words say why."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says was paid. Amount in whole New Taiwan dollars."""

    number: int
    code: str
    amount: int
    paid_on: date
    channel: str
    reference: str
    collection_code: str


@dataclass(frozen=True)
class Summary:
    """`codes`: the collection codes of the contracts that the file is about; empty for a bank's."""

    count: int
    total: int
    digest: str
    codes: frozenset[str]


def look_through(file, profile):
    """Count, total and digest of a binary file that is sound. Raises FileRefused."""
    count = total = 0
    digest = hashlib.sha256(profile.name.encode())
    problems: list[str] = []
    codes = set()
    for line in _walk(file, profile, problems):
        count += 1
        codes.add(line.collection_code)
        total += line.amount
        # Of what the lines say, not of the bytes: other line ends don't make another file.
        digest.update(f"\n{line.code}|{line.amount}|{line.paid_on}|{line.channel}|{line.reference}".encode())
    if problems:
        raise FileRefused(*problems)
    if not count:
        raise FileRefused(_("檔案裡沒有任何代收資料。"))
    return Summary(count, total, digest.hexdigest(), frozenset(filter(None, codes)))


def lines_of(file, profile):
    """The lines of a file that `look_through` found sound."""
    return _walk(file, profile, problems=[])


def _walk(file, profile, problems):
    file.seek(0)
    walk = _delimited if isinstance(profile.form, Delimited) else _fixed_width
    yield from walk(file, profile, problems)


def _fixed_width(file, profile, problems):
    form = profile.form
    count = total = 0
    closing = None
    for number, raw in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
        record = raw.rstrip(b"\r\n\x1a")
        if not record:
            continue
        kind = form.kind.of(record).decode("ascii", "replace")
        if (
            closing is not None
            or len(record) != form.length
            or kind not in (form.header, form.detail, form.trailer)
        ):
            _note(problems, number, _("不是這個格式的資料，或長度不是 %d 個位元組。") % form.length)
            return
        if (kind == form.header) != (number == 1):
            _note(problems, number, _("首筆或明細的順序不對。"))
            return
        if kind == form.trailer:
            closing = record
        elif kind == form.detail:
            cells = {name: _words(place.of(record), profile) for name, place in form.fields.items()}
            try:
                line = _line(number, cells)
            except Unreadable as unreadable:
                _note(problems, number, str(unreadable))
                continue
            count += 1
            total += line.amount
            yield line
    if closing is None:
        problems.append(_("沒有結尾的總計，檔案可能沒有傳完，請重新下載。"))
    elif not problems and (count, total) != _totals(form, closing):
        problems.append(_("筆數或金額和檔案結尾的總計不同，檔案可能不完整或被改過。"))


def _totals(form, record):
    cells = [place.of(record).decode("ascii", "replace").strip() for place in (form.count, form.total)]
    return tuple(int(cell) if cell.isascii() and cell.isdigit() else None for cell in cells)


def _words(cell, profile):
    return cell.decode(profile.encodings[0], "replace").strip()


def _delimited(file, profile, problems):
    with _as_text(file, profile) as text:
        rows = csv.reader(text, strict=True)
        try:
            columns = _columns(next(rows, []), profile.form)
            for number, row in enumerate(rows, start=2):
                if any(cell.strip() for cell in row):
                    cells = {
                        name: row[place].strip() if place < len(row) else ""
                        for name, place in columns.items()
                    }
                    try:
                        yield _line(number, cells)
                    except Unreadable as unreadable:
                        _note(problems, number, str(unreadable))
        except (csv.Error, UnicodeDecodeError):
            problems.append(_("檔案不是 CSV，或文字編碼不是 UTF-8 或 Big5。"))
        except FileRefused as refused:
            problems.extend(refused.problems)


@contextmanager
def _as_text(file, profile):
    """The first encoding that the whole file reads in; the binary file stays open afterwards."""
    encoding = next((one for one in profile.encodings if _reads_in(file, one)), profile.encodings[0])
    file.seek(0)
    text = TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _reads_in(file, encoding):
    file.seek(0)
    text = TextIOWrapper(file, encoding=encoding)
    try:
        while text.read(64 * 1024):
            pass
    except UnicodeDecodeError:
        return False
    finally:
        text.detach()
    return True


def _columns(titles, form):
    titles = [half_width(title).strip() for title in titles]
    columns = {}
    for name, words in form.fields.items():
        place = next((titles.index(word) for word in words if word in titles), None)
        if place is not None:
            columns[name] = place
        elif name not in form.optional:
            raise FileRefused(_("找不到「%s」這一欄，請確認選對了檔案種類。") % words[0])
    return columns


def _line(number, cells):
    amount = cells["amount"].replace(",", "")
    if not (amount.isascii() and amount.isdigit() and len(amount) <= 9 and int(amount)):
        raise Unreadable(_("金額不是大於零的整數。"))
    if not all(cell.isprintable() for cell in cells.values()):
        raise Unreadable(_("有無法辨識的字元，檔案可能損壞，請重新下載。"))
    if cells.get("segment_3"):
        _check_segments(cells, amount)
    try:
        paid_on = parse_date(cells["paid_on"])
    except ValueError:
        raise Unreadable(_("代收日期不是日期。")) from None
    if paid_on > timezone.localdate():
        raise Unreadable(_("代收日期在今天之後。"))
    if not cells["code"]:
        raise Unreadable(_("沒有銷帳編號。"))
    return Line(
        number=number,
        code=half_width(cells["code"]).replace(" ", "").replace("-", ""),
        amount=int(amount),
        paid_on=paid_on,
        channel=" ".join(filter(None, (cells.get("channel", ""), cells.get("branch", ""))))[:40],
        reference=cells.get("reference", "")[:40],
        collection_code=cells.get("segment_1", "")[-3:],
    )


def _check_segments(cells, amount):
    """The three barcodes as the store read them must belong together: the third one says so."""
    first, second, third = cells.get("segment_1", ""), cells["code"], cells["segment_3"]
    if third[-9:] != amount.rjust(9, "0"):
        raise Unreadable(_("金額和第三段條碼的金額不同。"))
    try:
        check = check_characters(first, second, third[:4] + third[6:])
    except KeyError:
        check = ""
    if check != third[4:6]:
        raise Unreadable(_("三段條碼的檢查碼不對。"))


def _note(problems, number, words):
    if len(problems) < MOST_PROBLEMS:
        problems.append(_("第 %(number)d 行：%(words)s") % {"number": number, "words": words})
