"""Workbooks that the registrar downloads: the empty roster, the roster as it stands, what is wrong with one."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from registry.roster.reading import GUARDIAN_COLUMNS, HEADERS, title_of

COLUMNS = [*HEADERS, *GUARDIAN_COLUMNS]


def build_template():
    """An .xlsx workbook (bytes) with the columns of a roster, all cells text."""
    return build_workbook(_("名冊"), [title_of(column) for column in COLUMNS], [])


def build_export(students):
    """The roster as it stands, in the shape that can be imported again. Whoever sends it records an event."""
    return build_workbook(
        _("名冊"), [title_of(column) for column in COLUMNS], (cells_of(student) for student in students)
    )


def build_error_list(errors, *, with_students=False):
    """What is wrong with a table: line, column, reason; of a roster also the student and what was typed."""
    more = [_("學生"), _("填的內容")] if with_students else []
    return build_workbook(
        _("要修正的地方"),
        [_("行"), _("欄位"), *more, _("原因")],
        (
            [str(error.line or ""), error.column, *([error.name, error.value] if more else []), error.reason]
            for error in errors
        ),
        widths=[8, 24, *([16, 24] if more else []), 80],
    )


def build_workbook(title, header, lines, *, widths=None):
    """Every cell is written as text: what looks like a formula stays what it is."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(title)
        text = book.add_format({"num_format": "@", "text_wrap": bool(widths)})
        head = book.add_format({"bold": True, "bottom": 2, "num_format": "@"})
        for column, width in enumerate(widths or [16] * len(header)):
            sheet.set_column(column, column, width, text)
        sheet.freeze_panes(1, 0)
        for row, cells in enumerate([header]):
            write_line(sheet, row, cells, head)
        for row, cells in enumerate(lines, start=1):
            write_line(sheet, row, cells, text)
    return written.getvalue()


def write_line(sheet, row, cells, style):
    for column, cell in enumerate(cells):
        if cell != "":
            sheet.write_string(row, column, str(cell), style)


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
        cells |= {
            prefix + field: getattr(guardian, field) for field in ("name", "relationship", "mobile", "email")
        }
        cells[f"{prefix}identity_number"] = guardian.identity_number if guardian.identity_cipher else ""
    return [cells.get(column, "") for column in COLUMNS]
