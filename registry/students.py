"""Direct corrections of a student by the registrar; each is kept with old and new value, who and when."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import log
from registry import history
from registry.models import School, Student, StudentChange
from registry.signals import own_family_asked


@transaction.atomic
def correct_student(
    *,
    student: Student,
    values: dict[str, Any],
    by: Any,
    cause: str = StudentChange.Cause.DIRECT,
    proof: str = "",
    note: str = "",
) -> StudentChange | None:
    """Write `values` (fields of Student, `identity_number` among them); returns the change, None if nothing differs.

    A changed name, number, class or seat asks the family to confirm again. Raises ValidationError.
    """
    student = lock_student(student)
    check_not_own_family(student, by)
    before = history.facts_of(student)
    for field, value in values.items():
        setattr(student, field, value)
    save_checked(student)
    change = history.record(student, before, cause=cause, by=by, proof=proof, note=note)
    if change:
        fields = [field for field in change.new if field != "class_pk"]
        log.record("student.corrected", by=by, target=student, school=student.school, data={"fields": fields})
    return change


def check_not_own_family(student: Student, by: Any) -> None:
    """Raise ValidationError where a member of the school's staff would change a child of the own family."""
    if words := own_family_words([student], by).get(student.pk):
        raise ValidationError(words)


def own_family_words(students: list[Student], by: Any) -> dict[int, str]:
    """{key: why not, in words} of those of `students` who are a child of the own family of `by`."""
    if by is None or by.school_id is None:
        return {}
    found = own_family_asked.send(Student, students=students, user=by)
    return {pk: words for _receiver, words_of in found for pk, words in words_of.items()}


def lock_student(student: Student) -> Student:
    """The student as the database has it now, held until the transaction ends.

    Locked first and read afterwards: PostgreSQL drops a row whose school changed while a join waited for it.
    """
    Student.objects.select_for_update(no_key=True).only("pk").get(pk=student.pk)
    return Student.objects.select_related("school", "school_class").get(pk=student.pk)


def lock_students(school: School) -> None:
    """Hold all students of a school, so that nobody corrects one while all of them are written."""
    locked = Student.objects.select_for_update(no_key=True).filter(school=school).order_by("pk")
    for _pk in locked.values_list("pk", flat=True).iterator(10_000):
        pass


def save_checked(student: Student) -> None:
    """Save what the rules allow. Raises ValidationError, also where another writer was first."""
    student.full_clean()
    try:
        with transaction.atomic():
            student.save()
    except IntegrityError:
        raise ValidationError(_("資料剛剛被別人修改，請再看一次。")) from None
