"""The registrar's pages at a school of 3,000, each beside a bare view.

Goal of each: CPU at most so many times the bare view's, and at most so many queries.
"""

from urllib.parse import quote

from benchmarks import people
from benchmarks.measure import Goal
from benchmarks.worker import Browser, figures_of, page_of, serving, session_of

GOALS = {
    "students": Goal(times=99, queries=99),
    "students named 王": Goal(times=99, queries=99),
    "students by number": Goal(times=99, queries=99),
    "student": Goal(times=99, queries=99),
    "classes": Goal(times=99, queries=99),
    "class": Goal(times=99, queries=99),
    "students who move": Goal(times=99, queries=99),
    "promotion": Goal(times=99, queries=99),
    "rosters": Goal(times=99, queries=99),
    "roster": Goal(times=99, queries=99),
    "corrections": Goal(times=99, queries=99),
}


def measure():
    from django.urls import reverse

    school = people.school_called("large")
    with serving() as worker:
        browser = Browser(worker, session_of(people.staff_of("large", "registrar")))
        works = {
            what: page_of(worker, browser, reverse(name, args=[school.slug, *arguments]) + query)
            for what, name, arguments, query in pages_of(school)
        }
        yield from figures_of(worker, works, times=4)


def pages_of(school):
    """(what, name of the address, arguments after the school, query)."""
    student = school.students.order_by("pk")[0]
    yield "students", "registry:students", [], ""
    yield "students named 王", "registry:students", [], "?q=" + quote("王")
    yield "students by number", "registry:students", [], f"?q={student.student_number}"
    yield "student", "registry:student", [student.pk], ""
    yield "classes", "registry:classes", [], ""
    yield "class", "registry:class", [student.school_class_id], ""
    yield "students who move", "registry:moves", [], ""
    yield "promotion", "registry:promotion", [], ""
    yield "rosters", "registry:roster-list", [], ""
    yield "roster", "registry:roster", [school.roster_imports.get().pk], ""
    yield "corrections", "binding:corrections", [], ""
