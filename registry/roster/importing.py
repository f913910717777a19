"""The way of a roster: received, checked, then written as a whole or left; the last one can be undone."""

import logging
from dataclasses import dataclass
from itertools import islice

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from audit import log
from core import identity, text
from core.spreadsheets import RowError, UnreadableFile
from registry.models import RosterImport, RosterRow, School, Student
from registry.roster.checking import check_row
from registry.roster.comparing import compare_rows, count_outcomes, find_conflicts, with_students
from registry.roster.findings import Findings, Places
from registry.roster.questions import find_questions, kept_questions, questions_of
from registry.roster.reading import contents_of, read_rows
from registry.roster.recognising import Recogniser
from registry.roster.writing import write_rows
from registry.students import lock_students

logger = logging.getLogger(__name__)
State = RosterImport.State
BATCH = 1000
MANY = 500  # rows
MAX_ERRORS = 1000  # more are one mistake made a thousand times, such as a column out of place


class AlreadyDecided(Exception):
    """Somebody applied or left this import before."""


class Unanswered(Exception):
    """Questions that nobody answered stand in the way; `kinds` says which."""

    def __init__(self, kinds):
        super().__init__(", ".join(sorted(kinds)))
        self.kinds = kinds


class YearIsOver(Exception):
    """The school has gone on to a later year than the roster's since it was uploaded."""


@dataclass(frozen=True)
class Result:
    """What came of a roster: `errors` (RowError), `questions` (Asked) still open, or the counts of its outcomes."""

    errors: list
    counts: dict
    questions: tuple = ()

    @property
    def is_good(self):
        return not self.errors and bool(self.counts)


@transaction.atomic
def receive_roster(*, school, data, name, by, school_year=None, takes_new_classes=False):
    """Keep an uploaded file, encrypted, until it is checked."""
    roster_import = RosterImport(
        school=school,
        school_year=school_year or school.school_year,
        name=identity.blot_out(text.file_name(name)),
        takes_new_classes=takes_new_classes,
        uploaded_by=by,
    )
    roster_import.keep(data)
    roster_import.save()
    log.record("roster.uploaded", by=by, target=roster_import, school=school)
    return roster_import


def check_import(roster_import):
    """Read every row, compare it with the registry, and say what is wrong or what would happen."""
    roster_import.rows.all().delete()
    findings = Findings()
    obstacles = _stage(roster_import, findings)
    errors = list(findings.errors)
    if len(errors) < MAX_ERRORS:
        errors += islice(find_conflicts(roster_import, obstacles, findings), MAX_ERRORS)
    for kind, place in () if errors else find_questions(roster_import):
        findings.ask(kind, place)
    contents = roster_import.contents
    with transaction.atomic():
        roster_import = _lock(roster_import)
        if roster_import.state == State.WAITING:
            roster_import.contents = contents
            locate = Places.of(roster_import).locate
            roster_import.notices = [locate(notice).as_list() for notice in findings.notices[:MAX_ERRORS]]
            roster_import.questions = kept_questions(findings.questions, locate) if not errors else {}
            _settle(roster_import, State.CHECKED, errors)
            return roster_import
        # Somebody gave it up meanwhile: nothing of it stays.
        roster_import.rows.all().delete()
    raise AlreadyDecided


