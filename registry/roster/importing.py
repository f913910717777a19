"""The way of a roster: received, checked, then written as a whole or left; the last one can be undone."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import log
from core import identity, text
from core.spreadsheets import RowError
from registry.models import RosterImport, School
from registry.roster.comparing import count_outcomes
from registry.roster.questions import questions_of
from registry.roster.staging import AlreadyDecided, check_import, compare_again, refuse
from registry.roster.writing import write_rows
from registry.students import lock_students

logger = logging.getLogger(__name__)
State = RosterImport.State
CHOICES = ("takes_new_classes", "covers", "only_classes", "chosen_columns", "chosen_classes")


class Unanswered(Exception):
    """Questions that nobody answered stand in the way; `kinds` says which."""

    def __init__(self, kinds):
        super().__init__(", ".join(sorted(kinds)))
        self.kinds = kinds


class Outdated(Exception):
    """Another roster was applied or undone since this one was compared: it has to be looked at again."""


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
def receive_roster(
    *, school: School, data: bytes, name: str, by: Any, school_year: int | None = None, **choices: Any
) -> RosterImport:
    """Keep an uploaded file, encrypted, until it is applied or left.

    `choices`: `takes_new_classes`, `covers` and `only_classes`, the chosen columns and classes, as the model has them.
    """
    roster_import = RosterImport(
        school=school,
        school_year=school_year or school.school_year,
        name=identity.blot_out(text.file_name(name)),
        uploaded_by=by,
        **choices,
    )
    roster_import.keep(data)
    roster_import.save()
    log.record("roster.uploaded", by=by, target=roster_import, school=school)
    return roster_import


@transaction.atomic
def receive_again(*, former: RosterImport, data: bytes, name: str, by: Any) -> RosterImport:
    """A mended file in the place of `former`, with all that was chosen for it. Raises AlreadyDecided."""
    former = RosterImport.objects.hold(former)
    if not (former.can_be_checked_again or former.state == State.REFUSED):
        raise AlreadyDecided
    choices = {field: getattr(former, field) for field in CHOICES}
    received = receive_roster(
        school=former.school, data=data, name=name, by=by, school_year=former.school_year, **choices
    )
    former.move_to(State.LEFT, decided_by=by)
    return received


@transaction.atomic
def choose_again(*, roster_import: RosterImport, by: Any, **choices: Any) -> RosterImport:
    """Choose otherwise what the roster is about or what its columns mean; the check begins anew. Raises AlreadyDecided."""
    roster_import = RosterImport.objects.hold(roster_import)
    if not roster_import.can_be_checked_again:
        raise AlreadyDecided
    for field, value in choices.items():
        setattr(roster_import, field, value)
    roster_import.move_to(
        State.WAITING, decided_by=None, counts={}, errors=[], notices=[], questions={}, contents={}, answers=[],
        rows_done=0, percent=0,
    )  # fmt: skip
    log.record("roster.checked_again", by=by, target=roster_import, school=roster_import.school)
    return roster_import


@transaction.atomic
def decide_to_apply(*, roster_import: RosterImport, by: Any, answers: Iterable[str] = ()) -> RosterImport:
    """Take the decision; the writing follows at once or in the worker.

    Raises AlreadyDecided, YearIsOver, Outdated and Unanswered.
    `answers` names the kinds of `roster_import.questions` that a person has looked at; all of them, or nothing is done.
    """
    roster_import = RosterImport.objects.hold(roster_import)
    if not roster_import.waits_for_decision:
        raise AlreadyDecided
    if roster_import.is_of_former_year:
        raise YearIsOver
    if roster_import.is_outdated:
        raise Outdated
    if open_questions := set(roster_import.questions) - set(answers):
        raise Unanswered(open_questions)
    data = {"answered": sorted(roster_import.questions)}
    log.record("roster.confirmed", by=by, target=roster_import, data=data)
    roster_import.move_to(State.APPLYING, decided_by=by)
    return roster_import


@transaction.atomic
def leave_import(*, roster_import: RosterImport, by: Any) -> None:
    """Let the rows go; the registry stays as it is. Raises AlreadyDecided."""
    roster_import = RosterImport.objects.hold(roster_import)
    if not (roster_import.can_be_checked_again or roster_import.waits_for_decision or roster_import.is_stuck):
        raise AlreadyDecided
    failed = roster_import.state == State.APPLYING
    roster_import.move_to(State.FAILED if failed else State.LEFT, decided_by=by)
    log.record("roster.left", by=by, target=roster_import, school=roster_import.school)


def apply_import(roster_import: RosterImport) -> RosterImport:
    """Write all rows in one transaction, or none where the registry has changed meanwhile."""
    try:
        return _apply(roster_import)
    except IntegrityError:
        # Another school wrote the same person at the same moment: looked at again, the row says so.
        logger.info("roster import %s met another writer", roster_import.pk)
        return _apply(roster_import)


@transaction.atomic
def _apply(roster_import):
    roster_import = RosterImport.objects.hold(roster_import)
    if roster_import.state != State.APPLYING:
        raise AlreadyDecided
    # One import a school at a time: the second sees what the first wrote.
    roster_import.school = School.objects.select_for_update(no_key=True).get(pk=roster_import.school_id)
    lock_students(roster_import.school)
    if errors := _errors_now(roster_import):
        refuse(roster_import, errors)
        return roster_import
    school, counts = roster_import.school, count_outcomes(roster_import)
    write_rows(roster_import)
    if reseated := len(roster_import.undo["reseated"]):
        counts["reseated"] = reseated
    log.record("roster.imported", by=roster_import.decided_by, target=school, school=school, data=counts)
    roster_import.move_to(State.APPLIED, counts=counts)
    return roster_import


def _errors_now(roster_import):
    """What the registry as it is now has against the roster."""
    if roster_import.is_of_former_year:
        return [year_is_over(roster_import)]
    return compare_again(roster_import)


def year_is_over(roster_import):
    """The error of a roster whose year its school has left."""
    words = _("學校已經升到 %(year)d 學年度，這份 %(former)d 學年度的名冊不能再匯入。")
    facts = {"year": roster_import.school.school_year, "former": roster_import.school_year}
    return RowError(0, "", words % facts)


def import_roster(
    *,
    school: School,
    data: bytes,
    by: Any = None,
    name: str = "roster",
    dry_run: bool = False,
    confirmed: bool = False,
    **choices: Any,
) -> Result:
    """Receive, check and write in one go, as a command or a test does.

    Where the roster asks something and nobody has `confirmed`, the questions come back and nothing is written.
    """
    received = receive_roster(school=school, data=data, name=name, by=by, **{"takes_new_classes": True, **choices})
    roster_import = check_import(received)
    if not roster_import.waits_for_decision:
        return Result(errors_of(roster_import), roster_import.counts)
    if dry_run or (roster_import.questions and not confirmed):
        counts, asked = roster_import.counts if dry_run else {}, questions_of(roster_import)
        leave_import(roster_import=roster_import, by=by)
        return Result([], counts, asked)
    decide_to_apply(roster_import=roster_import, by=by, answers=roster_import.questions)
    roster_import = apply_import(roster_import)
    return Result(errors_of(roster_import), roster_import.counts)


def errors_of(roster_import: RosterImport) -> list[RowError]:
    return [RowError(*one) for one in roster_import.errors]


def notices_of(roster_import: RosterImport) -> list[RowError]:
    return [RowError(*one) for one in roster_import.notices]


def fail(roster_import: RosterImport) -> None:
    """Say that the work went wrong for no fault of the file; nothing was written."""
    with transaction.atomic():
        roster_import = RosterImport.objects.hold(roster_import)
        if roster_import.is_busy:
            words = _("系統處理這份名冊時發生問題，沒有寫入任何資料。請再上傳一次；若仍不行，請通知系統管理者。")
            roster_import.move_to(State.FAILED, errors=[RowError(0, "", words).as_list()])


def remember_answers(*, roster_import: RosterImport, answers: Iterable[str]) -> None:
    """Keep which questions somebody has ticked, though others are still open."""
    asked = [kind for kind in answers if kind in roster_import.questions]
    RosterImport.objects.filter(pk=roster_import.pk, state=State.CHECKED).update(answers=asked)


def forget_old_imports(school: School | None = None) -> int:
    """Let go of rosters that were uploaded long ago and never decided, and of the files of refused ones; how many."""
    old = RosterImport.objects.forgotten() | RosterImport.objects.with_old_file()
    if school:
        old = old.filter(school=school)
    pks = list(old.values_list("pk", flat=True)[:100])
    for pk in pks:
        with transaction.atomic():
            one = RosterImport.objects.hold(RosterImport(pk=pk))
            if one.state in RosterImport.UNDECIDED:
                one.move_to(State.LEFT)
            elif one.file and not one.is_busy:
                one.let_file_go()
                one.save(update_fields=["file"])
    RosterImport.objects.told_long_ago().update(errors=[], notices=[], contents={}, questions={})
    return len(pks)
