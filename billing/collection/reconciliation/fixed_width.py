"""Files of records of one length, read record by record, so that their length costs time and no memory."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing.bills.codes import check_characters
from billing.collection.reconciliation.cells import code_of, day_of
from billing.collection.reconciliation.lines import Line
from core.languages import labelled
from core.spreadsheets import place_of

LONGEST_LINE = 1000


def read(file, profile, notes):
    """The Lines of a binary file; what is wrong with it goes to `notes`."""
    form = profile.form
    count = total = 0
    closing = None
    for number, raw in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
        record = raw.rstrip(b"\r\n\x1a")
        if not record:
            continue
        kind = form.kind.of(record).decode("ascii", "replace")
        is_known = len(record) == form.length and kind in (form.header, form.detail, form.trailer)
        if closing is not None or not is_known:
            words = _("不是這個格式的資料，或長度不是 %d 個位元組。") % form.length
            notes.add_problem(labelled(place_of(number)) + words)
            return
        if (kind == form.header) != (number == 1):
            notes.add_problem(labelled(place_of(number)) + _("首筆或明細的順序不對。"))
            return
        if kind == form.trailer:
            closing = record
        elif kind == form.detail:
            try:
                line = _line(number, record, profile)
            except ValidationError as error:
                notes.add_problem(labelled(place_of(number)) + error.messages[0])
                continue
            count += 1
            total += line.amount
            yield line
    if closing is None:
        notes.add_problem(_("沒有結尾的總計，檔案可能沒有傳完，請重新下載。"))
    elif not notes.problems and (count, total) != _totals(form, closing):
        notes.add_problem(_("筆數或金額和檔案結尾的總計不同，檔案可能不完整或被改過。"))


def _totals(form, record):
    cells = [place.of(record).decode("ascii", "replace").strip() for place in (form.count, form.total)]
    return tuple(int(cell) if cell.isascii() and cell.isdigit() else None for cell in cells)


def _line(number, record, profile):
    cells = {
        name: place.of(record).decode(profile.encodings[0], "replace").strip()
        for name, place in profile.form.fields.items()
    }
    if not all(cell.isprintable() for cell in cells.values()):
        raise ValidationError(_("有無法辨識的字元，檔案可能損壞，請重新下載。"))
    amount = _digits(cells["amount"])
    _check_segments(cells, amount)
    return Line(
        number=number,
        sheet="",
        line=number,
        code=code_of(cells["code"]),
        amount=amount,
        paid_on=day_of(cells["paid_on"]),
        channel=" ".join(filter(None, (cells.get("channel", ""), cells.get("branch", ""))))[:40],
        reference="",
        collection_code=cells["segment_1"][-3:],
    )


def _digits(text):
    if not (text.isascii() and text.isdigit() and int(text)):
        raise ValidationError(_("金額不是大於零的整數。"))
    return int(text)


def _check_segments(cells, amount):
    """The three barcodes as the store read them must belong together: the third one says so."""
    first, second, third = cells["segment_1"], cells["code"], cells["segment_3"]
    if third[-9:] != f"{amount:09}":
        raise ValidationError(_("金額和第三段條碼的金額不同。"))
    try:
        check = check_characters(first, second, third[:4] + third[6:])
    except KeyError:
        check = ""
    if check != third[4:6]:
        raise ValidationError(_("三段條碼的檢查碼不對。"))
