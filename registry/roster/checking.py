"""From a line of the file to a row: each cell on its own."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from core import identity
from core.spreadsheets import RowError, refuse_broken
from registry import crypto
from registry.formats import normalize_mobile, parse_date
from registry.models import RosterRow
from registry.roster.reading import GUARDIAN_HEADERS, NUMBERS, title_of
from registry.roster.relationships import is_usual

LIKE_A_NUMBER = re.compile(r"[A-Z][A-D\d]\d{6}")
SHOWN = 40  # characters of a cell


def check_row(raw, findings):
    """A RosterRow of clean values, or None; what is wrong is added to `findings`."""
    errors = findings.errors
    before = len(errors)
    values = {column: check_cell(raw, column, clean, errors) for column, clean in CLEANERS.items()}
    guardians = [one for number in NUMBERS if (one := check_guardian(raw, number, errors))]
    findings.notices += [notice for one in guardians if (notice := unusual_relationship(raw, one))]
    if len(errors) > before:
        note_who(values, findings)
        return None
    row = RosterRow(line=raw.line, guardians=guardians)
    for column, value in values.items():
        setattr(row, column, value)
    return row


def note_who(values, findings):
    """Whose line it is that can't be taken: nobody may say that this student is not in the file."""
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


def error_in(raw, column, reason):
    value = shown_cell(column, raw.cells.get(column, ""))
    return RowError(raw.line, title_of(column), reason, value, shown_cell("name", raw.cells.get("name", "")))


def shown_cell(column, text):
    """What was typed, for who mends it; what may be an ID number is hidden, however badly it is written."""
    plain = identity.normalize(text)
    if column.endswith("identity_number"):
        return identity.mask(plain) if len(plain) > 6 else identity.BULLET * len(plain)
    if LIKE_A_NUMBER.search(plain):
        return identity.BULLET * 3
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def clean_cell(column, text):
    """The clean value of one cell, as typed into a form. Raises ValidationError."""
    if column != "identity_number":
        refuse_stray_number(text)
    return CLEANERS[column](text)


def check_cell(raw, column, clean, errors):
    text = raw.cells.get(column, "")
    try:
        refuse_broken(text)
        if not column.endswith("identity_number"):
            refuse_stray_number(text)
        return clean(text)
    except ValidationError as error:
        errors.append(error_in(raw, column, error.messages[0]))
        return None


def check_guardian(raw, number, errors):
    """A guardian on record, as `Guardian` keeps it; None where the row names none."""
    columns = {part: f"guardian{number}_{part}" for part in GUARDIAN_HEADERS}
    if not any(raw.cells.get(column) for column in columns.values()):
        return None
    values = {
        part: check_cell(raw, column, GUARDIAN_CLEANERS[part], errors) for part, column in columns.items()
    }
    number_typed = values.pop("identity_number")
    return {
        "position": number,
        **values,
        "identity_cipher": crypto.encrypt(number_typed) if number_typed else "",
        "identity_fingerprint": crypto.fingerprint(number_typed) if number_typed else "",
    }


def refuse_stray_number(text):
    """In any other column an ID number would be stored and shown as it is."""
    if identity.is_in(text):
        raise ValidationError(_("這一欄不能填證號，請核對各欄的位置。"))


def filled(text):
    if not text:
        raise ValidationError(_("沒有填。"))
    return text


def clean_class_name(text):
    if not re.fullmatch(r"[\w\-]{1,10}", filled(text)):
        raise ValidationError(_("班級最多 10 個字，不含空白和符號，例如 301。"))
    return text


def clean_seat_number(text):
    if not re.fullmatch(r"\d{1,2}", filled(text), re.ASCII) or not 1 <= int(text) <= 99:
        raise ValidationError(_("座號應該是 1 到 99 的數字。"))
    return int(text)


def clean_student_number(text):
    if not re.fullmatch(r"[A-Za-z0-9]{1,20}", filled(text)):
        raise ValidationError(_("學號只能有英文字母和數字，最多 20 個字。"))
    return text.upper()


def clean_name(text):
    if len(filled(text)) > 60 or re.search(r"[<>\d@=]", text):
        raise ValidationError(_("姓名不能有數字或符號，最多 60 個字。"))
    return text


def clean_identity_number(text):
    identity.validate(filled(text))
    return identity.normalize(text)


def clean_birth_on(text):
    try:
        day = parse_date(filled(text))
    except ValueError:
        raise ValidationError(_("日期看不懂，請寫成 97/05/03 或 2008-05-03。")) from None
    today = timezone.localdate()
    if day > today or day.year <= today.year - 100:
        raise ValidationError(_("出生日期不合理，請再核對。"))
    return day


def clean_homeroom_account(text):
    """An account stands in mails and in the event log, so it may not even look like an ID number."""
    if identity.is_in(text):
        raise ValidationError(_("帳號不能用證號，請換一個。"))
    if not re.fullmatch(r"[A-Za-z0-9._\-]{1,40}", filled(text)):
        raise ValidationError(_("導師帳號只能有英文字母、數字、點、底線和連字號。"))
    return text.lower()


def clean_homeroom_name(text):
    return short_enough(text, limit=60)


def clean_homeroom_contact(text):
    return short_enough(text, limit=80)


def short_enough(text, *, limit):
    if len(text) > limit:
        raise ValidationError(_("最多 %(limit)d 個字。") % {"limit": limit})
    return text


def optional(clean):
    return lambda text: clean(text) if text else ""


def clean_guardian_email(text):
    if len(text) > 254:
        raise ValidationError(_("最多 %(limit)d 個字。") % {"limit": 254})
    validate_email(text)
    return text.lower()


CLEANERS = {
    "class_name": clean_class_name,
    "seat_number": clean_seat_number,
    "student_number": clean_student_number,
    "name": clean_name,
    "identity_number": clean_identity_number,
    "birth_on": clean_birth_on,
    "homeroom_account": clean_homeroom_account,
    "homeroom_name": clean_homeroom_name,
    "homeroom_contact": clean_homeroom_contact,
}
GUARDIAN_CLEANERS = {
    "name": clean_name,
    "relationship": lambda text: short_enough(text, limit=20),
    "identity_number": optional(clean_identity_number),
    "mobile": optional(normalize_mobile),
    "email": optional(clean_guardian_email),
}
