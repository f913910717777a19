"""The registrar's pages at a school of 3,000, each beside a bare view.

Goal of each: CPU at most so many times the bare view's, and at most so many queries.
"""

from urllib.parse import quote

from benchmarks import people
from benchmarks.measure import Goal
from benchmarks.worker import Browser, figures_of, page_of, serving, session_of

GOALS = {
    "students": Goal(times=28, queries=6),
    "students named 王": Goal(times=28, queries=6),
    "students by number": Goal(times=31, queries=6),
    "student": Goal(times=27, queries=8),
    "classes": Goal(times=26, queries=5),
    "class": Goal(times=26, queries=6),
    "students who move": Goal(times=22, queries=6),
    "promotion": Goal(times=60, queries=5),
    "rosters": Goal(times=20, queries=6),
    "roster": Goal(times=48, queries=17),
    "corrections": Goal(times=18, queries=4),
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
