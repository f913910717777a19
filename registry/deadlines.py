"""The deadline of a student, and giving more time. The rule itself is `Student.objects.with_deadline()`."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import log
from core.compiled import compiled
from registry.models import DeadlineExtension, SchoolClass, Student
from registry.models.deadline import effective_deadline


def deadline_of(student):
    """The date that counts for this student, or None where the school has set none."""
    return _deadlines.first(student=student.pk)


@compiled(student=int)
def _deadlines(student):
    return Student.objects.with_deadline().filter(pk=student).values_list("deadline", flat=True)


def deadline_before_extension(target):
    """The date that holds without the extension of `target`, a class or a student; None where there is none."""
    if isinstance(target, SchoolClass):
        return target.school.binding_deadline
    without = Student.objects.annotate(without=effective_deadline(own=False))
    return without.values_list("without", flat=True).get(pk=target.pk)


def last_deadline(school):
    """The latest date that counts for anybody enrolled; None where the school has set none."""
    students = Student.objects.enrolled().filter(school=school).with_deadline()
    return students.aggregate(last=Max("deadline"))["last"]


def extension_of(target):
    """The extension of a class or a student that its school gave, or None."""
    field = "school_class" if isinstance(target, SchoolClass) else "student"
    return DeadlineExtension.objects.filter(**{field: target}, school=target.school_id).first()


def extensions_within(school_class):
    """Extensions of single students of the class, by seat: an extension of the class leaves them as they are."""
    own = DeadlineExtension.objects.filter(
        student__school_class=school_class, school=school_class.school_id, student__in=Student.objects.enrolled()
    )
    return own.select_related("student").order_by("student__seat_number")


@transaction.atomic
def extend(*, target: SchoolClass | Student, until: date, reason: str = "", by: Any) -> DeadlineExtension:
    """Give a class or a student time until a later day; a second time changes the first."""
    field: dict[str, Any] = {_lock(target): target}
    values = {
        "school": target.school, "until": until, "reason": reason, "given_by": by, "given_at": timezone.now(),
    }  # fmt: skip
    extension, _created = DeadlineExtension.objects.update_or_create(**field, defaults=values)
    data = {"until": until.isoformat(), "reason": reason}
    log.record("deadline.extended", by=by, target=target, school=target.school, data=data)
    return extension


@transaction.atomic
def take_back(*, target: SchoolClass | Student, by: Any) -> bool:
    """Let the former deadline hold again. False when there was no extension."""
    field = _lock(target)
    extension = DeadlineExtension.objects.filter(**{field: target}).first()
    if extension is None:
        return False
    data = {"until": extension.until.isoformat()}
    extension.delete()
    log.record("deadline.extension_taken_back", by=by, target=target, school=target.school, data=data)
    return True


def _lock(target):
    """Hold the row of the class or student; returns the name of its field."""
    type(target).objects.select_for_update(no_key=True, of=("self",)).get(pk=target.pk)
    return "school_class" if isinstance(target, SchoolClass) else "student"


def in_words(day):
    """還有 5 天, 今天截止, 已經過了 2 天"""
    left = (day - timezone.localdate()).days
    if left == 0:
        return _("今天截止")
    if left == 1:
        return _("明天截止")
    if left > 0:
        return _("還有 %(days)d 天") % {"days": left}
    return ngettext("已經過了 %(days)d 天", "已經過了 %(days)d 天", -left) % {"days": -left}
