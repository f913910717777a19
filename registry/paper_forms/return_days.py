"""Until when a paper form is to be returned where nobody says a day."""

from datetime import timedelta

from django.utils import timezone

USUAL_DAYS = 14
SATURDAY = 5  # counted from Monday, 0


def usual_return(school):
    """The school's deadline, while it lies ahead; else in two weeks, on a day of school."""
    today = timezone.localdate()
    deadline = school.binding_deadline
    if deadline and deadline >= today:
        return deadline
    day = today + timedelta(days=USUAL_DAYS)
    return day + timedelta(days=7 - day.weekday()) if is_day_off(day) else day


def is_day_off(day):
    return day.weekday() >= SATURDAY
