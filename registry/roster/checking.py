"""From a line of the file to a row: each cell on its own."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import crypto, identity
from core.formats import read_date, roc_short
from core.spreadsheets import RowError, refuse_broken
from registry.models import RosterRow
from registry.roster.cleaning import CLEANERS, GUARDIAN_CLEANERS, is_blank, refuse_stray_number
from registry.roster.columns import GUARDIAN_HEADERS, NUMBERS, title_of
from registry.roster.questions import Question
from registry.roster.relationships import is_usual

SHOWN = 40  # characters of a cell


def check_row(raw, findings):
    """A RosterRow of clean values, or None; what is wrong is added to `findings`."""
    errors = findings.errors
    before = len(errors)
    values = {column: check_cell(raw, column, clean, errors) for column, clean in CLEANERS.items()}
    guardians = [one for number in NUMBERS if (one := check_guardian(raw, number, errors))]
    findings.notices += [
        notice for one in guardians for notice in (unusual_relationship(raw, one), number_in_email(raw, one)) if notice
    ]
    if len(errors) > before:
        note_who(values, findings)
        return None
    for kind, place in doubts_of(raw, values):
        findings.ask(kind, place)
    row = RosterRow(line=raw.line, guardians=guardians)
    for column, value in values.items():
        setattr(row, column, value)
    return row


def doubts_of(raw, values):
    """(kind of question, RowError) of cells that were read, but may mean something else."""
    if not values["identity_number"]:
        typed = raw.cells.get("identity_number", "")
        reason = _("沒有證號，先登錄學生資料。") if is_blank(typed) else _("不是身分證字號或統一證號，先不登錄證號。")
        yield Question.WITHOUT_NUMBER, error_in(raw, "identity_number", reason)
    typed = raw.cells["birth_on"]
    if ":" not in typed and len(typed) != 5:
        return
    written, day = read_date(typed), roc_short(values["birth_on"])
    if written.time:
        reason = _("這一格除了日期還有時間 %(time)s，會讀成 %(day)s；請核對有沒有差一天。")
        yield Question.BIRTH_TIME, error_in(raw, "birth_on", reason % {"time": written.time, "day": day})
    if written.is_serial:
        reason = _("這一格是 Excel 的日期數字，會讀成 %(day)s，請核對。")
        yield Question.BIRTH_SERIAL, error_in(raw, "birth_on", reason % {"day": day})


def note_who(values, findings):
    """Remember the student of a line that is refused: the file does name this student."""
    if values["student_number"]:
        findings.faulty_numbers.add(values["student_number"])
    if values["identity_number"]:
        findings.faulty_fingerprints.add(crypto.fingerprint(values["identity_number"]))


def unusual_relationship(raw, guardian):
    """A notice, since people have relationships that no list knows; a slip would stay unseen."""
    if not guardian["relationship"] or is_usual(guardian["relationship"]):
        return None
    return error_in(
        raw,
        f"guardian{guardian['position']}_relationship",
        _("這不是常見的關係，請核對有沒有打錯；沒有錯就照這樣匯入。"),
    )


def number_in_email(raw, guardian):
    """A notice: it may be the only address that a person has, and it will stand in mails and records."""
    if not identity.is_in(guardian["email"] or ""):
        return None
    return error_in(
        raw,
        f"guardian{guardian['position']}_email",
        _("這個電子郵件裡有身分證字號，會出現在信件與紀錄中。不要用請改掉再匯入；沒有錯就照這樣匯入。"),
    )


def error_in(raw, column, reason):
    value = shown_cell(column, raw.cells.get(column, ""))
    return RowError(raw.line, title_of(column), reason, value, shown_cell("name", raw.cells.get("name", "")))


def shown_cell(column, text):
    """The cell as it was typed, for the person who mends it; what may be an ID number is hidden, however it is written."""
    plain = identity.normalize(text)
    if column.endswith("identity_number"):
        return identity.mask(plain) if len(plain) > 6 else identity.BULLET * len(plain)
    if identity.resembles(plain):
        return identity.BULLET * 3
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def check_cell(raw, column, clean, errors):
    text = raw.cells.get(column, "")
    try:
        refuse_broken(text)
        if not column.endswith(("identity_number", "email")):
            refuse_stray_number(text)
        return clean(text)
    except ValidationError as error:
        errors.append(error_in(raw, column, error.messages[0]))
        return None


def check_guardian(raw, number, errors):
    """A guardian on record, as `Guardian` keeps it; None where the row names none."""
    columns = {part: f"guardian{number}_{part}" for part in GUARDIAN_HEADERS}
    if all(is_blank(raw.cells.get(column, "")) for column in columns.values()):
        return None
    values = {part: check_cell(raw, column, GUARDIAN_CLEANERS[part], errors) for part, column in columns.items()}
    number_typed = values.pop("identity_number")
    return {
        "position": number,
        **values,
        "identity_cipher": crypto.encrypt(number_typed) if number_typed else "",
        "identity_fingerprint": crypto.fingerprint(number_typed) if number_typed else "",
    }
