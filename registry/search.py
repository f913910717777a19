"""Finds students of a school by what the registrar types: number, account, name or class."""

from django.db.models import Q

from core import identity
from core.text import half_width
from registry.models import Student


def looks_like_identity(text):
    """An ID number is never looked up by an address, where it would be kept in logs and histories."""
    return bool(identity.is_in(text) or identity.SHAPE.search(identity.normalize(text)))


def typed(request, name="q"):
    """What was typed into a search field: short, without characters that no database takes."""
    return request.GET.get(name, "").replace("\0", "").strip()[:60]


def find_students(school, *, text="", class_pk=None, status=""):
    """Students of `school` in seating order; each word of `text` narrows the list."""
    students = Student.objects.filter(school=school).select_related("school_class")
    if status:
        students = students.filter(status=status)
    if class_pk:
        students = students.filter(school_class=class_pk)
    for word in half_width(text).split()[:5]:
        number = word.upper().removeprefix("P") if word[1:].isdecimal() else word.upper()
        students = students.filter(
            Q(student_number__startswith=number) | Q(name__icontains=word) | Q(school_class__name=word)
        )
    return students.order_by("school_class__name", "seat_number", "pk")
