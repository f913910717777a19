"""Students as the search over a desk finds them, for the finders of all rooms."""

import re

from django.utils.translation import gettext as _

from core.languages import facts
from core.text import half_width
from registry.models import Student
from registry.search import with_words

CLASS_AND_SEAT = re.compile(r"(\S+?)(?:\s*班)?[\s\-－–]+(\d{1,2})\s*號?")


def students_at(school, text):
    """Students of `school`, whatever became of them: who sits at the class and seat typed, else whom the words name."""
    mine = Student.objects.filter(school=school, school_class__school=school).select_related("school_class")
    if seat := CLASS_AND_SEAT.fullmatch(half_width(text)):
        sitting = mine.enrolled().filter(school_class__name=seat[1], seat_number=int(seat[2]))
        if sitting := list(sitting[:2]):
            return Student.objects.filter(pk__in=[one.pk for one in sitting]).select_related("school_class")
    return with_words(mine, text).in_seating_order()


def place_of(student):
    """301 班 5 號，學號 10630008"""
    place = {"class": student.school_class.name, "seat": student.seat_number, "number": student.student_number}
    said = _("%(class)s 班 %(seat)s 號，學號 %(number)s") % place
    return said if student.status == Student.Status.ENROLLED else facts([said, student.get_status_display()])
