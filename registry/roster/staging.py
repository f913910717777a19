"""The rows of a roster beside the registry: read and checked once, compared again before they are written."""

from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from core.spreadsheets import RowError, UnreadableFile
from registry.models import RosterImport, RosterRow, Student
from registry.roster.checking import check_row
from registry.roster.comparing import compare_rows, count_outcomes, with_students
from registry.roster.conflicts import find_conflicts
from registry.roster.findings import Findings, Places
from registry.roster.questions import Question, find_questions, kept_questions
from registry.roster.reading import ColumnsUnclear, contents_of, guessed_classes, read_rows
from registry.roster.recognising import Recogniser
from registry.roster.showing import summary_of

State = RosterImport.State
CHUNK = 1000
MANY = 500  # rows
MAX_ERRORS = 1000  # more are one mistake made a thousand times, such as a column out of place


class AlreadyDecided(Exception):
    """Somebody applied or left this import before."""


def check_import(roster_import: RosterImport) -> RosterImport:
    """Read every row, compare it with the registry, and say what is wrong or what would happen. Raises AlreadyDecided."""
    roster_import.rows.all().delete()
    compared_at = timezone.now()
    roster_import.report(compared_at=compared_at)
    findings = Findings()
    obstacles = _stage(roster_import, findings)
    errors = list(findings.errors)
    if len(errors) < MAX_ERRORS:
        errors += islice(find_conflicts(roster_import, obstacles, findings), MAX_ERRORS)
    for kind, place in () if errors else find_questions(roster_import):
        findings.ask(kind, place)
    roster_import.compared_at = compared_at
    return _keep(roster_import, findings, errors)


def _keep(staged, findings, errors):
    with transaction.atomic():
        roster_import = RosterImport.objects.hold(staged)
        if roster_import.state == State.WAITING:
            roster_import.compared_at = staged.compared_at
            _write_down(roster_import, staged.contents, findings, errors)
            return roster_import
        # Somebody gave it up meanwhile: nothing of it stays.
        roster_import.rows.all().delete()
    raise AlreadyDecided


def _write_down(roster_import, contents, findings, errors):
    roster_import.contents = contents
    locate = Places.of(roster_import).locate
    roster_import.notices = [locate(notice).as_list() for notice in findings.notices[:MAX_ERRORS]]
    if findings.are_columns_unclear:
        return roster_import.move_to(State.COLUMNS, errors=[error.as_list() for error in errors])
    if errors:
        return refuse(roster_import, errors)
    roster_import.contents["seats_given"] = findings.seats_given
    questions = kept_questions(findings.questions, locate)
    roster_import.contents["classes"] = summary_of(roster_import)
    counts = count_outcomes(roster_import)
    return roster_import.move_to(State.CHECKED, questions=questions, counts=counts, percent=100)


def _stage(roster_import, findings):
    """Write the good rows beside the registry; returns what stands in their way there."""
    try:
        reading = read_rows(roster_import)
        for place in guessed_classes(roster_import, reading):
            findings.ask(Question.SHEET_CLASS, place)
        roster_import.has_guardians = reading.has_guardians
        roster_import.report(has_guardians=reading.has_guardians)
        obstacles = _stage_rows(roster_import, reading, findings)
        roster_import.contents = contents_of(reading)
    except UnreadableFile as unreadable:
        findings.errors[:] = [unreadable.error]
        findings.are_columns_unclear = isinstance(unreadable, ColumnsUnclear)
        roster_import.rows.all().delete()
        return []
    if reading.total > MANY:
        _tell_planner()
    return obstacles


def _stage_rows(roster_import, reading, findings):
    """Chunk by chunk: memory is that of one."""
    recogniser = Recogniser(roster_import, findings)
    obstacles: list[RowError] = []
    done = 0
    while chunk := list(islice(reading.rows, CHUNK)):
        rows = [row for raw in chunk if (row := check_row(raw, findings))]
        for row in rows:
            row.roster_import = roster_import
            recogniser.recognise(row)
        obstacles += compare_rows(roster_import, rows, findings)
        RosterRow.objects.bulk_create(rows)
        done += len(chunk)
        roster_import.report(rows_done=done, percent=min(99, done * 100 // max(reading.total, done)))
        if len(findings.errors) + len(obstacles) >= MAX_ERRORS:
            break
    return obstacles


def _tell_planner():
    """After many new rows the database's picture of its tables is wrong, and its plans are slow by a hundredfold."""
    with connection.cursor() as cursor:
        for model in (RosterRow, Student):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def refuse(roster_import, errors):
    """Say what is wrong (RowErrors), where people find it in the file."""
    errors = sorted(errors, key=lambda error: error.line)[:MAX_ERRORS]
    locate = Places.of(roster_import).locate
    told = [locate(error).as_list() for error in with_students(roster_import, errors)]
    roster_import.move_to(State.REFUSED, errors=told, counts={})


def compare_again(roster_import):
    """Look at the registry as it is now; rows whose outcome has changed since the preview say so."""
    obstacles: list[RowError] = []
    last = 0
    while chunk := list(roster_import.rows.filter(line__gt=last).order_by("line")[:CHUNK]):
        before = [_compared(row) for row in chunk]
        obstacles += compare_rows(roster_import, chunk)
        changed = [row for row, old in zip(chunk, before, strict=True) if _compared(row) != old]
        RosterRow.objects.bulk_update(changed, ["student", "outcome", "old"])
        last = chunk[-1].line
    return list(islice(find_conflicts(roster_import, obstacles), MAX_ERRORS))


def _compared(row):
    return row.student_id, row.outcome, row.old
