"""Students come and go: leave of absence, return, transfer, graduation. The status drives it, never a date."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from core.languages import labelled
from core.states import InvalidMove
from registry import history
from registry.models import School, SchoolClass, Student, StudentChange
from registry.signals import students_ended, students_moved_school
from registry.students import check_not_own_family, lock_student, own_family_words, save_checked

Status = Student.Status
# What several students may do together; who comes back needs a seat of their own.
MANY = (Status.ON_LEAVE, Status.TRANSFERRING, Status.LEFT, Status.GRADUATED)


@transaction.atomic
def change_status(
    *,
    student: Student,
    status: str,
    by: Any,
    note: str = "",
    transfer_to: School | None = None,
    school_class: SchoolClass | None = None,
    seat_number: int | None = None,
    on: date | None = None,
) -> Student:
    """Move a student to another status; the register says that it counts from `on`. Raises InvalidMove and ValidationError.

    TRANSFERRING needs `transfer_to`, coming back to ENROLLED a class and a seat. Graduating and leaving
    end the bindings, with a mail to each parent.
    """
    student = _set_status(
        student, status, by=by, note=note, on=on, transfer_to=transfer_to, place=(school_class, seat_number)
    )
    if status in Student.ENDED:
        students_ended.send(Student, students=[student], by=by)
    return student


@transaction.atomic
def change_statuses(
    *,
    students: Iterable[Student],
    status: str,
    by: Any,
    note: str = "",
    transfer_to: School | None = None,
    on: date | None = None,
) -> list[Student]:
    """Move several students to one status, all of them or none. Raises InvalidMove, and ValidationError naming the student."""
    moved = []
    for one in sorted(students, key=lambda one: one.pk):  # two people at once lock in one order
        try:
            moved.append(_set_status(one, status, by=by, note=note, on=on, transfer_to=transfer_to))
        except ValidationError as error:
            raise ValidationError([labelled(one.name) + words for words in error.messages]) from None
    if status in Student.ENDED:
        students_ended.send(Student, students=moved, by=by)
    return moved


def look_at(students: list[Student], status: str, by: Any) -> tuple[list[Student], list[tuple[Student, str]]]:
    """Who of `students` can go to `status` by the hand of `by`; and who can't, each with why."""
    barred = own_family_words(students, by)
    for one in students:
        if not one.can_move_to(status):
            barred[one.pk] = _("目前是「%(status)s」") % {"status": one.get_status_display()}
    return [one for one in students if one.pk not in barred], [
        (one, barred[one.pk]) for one in students if one.pk in barred
    ]


def _set_status(student, status, *, by, note, on, transfer_to, place=(None, None)):
    student = lock_student(student)
    check_not_own_family(student, by)
    before = history.facts_of(student)
    to = transfer_to if status == Status.TRANSFERRING else None
    school_class, seat_number = place
    student.set_state(status, transfer_to=to, missing_from=None)
    if status == Status.ENROLLED:
        student.school_class = school_class or student.school_class
        student.seat_number = seat_number or student.seat_number
    save_checked(student)
    _keep(student, before, by=by, note=note, on=on)
    return student


@transaction.atomic
def accept_transfer(
    *,
    student: Student,
    school: School,
    school_class: SchoolClass,
    seat_number: int,
    student_number: str,
    by: Any,
    on: date | None = None,
) -> Student:
    """The new school gives class and number; the student keeps account, consent and bindings."""
    student = lock_student(student)
    if student.status != Status.TRANSFERRING or student.transfer_to_id != school.pk:
        raise InvalidMove(student.status, Status.ENROLLED)
    check_not_own_family(student, by)
    before = history.facts_of(student)
    student.school = school
    student.school_class = school_class
    student.seat_number = seat_number
    student.student_number = student_number
    student.set_state(Status.ENROLLED, transfer_to=None)
    save_checked(student)
    _keep(student, before, by=by, on=on)
    students_moved_school.send(Student, students=[student], by=by)
    return student


@transaction.atomic
def keep_student(*, student: Student, by: Any) -> Student:
    """A student who was missing from the roster is still here."""
    student = lock_student(student)
    if student.missing_from_id:
        student.missing_from = None
        student.save(update_fields=["missing_from"])
        log.record("student.kept", by=by, target=student, school=student.school)
    return student


def statuses_for(student):
    """The statuses that `student` may go to, with the words for the registrar."""
    words = words_of(status for status in Status.values if student.can_move_to(status))
    if student.status == Status.TRANSFERRING:
        return [
            (status, _("取消轉出，繼續在本校就讀") if status == Status.ENROLLED else text) for status, text in words
        ]
    return words


def words_of(statuses):
    """Those of `statuses` in the order of a form, with the words for the registrar."""
    words = {
        Status.ENROLLED: _("復學"),
        Status.ON_LEAVE: _("休學"),
        Status.TRANSFERRING: _("轉學到本市其他學校"),
        Status.LEFT: _("離校（轉到外縣市、出國或其他）"),
        Status.GRADUATED: _("畢業"),
    }
    chosen = set(statuses)
    return [(status, words[status]) for status in words if status in chosen]


def _keep(student, before, *, by, note="", on=None):
    history.record(student, before, cause=StudentChange.Cause.MOVE, by=by, note=note, on=on)
    log.record(
        f"student.{student.status}",
        by=by,
        target=student,
        school=student.school,
        data={"to": student.transfer_to.slug} if student.transfer_to else {},
    )
