"""Finds students of a school by what the registrar types: number, account, name or class."""

import re

from django.db.models import Q

from core import names
from core.text import half_width
from registry.models import Student

WITHOUT_NUMBER = "without-number"
MISSING = "missing"
MOST_ZEROS = 3
MOST_WORDS = 5
SEAT_AFTER_CLASS = re.compile(r"(.+)[-－–](\d{1,2})號?")
BY_SEAT = ("school_class__sort_key", "school_class__name", "seat_number")


def _begins_with(number):
    """Student numbers that begin with what was typed, or with zeros before it where a spreadsheet dropped them."""
    zeros = range(MOST_ZEROS + 1 if number.isdecimal() and len(number) > MOST_ZEROS else 1)
    return Q(*[("student_number__startswith", "0" * count + number) for count in zeros], _connector=Q.OR)


def find_students(school, *, text="", class_pk=None, status=""):
    """Students of `school` in seating order; each word of `text` narrows the list.

    A number is found with or without the zeros before it. `status` WITHOUT_NUMBER: enrolled, ID number not known.
    """
    # Said of the classes too, the database looks at the school's, not at those of the whole city.
    students = Student.objects.filter(school=school, school_class__school=school).select_related("school_class")
    students = of_status(students, status)
    if class_pk:
        students = students.filter(school_class=class_pk)
    return with_words(students, text).in_seating_order()


def of_status(students, status):
    """Those of one status; WITHOUT_NUMBER as above, MISSING: enrolled, not in the latest roster; "" all."""
    if status == WITHOUT_NUMBER:
        return students.enrolled().without_number()
    if status == MISSING:
        return students.enrolled().filter(missing_from__isnull=False)
    return students.filter(status=status) if status else students


def with_words(students, text):
    """Those whom each word of `text` names: by number, name, or class ("301"), and seat after it ("301-05")."""
    words = half_width(text).split()[:MOST_WORDS]
    for place, word in enumerate(words):
        number = word.upper().removeprefix("P") if word[1:].isdecimal() else word.upper()
        named = _begins_with(number) | Q(folded_name__contains=names.fold(word)) | Q(school_class__name=word)
        if seat := SEAT_AFTER_CLASS.fullmatch(word):
            named |= Q(school_class__name=seat[1], seat_number=int(seat[2]))
        if place and word.isdecimal() and len(word) <= 2:  # 301 5: a class, then a seat in it
            named |= Q(school_class__name=words[0], seat_number=int(word))
        students = students.filter(named)
    return students


def students_named(school, text):
    """The keys of those whom `text` names, for lists of what belongs to students."""
    return find_students(school, text=text).order_by().values("pk")
