"""The pile of a class: which application comes before and after this one."""

from dataclasses import dataclass

from binding.models import Applicant, Application


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
    waiting = (
        Application.objects.sent()
        .filter(
            student__school_class=application.student.school_class_id,
            student__status="enrolled",
            applicants__review=Applicant.Review.PENDING,
        )
        .distinct()
        .order_by("student__seat_number", "pk")
    )
    if not for_registrar:
        waiting = waiting.filter(escalation__isnull=True)
    places = [Place(pk, seat) for pk, seat in waiting.values_list("pk", "student__seat_number")]
    here = (application.student.seat_number, application.pk)
    before = [one for one in places if (one.seat, one.pk) < here]
    after = [one for one in places if (one.seat, one.pk) > here]
    return Neighbours(before[-1] if before else None, after[0] if after else None, len(places))
