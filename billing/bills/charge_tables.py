"""A table of charges waits until the cashier has said what its columns are for; then it is a draft."""

from collections.abc import Sequence
from dataclasses import asdict, astuple
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing.bills.charges import Column, Line, charges_of, with_kinds
from billing.bills.drafting import draft_batch
from billing.bills.models import BillBatch, ChargeTable
from registry.models import School, Student

KEPT = timedelta(days=7)


class TableGone(Exception):
    """It was drafted or thrown away meanwhile."""


class WrongTable(Exception):
    """Nothing is drafted; `errors` (RowError) say why."""

    def __init__(self, errors):
        super().__init__()
        self.errors = errors


@transaction.atomic
def keep_table(*, school: School, reading: Any, by: User, **facts: Any) -> ChargeTable:
    """A ChargeTable of a `reading` without errors; `facts`: school_year, semester, title and due_on."""
    return ChargeTable.objects.create(
        school=school,
        columns=[asdict(one) for one in reading.columns],
        lines=[astuple(one) for one in reading.lines],
        notes=reading.notes,
        made_by=by,
        **facts,
    )


def columns_of(table: ChargeTable) -> list[Column]:
    return [Column(**one) for one in table.columns]


def lines_of(table: ChargeTable) -> list[Line]:
    return [Line(student, sheet, line, tuple(amounts)) for student, sheet, line, amounts in table.lines]


@transaction.atomic
def draft_table(*, table: ChargeTable, kinds: Sequence[Any], by: User) -> BillBatch:
    """The draft of a table whose columns are of these `kinds`, in its order. Raises TableGone or WrongTable."""
    held = ChargeTable.objects.select_for_update(of=("self",)).select_related("school").filter(pk=table.pk)
    if not held:
        raise TableGone
    [table] = held
    lines = lines_of(table)
    students = Student.objects.filter(school=table.school, status=Student.Status.ENROLLED)
    charges, errors = charges_of(
        with_kinds(columns_of(table), kinds), lines, students.in_bulk([one.student for one in lines])
    )
    if errors:
        raise WrongTable(errors)
    facts = {name: getattr(table, name) for name in ("school_year", "semester", "title", "due_on")}
    batch = draft_batch(school=table.school, charges=charges, by=by, **facts)
    table.delete()
    return batch


def forget_tables(*, now: datetime | None = None) -> int:
    """Delete what nobody decided within a week; returns how many."""
    old = ChargeTable.objects.filter(made_at__lt=(now or timezone.now()) - KEPT)
    return old.delete()[0]
