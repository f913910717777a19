"""From rows to students: each cell on its own, then the rows against each other and the registry."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import log
from registry import crypto, identity
from registry.formats import parse_date
from registry.models import Student
from registry.roster.errors import RowError
from registry.roster.reading import TITLES

BATCH = 1000


@dataclass(frozen=True)
class StudentRow:
    """One student as the file has it, every value clean."""

    line: int
    class_name: str
    seat_number: int
    student_number: str
    name: str
    identity_number: str
    fingerprint: str
    birth_on: date
    homeroom_account: str
    homeroom_name: str
    homeroom_contact: str


def check_rows(raw_rows, *, school):
    """(students, errors): errors in the order of the file."""
    rows: list[StudentRow] = []
    errors: list[RowError] = []
    for raw in raw_rows:
        row = check_row(raw, errors)
        if row:
            rows.append(row)
    errors += [*find_repeats(rows), *find_torn_classes(rows), *find_people_elsewhere(rows, school)]
    return rows, sorted(errors, key=lambda error: error.line)


def check_row(raw, errors):
    values = {}
    for column, clean in CLEANERS.items():
        try:
            text = raw.cells.get(column, "")
            if column != "identity_number":
                refuse_stray_number(text)
            values[column] = clean(text)
        except ValidationError as error:
            errors.append(RowError(raw.line, str(TITLES[column]), error.messages[0]))
    if len(values) < len(CLEANERS):
        return None
    return StudentRow(line=raw.line, fingerprint=crypto.fingerprint(values["identity_number"]), **values)


def refuse_stray_number(text):
    """In any other column an ID number would be stored and shown as it is."""
    if any(identity.kind_of(found.upper()) for found in log.IDENTITY_NUMBER.findall(text)):
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


def find_repeats(rows):
    """The same student number, ID number or seat a second time in the file."""
    keys = {
        "student_number": lambda row: row.student_number,
        "identity_number": lambda row: row.fingerprint,
        "seat_number": lambda row: (row.class_name, row.seat_number),
    }
    for column, key_of in keys.items():
        first_lines: dict = {}
        for row in rows:
            first = first_lines.setdefault(key_of(row), row.line)
            if first != row.line:
                yield RowError(row.line, str(TITLES[column]), _("和第 %(line)d 行重複。") % {"line": first})


def find_torn_classes(rows):
    """A class has one homeroom teacher."""
    accounts: dict[str, tuple[str, int]] = {}
    for row in rows:
        account, line = accounts.setdefault(row.class_name, (row.homeroom_account, row.line))
        if account != row.homeroom_account:
            reason = _("同一班的導師帳號和第 %(line)d 行不同。") % {"line": line}
            yield RowError(row.line, str(TITLES["homeroom_account"]), reason)


def find_people_elsewhere(rows, school):
    """ID numbers that the registry has under another student number, here or at another school."""
    known = defaultdict(list)
    fingerprints = [row.fingerprint for row in rows]
    for start in range(0, len(fingerprints), BATCH):
        batch = Student.objects.filter(identity_fingerprint__in=fingerprints[start : start + BATCH])
        for fingerprint, school_id, number in batch.values_list(
            "identity_fingerprint", "school_id", "student_number"
        ):
            known[fingerprint].append((school_id, number))
    for row in rows:
        for school_id, number in known[row.fingerprint]:
            if school_id != school.pk:
                yield RowError(
                    row.line,
                    str(TITLES["identity_number"]),
                    _("這位學生還登錄在另一所學校，請先請原校辦理轉出。"),
                )
            elif number != row.student_number:
                yield RowError(
                    row.line,
                    str(TITLES["identity_number"]),
                    _("這個證號已登錄在學號 %(number)s 名下。") % {"number": number},
                )
