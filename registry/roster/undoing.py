"""Takes the last applied roster back, while nothing has been built on it."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from audit import log
from registry import history, homeroom
from registry.models import DeadlineExtension, RosterImport, School, SchoolClass, Student, StudentChange
from registry.roster.parking import park, unpark
from registry.roster.staging import AlreadyDecided
from registry.roster.writing import WRITTEN, write_guardians
from registry.signals import undo_asked
from registry.students import lock_students

CHUNK = 1000
ADDED = StudentChange.Kind.ADDED


class CannotUndo(Exception):
    """Something depends on this import; the message says what."""


def is_last(roster_import):
    applied = RosterImport.objects.filter(school=roster_import.school_id, state=RosterImport.State.APPLIED)
    return not applied.filter(decided_at__gt=roster_import.decided_at).exists()


@transaction.atomic
def undo_import(*, roster_import: RosterImport, by: Any) -> RosterImport:
    """Students it added go, changed ones get their former values. Raises CannotUndo and AlreadyDecided."""
    roster_import = RosterImport.objects.hold(roster_import)
    if roster_import.state != RosterImport.State.APPLIED:
        raise AlreadyDecided
    school = School.objects.select_for_update(no_key=True).get(pk=roster_import.school_id)
    lock_students(school)
    classes = SchoolClass.objects.filter(school=school, school_year=roster_import.school_year)
    homeroom.lock_classes(classes.values_list("pk", flat=True))
    roster_import.school = school
    check_can_undo(roster_import)
    try:  # first, since they may have got the seat of somebody who gets it back
        Student.objects.filter(added_by=roster_import).delete()
    except ProtectedError:
        words = _("這份名冊新增的學生中，已經有家長開始使用系統，或有紙本、繳費單等資料。")
        raise CannotUndo(words) from None
    _take_back_changes(roster_import, by)
    _put_flags_back(roster_import)
    try:
        SchoolClass.objects.filter(pk__in=roster_import.undo["classes"]).delete()
    except ProtectedError:
        words = _("這份名冊新增的班級，已經有別的資料（例如印好的繳費單）。")
        raise CannotUndo(words) from None
    homeroom.undo_follow(roster_import.undo["duties"])
    school.school_year = roster_import.undo["school_year"]
    school.save(update_fields=["school_year"])
    roster_import.decided_by = by
    roster_import.move_to(RosterImport.State.UNDONE)
    log.record("roster.undone", by=by, target=roster_import, school=school)
    return roster_import


def check_can_undo(roster_import):
    """Raise CannotUndo, in words for the registrar, unless nothing was built on the import."""
    if not is_last(roster_import):
        raise CannotUndo(_("之後又匯入了別的名冊，只有最後一份可以復原。"))
    _check_school(roster_import)
    changes = _changes_of(roster_import)
    if changes.filter(old__has_key="school").exists():
        raise CannotUndo(_("這份名冊有轉入的學生，他們的原校已經辦理轉出。"))
    last = changes.order_by("-pk").values("pk")[:1]
    if StudentChange.objects.filter(student__in=changes.values("student"), pk__gt=last).exists():
        raise CannotUndo(_("匯入之後，有學生的資料又被修改過。"))
    if StudentChange.objects.filter(student__added_by=roster_import).exclude(kind=ADDED).exists():
        raise CannotUndo(_("匯入之後，有新增的學生又被修改過。"))
    for _receiver, words in undo_asked.send(RosterImport, roster_import=roster_import):
        if words:
            raise CannotUndo(words)


def _check_school(roster_import):
    """What happened to the school as a whole since: a promotion, other teachers, other students in its new classes."""
    undo, school = roster_import.undo, roster_import.school
    if school.school_year != max(roster_import.school_year, undo["school_year"]):
        words = _("匯入之後，學校已經升到 %(year)d 學年度。") % {"year": school.school_year}
        raise CannotUndo(words)
    if (name := homeroom.changed_since(undo["duties"])) is not None:
        raise CannotUndo(_("匯入之後，%(name)s 班的導師又更換過。") % {"name": name})
    in_new_classes = Student.objects.filter(school_class__in=undo["classes"]).exclude(added_by=roster_import)
    moved_there = StudentChange.objects.filter(roster_import=roster_import).values("student")
    if in_new_classes.exclude(pk__in=moved_there).exists():
        raise CannotUndo(_("匯入之後，又有學生編入這份名冊新增的班級。"))
    if DeadlineExtension.objects.filter(
        Q(school_class__in=undo["classes"]) | Q(student__added_by=roster_import)
    ).exists():
        raise CannotUndo(_("匯入之後，這份名冊新增的班級或學生已經展延截止日。"))


def _put_flags_back(roster_import):
    """The registrar is asked again about students missing from an earlier roster, not about those missing from this one alone."""
    waiting = Student.objects.filter(missing_from=roster_import)
    undecided = set(waiting.values_list("pk", flat=True))
    waiting.update(missing_from=None)
    undo = roster_import.undo
    earlier: dict[int, list] = {}
    for student, missing_from in [*undo["found"], *(one for one in undo["missing"] if one[0] in undecided)]:
        earlier.setdefault(missing_from, []).append(student)
    applied = RosterImport.objects.filter(pk__in=earlier, state=RosterImport.State.APPLIED)
    for one in applied:
        Student.objects.enrolled().filter(pk__in=earlier[one.pk]).update(missing_from=one)


def _changes_of(roster_import):
    """Of students who were there before; those who were added go as a whole."""
    return StudentChange.objects.filter(roster_import=roster_import).exclude(kind=ADDED)


def _take_back_changes(roster_import, by):
    changes = _changes_of(roster_import)
    park(Student.objects.filter(pk__in=changes.values("student")))
    last = 0
    while chunk := list(changes.filter(pk__gt=last).order_by("pk").select_related("student")[:CHUNK]):
        guardians_of = {}
        for change in chunk:
            unpark(change.student)
            history.put_back(change.student, change.old)
            if "guardians" in change.old:
                guardians_of[change.student] = change.old["guardians"]
        Student.objects.bulk_update([change.student for change in chunk], WRITTEN, batch_size=CHUNK // 4)
        write_guardians(guardians_of)
        StudentChange.objects.bulk_create(reversed_change(change, by) for change in chunk)
        last = chunk[-1].pk


def reversed_change(change, by):
    return StudentChange(
        student=change.student,
        cause=StudentChange.Cause.UNDO,
        old=change.new,
        new=change.old,
        school_id=change.school_id,
        by=by,
    )
