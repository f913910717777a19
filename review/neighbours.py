"""The pile of a class: which application waits before and after the one that is open."""

from dataclasses import dataclass

from binding.models import Applicant, Application
from core.compiled import compiled
from registry.models import Student


@dataclass(frozen=True)
class Place:
    """One application in the pile: its key and the student's seat."""

    pk: int
    seat: int


@dataclass(frozen=True)
class Neighbours:
    """Waiting applications of the class around one of them, by seat; None at either end."""

    previous: Place | None
    next: Place | None
    waiting: int


def neighbours_of(application, *, for_registrar=False):
    """One query; what was left to the registrar is passed over by others. An application that is decided stands where its student sits."""
    waiting = _waiting if for_registrar else _waiting_for_teacher
    places = [Place(pk, seat) for pk, seat in waiting(school_class=application.student.school_class_id)]
    here = (application.student.seat_number, application.pk)
    before = [one for one in places if (one.seat, one.pk) < here]
    after = [one for one in places if (one.seat, one.pk) > here]
    return Neighbours(before[-1] if before else None, after[0] if after else None, len(places))


@compiled(school_class=int)
def _waiting(school_class):
    return _pile(Application.objects.all(), school_class)


@compiled(school_class=int)
def _waiting_for_teacher(school_class):
    return _pile(Application.objects.filter(escalation__isnull=True), school_class)


def _pile(applications, school_class):
    of_class = {"student__school_class": school_class, "student__status": Student.Status.ENROLLED}
    waiting = applications.sent().filter(**of_class, applicants__review=Applicant.Review.PENDING)
    return waiting.distinct().order_by("student__seat_number", "pk").values_list("pk", "student__seat_number")
