"""Schools that remind: a class in a school with a deadline, families whom one can write to, a ladder that runs."""

from datetime import timedelta

from django.utils import timezone

from registry.models import Guardian
from review.reminders import actions, printing
from review.reminders.models import ReminderSlipBatch
from tests.registry.factories import SchoolClassFactory, StudentFactory


def days_ahead(days):
    return timezone.localdate() + timedelta(days=days)


def class_before_deadline(days=14, **fields):
    """A class of a school whose deadline is `days` from now."""
    return SchoolClassFactory(school__binding_deadline=days_ahead(days), **fields)


def student_in(school_class, *emails, **fields):
    """A student of the class with a guardian on record at each address."""
    student = StudentFactory(school=school_class.school, school_class=school_class, **fields)
    for position, email in enumerate(emails, 1):
        guardian(student, email, position=position)
    return student


def guardian(student, email, *, position=1, number=None):
    one = Guardian(student=student, position=position, name="王大明", email=email)
    if number:
        one.identity_number = number
    one.save()
    return one


def started(school, *, days=(14, 7, 2), by):
    """The school's ladder, running."""
    ladder = actions.write_ladder(school=school, deadline=school.binding_deadline, days=list(days), by=by)
    return actions.start(school=school, version=actions.version_of(ladder, school), by=by)


def finished_slips(school, *, by, who=ReminderSlipBatch.Who.ALL):
    """Slips that the worker made."""
    batch = printing.request_batch(school=school, who=who, by=by)
    printing.set_batch.func(batch.pk)
    return ReminderSlipBatch.objects.get(pk=batch.pk)
