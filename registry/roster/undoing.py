"""Takes the last applied roster back, while nothing has been built on it."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from audit import log
from registry import history, homeroom
from registry.models import RosterImport, School, SchoolClass, Student, StudentChange
from registry.roster.importing import AlreadyDecided
from registry.roster.parking import park, unpark
from registry.roster.writing import WRITTEN, write_guardians
from registry.signals import undo_asked
from registry.students import lock_students

BATCH = 1000


class CannotUndo(Exception):
    """Something depends on this import; the message says what."""


def is_last(roster_import):
    applied = RosterImport.objects.filter(school=roster_import.school_id, state=RosterImport.State.APPLIED)
    return not applied.filter(decided_at__gt=roster_import.decided_at).exists()


@transaction.atomic
def undo_import(*, roster_import, by):
    """Students it added go, changed ones get their former values. Raises CannotUndo and AlreadyDecided."""
    roster_import = (
        RosterImport.objects.select_for_update(of=("self",)).select_related("school").get(pk=roster_import.pk)
    )
    if roster_import.state != RosterImport.State.APPLIED:
        raise AlreadyDecided
    school = School.objects.select_for_update(no_key=True).get(pk=roster_import.school_id)
    lock_students(school)
    check_can_undo(roster_import)
    Student.objects.filter(missing_from=roster_import).update(missing_from=None)
    _take_back_changes(roster_import, by)
    try:
        Student.objects.filter(added_by=roster_import).delete()
        SchoolClass.objects.filter(pk__in=roster_import.undo["classes"], students=None).delete()
    except ProtectedError:
        raise CannotUndo(_("這份名冊新增的學生中，已經有家長開始使用系統。")) from None
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
    changes = StudentChange.objects.filter(roster_import=roster_import)
    if changes.filter(old__has_key="school").exists():
        raise CannotUndo(_("這份名冊有轉入的學生，他們的原校已經辦理轉出。"))
    last = changes.order_by("-pk").values("pk")[:1]
    if StudentChange.objects.filter(student__in=changes.values("student"), pk__gt=last).exists():
        raise CannotUndo(_("匯入之後，有學生的資料又被修改過。"))
    if StudentChange.objects.filter(student__added_by=roster_import).exists():
        raise CannotUndo(_("匯入之後，有新增的學生又被修改過。"))
    for _receiver, words in undo_asked.send(RosterImport, roster_import=roster_import):
        if words:
            raise CannotUndo(words)


def _take_back_changes(roster_import, by):
    changes = StudentChange.objects.filter(roster_import=roster_import)
    park(Student.objects.filter(pk__in=changes.values("student")))
    last = 0
    while batch := list(changes.filter(pk__gt=last).order_by("pk").select_related("student")[:BATCH]):
        guardians_of = {}
        for change in batch:
            unpark(change.student)
            history.put_back(change.student, change.old)
            if "guardians" in change.old:
                guardians_of[change.student] = change.old["guardians"]
        Student.objects.bulk_update([change.student for change in batch], WRITTEN, batch_size=BATCH // 4)
        write_guardians(guardians_of)
        StudentChange.objects.bulk_create(reversed_change(change, by) for change in batch)
        last = batch[-1].pk


def reversed_change(change, by):
    return StudentChange(
        student=change.student,
        cause=StudentChange.Cause.UNDO,
        old=change.new,
        new=change.old,
        school_id=change.school_id,
        by=by,
    )
