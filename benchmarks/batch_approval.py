"""A homeroom teacher approves a whole class of 35 at once, beside as many bare statements.

Goal: CPU at most so many times that of the statements, and at most so many statements.
"""

from benchmarks import people
from benchmarks.measure import Goal, beside, queries_of
from benchmarks.yardsticks import rolled_back, statements

GOALS = {"35 approved": Goal(times=9, queries=1386)}


def measure():
    from django.test import Client
    from django.urls import reverse

    from binding.models import Applicant, Binding
    from registry.models import SchoolClass
    from tests.accounts.factories import log_in

    school_class = SchoolClass.objects.get(school__slug="bench", name="102")
    ready = Applicant.objects.filter(application__student__school_class=school_class).select_related("application")
    keys = [f"{one.pk}:{one.application.revision}" for one in ready]
    teacher = log_in(Client(), people.staff_of("bench", "t102"))
    address = reverse("review:class-approve", args=["bench", school_class.pk])
    bound = Binding.objects.filter(student__school_class=school_class)

    def approve():
        assert teacher.post(address, {"keys": keys}).status_code in (200, 302)
        assert bound.count() == len(keys) == people.SIZE

    queries = queries_of(rolled_back(approve))
    yield beside("35 approved", rolled_back(approve), statements(queries), queries=queries)