def _stage(roster_import, findings):
    """Write the good rows beside the registry; returns what stands in their way there. Memory is that of a batch."""
    obstacles: list[RowError] = []
    done = 0
    try:
        reading = read_rows(roster_import.read())
        recogniser = Recogniser(roster_import, findings)
        roster_import.has_guardians = reading.has_guardians
        roster_import.report(has_guardians=reading.has_guardians)
        while batch := list(islice(reading.rows, BATCH)):
            rows = [row for raw in batch if (row := check_row(raw, findings))]
            for row in rows:
                row.roster_import = roster_import
                recogniser.recognise(row)
            obstacles += compare_rows(roster_import, rows, findings)
            RosterRow.objects.bulk_create(rows)
            done += len(batch)
            percent = min(99, done * 100 // max(reading.total, done))
            roster_import.report(rows_done=done, percent=percent)
            if len(findings.errors) + len(obstacles) >= MAX_ERRORS:
                break
        roster_import.contents = contents_of(reading)
    except UnreadableFile as unreadable:
        findings.errors[:] = [unreadable.error]
        roster_import.rows.all().delete()
        return []
    if done > MANY:
        _tell_planner()
    return obstacles


def _tell_planner():
    """After many new rows the database's picture of its tables is wrong, and its plans are slow by a hundredfold."""
    with connection.cursor() as cursor:
        for model in (RosterRow, Student):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _settle(roster_import, good_state, errors):
    if errors:
        errors = sorted(errors, key=lambda error: error.line)[:MAX_ERRORS]
        errors = with_students(roster_import, errors)
        locate = Places.of(roster_import).locate
        errors = [locate(error) for error in errors]
        roster_import.errors = [error.as_list() for error in errors]
        roster_import.counts = {}
        roster_import.move_to(State.REFUSED)
    else:
        roster_import.counts = count_outcomes(roster_import)
        roster_import.percent = 100
        roster_import.move_to(good_state)


@transaction.atomic
def decide_to_apply(*, roster_import, by, answers=()):
    """Take the decision; the writing follows at once or in the worker. Raises AlreadyDecided, Unanswered, YearIsOver.

    `answers` names the kinds of `roster_import.questions` that a person has looked at; all of them, or nothing is done.
    """
    roster_import = _lock(roster_import)
    if not roster_import.waits_for_decision:
        raise AlreadyDecided
    if open_questions := set(roster_import.questions) - set(answers):
        raise Unanswered(open_questions)
    if roster_import.school_year < roster_import.school.school_year:
        raise YearIsOver
    log.record(
        "roster.confirmed", by=by, target=roster_import, data={"answered": sorted(roster_import.questions)}
    )
    roster_import.decided_by = by
    roster_import.move_to(State.APPLYING)
    return roster_import


@transaction.atomic
def leave_import(*, roster_import, by):
    """Let the rows go; the registry stays as it is. Raises AlreadyDecided."""
    roster_import = _lock(roster_import)
    if not (roster_import.waits_for_decision or roster_import.is_stuck):
        raise AlreadyDecided
    roster_import.decided_by = by
    roster_import.move_to(State.LEFT if roster_import.state != State.APPLYING else State.FAILED)
    log.record("roster.left", by=by, target=roster_import, school=roster_import.school)


def apply_import(roster_import):
    """Write all rows in one transaction, or none where the registry has changed meanwhile."""
    try:
        return _apply(roster_import)
    except IntegrityError:
        # Another school wrote the same person at the same moment: looked at again, the row says so.
        logger.info("roster import %s met another writer", roster_import.pk)
        return _apply(roster_import)


@transaction.atomic
def _apply(roster_import):
    roster_import = _lock(roster_import)
    if roster_import.state != State.APPLYING:
        raise AlreadyDecided
    # One import a school at a time: the second sees what the first wrote.
    roster_import.school = School.objects.select_for_update(no_key=True).get(pk=roster_import.school_id)
    lock_students(roster_import.school)
    errors = (
        [year_is_over(roster_import)] if roster_import.school_year < roster_import.school.school_year else []
    )
    errors = errors or compare_again(roster_import)
    if not errors:
        roster_import.counts = count_outcomes(roster_import)
        write_rows(roster_import)
        log.record(
            "roster.imported",
            by=roster_import.decided_by,
            target=roster_import.school,
            school=roster_import.school,
            data=roster_import.counts,
        )
        roster_import.move_to(State.APPLIED)
    else:
        _settle(roster_import, State.APPLIED, errors)
    return roster_import


def year_is_over(roster_import):
    """The error of a roster whose year its school has left."""
    words = _("學校已經升到 %(year)d 學年度，這份 %(former)d 學年度的名冊不能再匯入。")
    facts = {"year": roster_import.school.school_year, "former": roster_import.school_year}
    return RowError(0, "", words % facts)


def compare_again(roster_import):
    """Look at the registry as it is now; rows whose outcome has changed since the preview say so."""
    obstacles: list[RowError] = []
    last = 0
    while batch := list(roster_import.rows.filter(line__gt=last).order_by("line")[:BATCH]):
        before = [(row.student_id, row.outcome, row.old) for row in batch]
        obstacles += compare_rows(roster_import, batch)
        changed = [
            row
            for row, old in zip(batch, before, strict=True)
            if (row.student_id, row.outcome, row.old) != old
        ]
        RosterRow.objects.bulk_update(changed, ["student", "outcome", "old"])
        last = batch[-1].line
    return list(islice(find_conflicts(roster_import, obstacles), MAX_ERRORS))


def import_roster(
    *, school, data, by=None, name="roster", dry_run=False, takes_new_classes=True, confirmed=False
):
    """Receive, check and write in one go, as a command or a test does. Returns a Result.

    Where the roster asks something and nobody has `confirmed`, the questions come back and nothing is written.
    """
    roster_import = receive_roster(
        school=school, data=data, name=name, by=by, takes_new_classes=takes_new_classes
    )
    roster_import = check_import(roster_import)
    if roster_import.waits_for_decision:
        counts = roster_import.counts
        if dry_run:
            leave_import(roster_import=roster_import, by=by)
            return Result([], counts, questions_of(roster_import))
        if roster_import.questions and not confirmed:
            leave_import(roster_import=roster_import, by=by)
            return Result([], {}, questions_of(roster_import))
        decide_to_apply(roster_import=roster_import, by=by, answers=roster_import.questions)
        roster_import = apply_import(roster_import)
    return Result(errors_of(roster_import), roster_import.counts)


def errors_of(roster_import):
    return [RowError(*one) for one in roster_import.errors]


def notices_of(roster_import):
    return [RowError(*one) for one in roster_import.notices]


def fail(roster_import, *, reason=None):
    """Say that the work went wrong for no fault of the file; nothing was written."""
    with transaction.atomic():
        roster_import = _lock(roster_import)
        if roster_import.is_busy:
            words = reason or _(
                "系統處理這份名冊時發生問題，沒有寫入任何資料。請再上傳一次；若仍不行，請通知系統管理者。"
            )
            roster_import.errors = [RowError(0, "", words).as_list()]
            roster_import.move_to(State.FAILED)


def forget_old_imports(school=None):
    """Let go of rosters that were uploaded long ago and never decided; returns how many."""
    old = RosterImport.objects.forgotten()
    if school:
        old = old.filter(school=school)
    pks = list(old.values_list("pk", flat=True)[:100])
    for pk in pks:
        with transaction.atomic():
            one = _lock(RosterImport(pk=pk))
            if one.state in (State.WAITING, State.CHECKED):
                one.move_to(State.LEFT)
    RosterImport.objects.told_long_ago().update(errors=[], notices=[], contents={}, questions={})
    return len(pks)


def _lock(roster_import):
    return (
        RosterImport.objects.select_for_update(of=("self",))
        .select_related("school", "decided_by")
        .get(pk=roster_import.pk)
    )
