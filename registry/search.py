"""Finds students of a school by what the registrar types: number, account, name or class."""

from django.db.models import Q

from core import names
from core.text import half_width, without_invisible
from registry.models import Student

WITHOUT_NUMBER = "without-number"
MOST_ZEROS = 3


def _begins_with(number):
    """Student numbers that begin with what was typed, or with zeros before it where a spreadsheet dropped them."""
    zeros = range(MOST_ZEROS + 1 if number.isdecimal() and len(number) > MOST_ZEROS else 1)
    return Q(*[("student_number__startswith", "0" * count + number) for count in zeros], _connector=Q.OR)


def typed(request, name="q"):
    """What was typed into a search field: short, without characters that no database takes."""
    return without_invisible(request.GET.get(name, "")).strip()[:60]


def find_students(school, *, text="", class_pk=None, status=""):
    """Students of `school` in seating order; each word of `text` narrows the list.

    A number is found with or without the zeros before it. `status` WITHOUT_NUMBER: enrolled, ID number not known.
    """
    # Said of the classes too, the database looks at the school's, not at those of the whole city.
    students = Student.objects.filter(school=school, school_class__school=school).select_related("school_class")
    if status == WITHOUT_NUMBER:
        students = students.enrolled().without_number()
    elif status:
        students = students.filter(status=status)
    if class_pk:
        students = students.filter(school_class=class_pk)
    for word in half_width(text).split()[:5]:
        number = word.upper().removeprefix("P") if word[1:].isdecimal() else word.upper()
        students = students.filter(
            _begins_with(number) | Q(folded_name__contains=names.fold(word)) | Q(school_class__name=word)
        )
    return students.in_seating_order()
