"""What the census costs to read and to take home, beside a bare view. The whole city's is measured by hand: `make bench-city`.

Goal of each: CPU at most so many times the bare view's, and at most so many queries.
"""

from benchmarks import people
from benchmarks.measure import Goal
from benchmarks.worker import Browser, Work, checked, figures_of, page_of, serving, session_of

GOALS = {
    "school": Goal(times=41, queries=7),
    "mismatches": Goal(times=23, queries=6),
    "school, Excel": Goal(times=48, queries=10),
    "school, PDF": Goal(times=58, queries=10),
    "city of two schools": Goal(times=23, queries=6),
    "city, Excel": Goal(times=29, queries=9),
    "city, PDF": Goal(times=45, queries=9),
}


def measure():
    from django.urls import reverse

    from accounts.models import User

    with serving() as worker:
        school = Browser(worker, session_of(people.staff_of("bench", "registrar")))
        city = Browser(worker, session_of(User.objects.get(username="city/admin")))

        def page(browser, name, *arguments):
            return page_of(worker, browser, reverse(name, args=arguments))

        def export(browser, name, *arguments):
            address = reverse(name, args=arguments)
            return Work(lambda headers: checked(worker, address, browser.post(address, headers=headers)))

        yield from figures_of(
            worker,
            {
                "school": page(school, "review:census", "bench"),
                "mismatches": page(school, "review:mismatches", "bench"),
                "school, Excel": export(school, "review:census-export", "bench", "xlsx"),
                "school, PDF": export(school, "review:census-export", "bench", "pdf"),
                "city of two schools": page(city, "city:census"),
                "city, Excel": export(city, "city:census-export", "xlsx"),
                "city, PDF": export(city, "city:census-export", "pdf"),
            },
            times=4,
            rounds=5,
        )
