"""A list of staff on its way: looked at, then invited all at once, or left. `staff_table` reads it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import StaffRole, User
from audit import log
from core import identity
from core.text import file_name
from registry import homeroom
from registry.models import SchoolClass
from registry.roles import Role
from staff import accounts as staff
from staff.models import StaffImport


def compare(rows, school):
    """(new, known): rows of accounts to be invited, and of accounts there already."""
    accounts = set(staff.staff_of(school).values_list("account", flat=True))
    new = [row for row in rows if row["account"] not in accounts]
    return new, [row for row in rows if row["account"] in accounts]


@transaction.atomic
def keep_for_preview(*, school, checked, name, by):
    """Keep a good list until somebody decides; one that nobody decided before is let go."""
    staff.hold_school(school, by)
    for older in StaffImport.objects.select_for_update().filter(school=school, state=StaffImport.State.CHECKED):
        older.move_to(StaffImport.State.LEFT)
    name = identity.blot_out(file_name(name))
    return StaffImport.objects.create(
        school=school,
        rows=[{**row, "sheet": identity.blot_out(row["sheet"])} for row in checked.rows],
        contents=checked.contents,
        name=name,
        uploaded_by=by,
    )


@transaction.atomic
def apply_import(*, staff_import, by, emails_are_meant=False):
    """Invite who is new, add roles to who is known (none is taken away), give classes their teachers.

    `emails_are_meant`: somebody said that addresses with ID numbers in them are to be used. Raises InvalidMove where it
    was decided before, `staff.NotAllowed` and ValidationError.
    """
    school = staff_import.school
    staff.hold_school(school, by)  # first: who is known, and with which roles, is read after it
    staff_import = StaffImport.objects.select_for_update().get(pk=staff_import.pk)
    rows = staff_import.rows
    if staff_import.emails_to_ask and not emails_are_meant:
        raise ValidationError(_("名單裡有電子郵件含身分證字號。確定要用，請先勾選再寄出邀請；也可以改用其他信箱。"))
    staff_import.move_to(StaffImport.State.APPLIED)
    known = {user.account: user for user in staff.staff_of(school).prefetch_related("role_rows")}
    classes = {one.name: one for one in SchoolClass.objects.current().filter(school=school).select_related("school")}
    counts = {"invited": 0, "known": 0, "classes": 0}
    if gone := next((row["class_name"] for row in rows if row["class_name"] not in {"", *classes}), None):
        raise ValidationError(_("%(name)s 這個班級已經不在了，沒有寄出任何邀請。請修改名單再上傳。") % {"name": gone})
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
                school_class=school_class, account=row["account"], name=row["name"], contact=row["contact"], by=by
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
    staff.ask_for_number(user)
    user.end_sessions()
    log.record(
        "staff.roles_changed", by=by, target=user, school=user.school, data={"given": sorted(missing), "taken": []}
    )


@transaction.atomic
def leave_import(*, staff_import):
    staff_import = StaffImport.objects.select_for_update().get(pk=staff_import.pk)
    staff_import.move_to(StaffImport.State.LEFT)
