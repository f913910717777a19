"""A list of teachers from a file: checked as a whole, looked at, then invited all at once."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import staff
from accounts.models import StaffImport, StaffRole, User
from audit import log
from core import identity
from core.spreadsheets import RowError, UnreadableFile, build_workbook, read, refuse_broken, tidy
from registry import homeroom
from registry.models import SchoolClass
from registry.roles import Role
from registry.roster.checking import clean_cell, refuse_stray_number, short_enough

COLUMNS = {
    "account": gettext_lazy("帳號"),
    "name": gettext_lazy("姓名"),
    "email": gettext_lazy("電子郵件"),
    "roles": gettext_lazy("角色"),
    "class_name": gettext_lazy("導師班級"),
    "contact": gettext_lazy("聯絡方式"),
}
ALIASES = {
    "帳號": "account", "教職員帳號": "account", "account": "account",
    "姓名": "name", "name": "name",
    "電子郵件": "email", "email": "email", "e-mail": "email",
    "角色": "roles", "roles": "roles", "role": "roles",
    "導師班級": "class_name", "班級": "class_name", "class": "class_name",
    "聯絡方式": "contact", "contact": "contact",
}  # fmt: skip
REQUIRED = ["account", "name", "email"]
MOST = 500  # lines; a school has fewer staff


def build_template():
    return build_workbook(_("教職員"), [str(title) for title in COLUMNS.values()], [])


def check_file(data, *, school, by):
    """(rows, errors) of a file (bytes); rows are what JSON can keep."""
    try:
        workbook = read(data)
        lines = workbook.sheets[0].lines() if workbook.sheets else iter(())
        header_line, columns = _header(lines)
        rows: list[dict] = []
        errors: list[RowError] = []
        for line, cells in lines:
            if any(tidied := [tidy(cell) for cell in cells]):
                named = {column: cell for column, cell in zip(columns, tidied, strict=False) if column}
                rows.append(_check_row(line, named, errors))
            if len(rows) > MOST:
                raise UnreadableFile(_("超過 %(limit)d 列，請分次匯入。") % {"limit": MOST})
        if not rows:
            raise UnreadableFile(_("檔案裡沒有任何教職員。"), line=header_line)
    except UnreadableFile as unreadable:
        return [], [unreadable.error]
    errors += [*_conflicts(rows, school), *_accounts_that_stay(rows, school, by)]
    return rows, sorted(errors, key=lambda error: error.line)


def _header(lines):
    for line, cells in lines:
        columns = [ALIASES.get(tidy(cell).casefold()) for cell in cells]
        if any(columns):
            if missing := [column for column in REQUIRED if column not in columns]:
                raise missing_columns(missing, line)
            if twice := next((one for one in columns if one and columns.count(one) > 1), None):
                words = _("標題「%(column)s」出現兩次，請留一欄。") % {"column": COLUMNS[twice]}
                raise UnreadableFile(words, line=line)
            return line, columns
        if any(cells):
            break
    raise missing_columns(REQUIRED)


def missing_columns(columns, line=0):
    words = _("第一列要是標題，缺少：%(columns)s。")
    return UnreadableFile(
        words % {"columns": "、".join(str(COLUMNS[column]) for column in columns)}, line=line
    )


def _check_row(line, cells, errors):
    row: dict = {"line": line}
    for column, clean in CLEANERS.items():
        text = cells.get(column, "")
        try:
            refuse_broken(text)
            refuse_stray_number(text)
            row[column] = clean(text)
        except ValidationError as error:
            errors.append(RowError(line, str(COLUMNS[column]), error.messages[0]))
            row[column] = None
    return row


def clean_email(text):
    if len(text) > 254:
        raise ValidationError(_("最多 %(limit)d 個字。") % {"limit": 254})
    validate_email(text)
    return text.lower()


def clean_roles(text):
    """Roles by the school's words; who has none named is a homeroom teacher."""
    known = words_for_roles()
    words = [word.strip().casefold() for word in re.split(r"[、,;／/]+", text) if word.strip()]
    words = [one for word in words for one in ([word] if word in known else word.split())]
    unknown = [word for word in words if word not in known]
    if unknown:
        raise ValidationError(
            _("沒有「%(word)s」這個角色，可以用：%(roles)s。")
            % {"word": unknown[0], "roles": "、".join(str(role.label) for role in Role)}
        )
    return sorted({known[word] for word in words} or {Role.HOMEROOM_TEACHER.value})


def words_for_roles():
    """{word: role}: the school's word in every language of the pages, whichever the reader has now."""
    words = {role.value: role.value for role in Role}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {str(role.label).casefold(): role.value for role in Role}
    return words


