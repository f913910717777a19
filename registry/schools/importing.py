"""A list of schools on its way: looked at, then written all at once, or left. `reading` reads it."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from audit import log
from core import identity
from core.phones import Phone
from core.text import file_name
from registry.models import School, SchoolImport
from registry.schools.reading import COLUMNS, PHONES, Checked


@dataclass(frozen=True)
class Change:
    """A school that is there, and what the list says otherwise: [(title, old, new)]."""

    row: dict
    differences: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Compared:
    """What a list would do. `missing`: schools that it does not name; nothing happens to them."""

    new: list[dict]
    changed: list[Change]
    same: int
    missing: list[School]


def compare(rows: list[dict]) -> Compared:
    known = {school.code: school for school in School.objects.all()}
    new = [row for row in rows if row["code"] not in known]
    changes = [
        Change(
            row, [(str(COLUMNS[one]), str(getattr(known[row["code"]], one)), _shown(one, row[one])) for one in differ]
        )
        for row in rows
        if row["code"] in known and (differ := _differing(known[row["code"]], row))
    ]
    named = {row["code"] for row in rows}
    missing = [school for code, school in known.items() if code not in named]
    return Compared(new, changes, len(rows) - len(new) - len(changes), missing)


def _shown(column, text):
    return str(Phone.parse(text)) if column in PHONES else text


def _differing(school, row):
    """Columns that the list changes; a blank cell changes nothing."""
    return [one for one in COLUMNS if row[one] and row[one] != _kept(getattr(school, one))]


def _kept(value):
    return value.kept if isinstance(value, Phone) else value


@transaction.atomic
def keep_for_preview(*, checked: Checked, name: str, by: Any) -> SchoolImport:
    """Keep a good list until somebody decides; one that nobody decided before is let go."""
    for older in _held():
        if older.state == SchoolImport.State.CHECKED:
            older.move_to(SchoolImport.State.LEFT)
    return SchoolImport.objects.create(
        rows=checked.rows, contents=checked.contents, name=identity.blot_out(file_name(name)), uploaded_by=by
    )


@transaction.atomic
def apply_import(*, school_import: SchoolImport, by: Any, opens: bool = False) -> dict[str, int]:
    """Add the schools that are new, closed unless `opens`, and change those that are there.

    What is there is compared anew under lock. Raises InvalidMove where the list was decided before, and ValidationError
    where a new school's name in addresses was taken meanwhile.
    """
    school_import = next(one for one in _held() if one.pk == school_import.pk)
    rows = school_import.rows
    known = {one.code: one for one in School.objects.select_for_update(no_key=True).order_by("pk")}
    counts = {"new": 0, "changed": 0}
    for row in rows:
        values = {column: row[column] for column in COLUMNS if row[column]}
        if school := known.get(row["code"]):
            if differ := _differing(school, row):
                counts["changed"] += 1
                _write(school, {one: values[one] for one in differ}, "school.changed", by)
        else:
            counts["new"] += 1
            _write(School(is_active=opens), values, "school.created", by)
    school_import.move_to(SchoolImport.State.APPLIED, counts=counts)
    log.record("schools.imported", by=by, target=school_import, data=counts)
    return counts


def _held() -> list[SchoolImport]:
    """All lists, locked: one at a time is kept or written, or two of them would add the same new school."""
    return list(SchoolImport.objects.select_for_update().order_by("pk"))


def _write(school, values, event, by):
    for name, value in values.items():
        setattr(school, name, Phone.parse(value) if name in PHONES else value)
    school.full_clean()
    school.save()
    log.record(event, by=by, target=school, school=school, data={"changed": sorted(values)})


@transaction.atomic
def leave_import(*, school_import: SchoolImport) -> None:
    SchoolImport.objects.select_for_update().get(pk=school_import.pk).move_to(SchoolImport.State.LEFT)
