"""The desks of review, of the census and of reminders."""

import re

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from binding.models import Applicant
from core import emails
from core.languages import facts
from core.text import half_width
from registry.desks import About, Finder, Group, Hit, Tab
from registry.finding import place_of, students_at
from registry.models import SchoolClass, Student
from registry.roles import Role
from review import beside
from review.about import applications_of

REVIEWERS = frozenset({Role.REGISTRAR, Role.HOMEROOM_TEACHER})
READERS = frozenset({Role.REGISTRAR, Role.PRINCIPAL, Role.SCHOOL_ADMIN})
REMINDERS = frozenset({Role.REGISTRAR, Role.SCHOOL_ADMIN})

TABS = (
    Tab("review", _("審核"), "review:home", REVIEWERS, Group.REVIEW, 10),
    Tab("census", _("統計"), "review:census", READERS, Group.FIGURES, 10),
    Tab("reminders", _("提醒"), "review:reminders", REMINDERS, Group.FIGURES, 20),
)


SEAT = re.compile(r"([0-9]{1,2}) ?號?")


def find_own_students(user, school, text):
    """Those of a homeroom teacher's classes; a registrar finds them among all."""
    if Role.REGISTRAR in user.roles:
        return
    mine = SchoolClass.objects.of_reviewer(user)
    if seat := SEAT.fullmatch(half_width(text).strip()):  # of the own class nobody says its name
        found = Student.objects.enrolled().filter(seat_number=int(seat[1])).select_related("school_class")
        found = found.order_by("school_class__name", "pk")
    else:
        found = students_at(school, text)
    for one in found.filter(school_class__in=mine)[: Finder.MOST + 1]:
        page = reverse("review:class", args=[school.slug, one.school_class_id])
        yield Hit(one.name, place_of(one), f"{page}#seat-{one.seat_number}")


def find_applications(user, school, text):
    """By an applicant's name, or whole e-mail address."""
    found = Applicant.objects.of_reviewer(user).select_related("application__student__school_class")
    found = found.filter(email=emails.normalize(text)) if "@" in text else found.filter(name__icontains=text)
    for one in found.order_by("-application", "position")[: Finder.MOST + 1]:
        page = reverse("review:application", args=[school.slug, one.application_id])
        student = one.application.student
        yield Hit(one.name, facts([one.get_review_display(), student.name, place_of(student)]), page)


FINDERS = (
    Finder("own-students", _("學生"), frozenset({Role.HOMEROOM_TEACHER}), find_own_students, 10),
    Finder("applications", _("申請"), REVIEWERS, find_applications, 20),
)
ABOUT_STUDENT = (About("review/_about_student.html", frozenset({Role.REGISTRAR}), applications_of, 20),)
BESIDE_STUDENTS, BESIDE_CLASSES = (beside.STUDENTS,), (beside.CLASSES,)