CLEANERS = {
    "account": lambda text: clean_cell("homeroom_account", text),
    "name": lambda text: clean_cell("name", text),
    "email": clean_email,
    "roles": clean_roles,
    "class_name": lambda text: clean_cell("class_name", text) if text else "",
    "contact": lambda text: short_enough(text, limit=80),
}


def _conflicts(rows, school):
    """The same account or class twice in the file, and classes that do not exist."""
    classes = set(SchoolClass.objects.current().filter(school=school).values_list("name", flat=True))
    for column in ("account", "class_name"):
        first_lines: dict[str, int] = {}
        for row in rows:
            if not row[column]:
                continue
            first = first_lines.setdefault(row[column], row["line"])
            if first != row["line"]:
                words = _("和第 %(line)d 列重複。") % {"line": first}
                yield RowError(row["line"], str(COLUMNS[column]), words)
    for row in rows:
        if row["class_name"] and row["class_name"] not in classes:
            words = _("沒有 %(name)s 這個班級。") % {"name": row["class_name"]}
            yield RowError(row["line"], str(COLUMNS["class_name"]), words)


def _accounts_that_stay(rows, school, by):
    """Who is switched off gains nothing from a list, and nobody changes the own account."""
    off = set(staff.staff_of(school).filter(is_active=False).values_list("account", flat=True))
    for row in rows:
        if row["account"] in off:
            words = _("這個帳號已停用，請先在教職員帳號裡啟用，或從名單拿掉這一列。")
            yield RowError(row["line"], str(COLUMNS["account"]), words)
        elif row["account"] == by.account and set(row["roles"] or ()) - by.roles:
            words = _("這是您自己的帳號，不能給自己角色，請從名單拿掉這一列。")
            yield RowError(row["line"], str(COLUMNS["account"]), words)


def compare(rows, school):
    """(new, known): rows of accounts to be invited, and of accounts there already."""
    accounts = set(staff.staff_of(school).values_list("account", flat=True))
    new = [row for row in rows if row["account"] not in accounts]
    return new, [row for row in rows if row["account"] in accounts]


@transaction.atomic
def keep_for_preview(*, school, rows, name, by):
    """Keep a good list until somebody decides; one that nobody decided before is let go."""
    for older in StaffImport.objects.filter(school=school, state=StaffImport.State.CHECKED):
        older.move_to(StaffImport.State.LEFT)
    name = identity.blot_out(name)[-100:]
    return StaffImport.objects.create(school=school, rows=rows, name=name, uploaded_by=by)


@transaction.atomic
def apply_import(*, staff_import, by):
    """Invite who is new, add roles to who is known (none is taken away), give classes their teachers.

    Raises ValueError where it was decided before, `staff.NotAllowed` and ValidationError.
    """
    staff_import = (
        StaffImport.objects.select_for_update(of=("self",)).select_related("school").get(pk=staff_import.pk)
    )
    rows, school = staff_import.rows, staff_import.school
    staff_import.move_to(StaffImport.State.APPLIED)
    known = {user.account: user for user in staff.staff_of(school).prefetch_related("role_rows")}
    classes = {
        one.name: one for one in SchoolClass.objects.current().filter(school=school).select_related("school")
    }
    counts = {"invited": 0, "known": 0, "classes": 0}
    if gone := next((row["class_name"] for row in rows if row["class_name"] not in {"", *classes}), None):
        raise ValidationError(
            _("%(name)s 這個班級已經不在了，沒有寄出任何邀請。請修改名單再上傳。") % {"name": gone}
        )
    for row in rows:
        if user := known.get(row["account"]):
            counts["known"] += 1
            _add_roles(user, row["roles"], by)
        else:
            counts["invited"] += 1
            values = {field: row[field] for field in ("account", "name", "email", "roles")}
            staff.invite(school=school, by=by, **values)
        if school_class := classes.get(row["class_name"]):
            counts["classes"] += 1
            homeroom.assign(
                school_class=school_class,
                account=row["account"],
                name=row["name"],
                contact=row["contact"],
                by=by,
            )
    log.record("staff.imported", by=by, target=staff_import, school=school, data=counts)
    return counts


def _add_roles(user: User, roles, by):
    missing = set(roles) - {row.role for row in user.role_rows.all()}
    if not missing:
        return
    if not {Role(role) for role in missing} <= staff.roles_to_give(by) or user.pk == by.pk:
        raise staff.NotAllowed(_("您不能給予或收回這個角色。"))
    StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in missing)
    user.end_sessions()
    log.record(
        "staff.roles_changed",
        by=by,
        target=user,
        school=user.school,
        data={"given": sorted(missing), "taken": []},
    )


@transaction.atomic
def leave_import(*, staff_import):
    staff_import = StaffImport.objects.select_for_update().get(pk=staff_import.pk)
    staff_import.move_to(StaffImport.State.LEFT)
