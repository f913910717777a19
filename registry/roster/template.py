"""Workbooks that the registrar downloads: the empty roster, the roster as it stands."""

from django.utils.translation import gettext as _

from core.spreadsheets import build_workbook
from registry.roster.columns import GUARDIAN_COLUMNS, HEADERS, title_of

COLUMNS = [*HEADERS, *GUARDIAN_COLUMNS]


def build_template():
    """An .xlsx workbook (bytes) with the columns of a roster, all cells text."""
    return build_workbook(_("名冊"), [title_of(column) for column in COLUMNS], [])


def build_export(students):
    """The roster as it stands, in the shape that can be imported again. The caller records an event."""
    return build_workbook(_("名冊"), [title_of(column) for column in COLUMNS], map(cells_of, students))


def cells_of(student):
    duty = student.school_class.homeroom
    cells = {
        "class_name": student.school_class.name,
        "seat_number": student.seat_number,
        "student_number": student.student_number,
        "name": student.name,
        "identity_number": student.identity_number,
        "birth_on": student.birth_on.isoformat(),
        "homeroom_account": duty.account if duty else "",
        "homeroom_name": duty.name if duty else "",
        "homeroom_contact": duty.contact if duty else "",
    }
    for guardian in student.guardians.all():
        prefix = f"guardian{guardian.position}_"
        cells |= {prefix + field: getattr(guardian, field) for field in ("name", "relationship", "mobile", "email")}
        cells[f"{prefix}identity_number"] = guardian.identity_number if guardian.identity_cipher else ""
    return [cells.get(column, "") for column in COLUMNS]
