"""What the census of a school and of the city cost: queries, milliseconds (best and middle of eleven), and plans.

    ENVIRONMENT=development DEBUG=off DATABASE_URL=… python -m benchmarks.census [--plan]

Needs a database with `manage.py make_city --schools 250 --students 900` in it.
"""

import os
import sys
import time

import django


def log_in(user):
    from django.test import Client
    from django_otp import DEVICE_ID_SESSION_KEY

    from accounts.models import RecoverySheet

    client = Client()
    client.force_login(user, backend="accounts.backends.AccountBackend")
    device, _created = RecoverySheet.objects.get_or_create(user=user, name="benchmark")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


def measure(ask):
    """Number of queries, milliseconds in order, the queries that count, the answer."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _warm in range(2):
        assert ask().status_code == 200
    times = []
    for _time in range(11):
        started = time.perf_counter()
        answer = ask()
        times.append((time.perf_counter() - started) * 1000)
    with CaptureQueriesContext(connection) as queries:
        ask()
    counting = [one for one in queries if "COUNT(" in one["sql"] and "GROUP BY" in one["sql"]]
    return len(queries), sorted(times), counting, answer


def print_plan(queries):
    from django.db import connection

    for one in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY ON) {one['sql']}")
            print("\n".join(f"        {line}" for (line,) in cursor.fetchall()), end="\n\n")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.urls import reverse

    from accounts.models import User
    from registry.models import School, SchoolClass, Student

    school = School.objects.order_by("-pk")[0]
    classes = SchoolClass.objects.current().filter(school=school).count()
    print(f"{School.objects.count()} schools, {Student.objects.count()} students; {classes} classes in one")
    city = User.objects.filter(username="city/benchmark").first()
    city = log_in(city or User.objects.create_superuser("benchmark", password="a quiet river in spring"))  # noqa: S106
    registrar = log_in(User.objects.get(school=school, account="registrar"))
    pages = [
        ("school census", lambda: registrar.get(reverse("review:census", args=[school.slug]))),
        ("mismatches", lambda: registrar.get(reverse("review:mismatches", args=[school.slug]))),
        ("school, Excel", lambda: registrar.post(reverse("review:census-export", args=[school.slug, "xlsx"]))),
        ("school, PDF", lambda: registrar.post(reverse("review:census-export", args=[school.slug, "pdf"]))),
        ("city census", lambda: city.get(reverse("city:census"))),
        ("city, last page", lambda: city.get(reverse("city:census") + "?order=share&page=99")),
        ("city, Excel", lambda: city.post(reverse("city:census-export", args=["xlsx"]))),
        ("city, PDF", lambda: city.post(reverse("city:census-export", args=["pdf"]))),
    ]
    for name, ask in pages:
        queries, times, counting, answer = measure(ask)
        best, middle, size = times[0], times[len(times) // 2], len(answer.content) // 1024
        print(f"{name:16} {queries:3} queries {best:7.1f} ms at best, {middle:7.1f} in the middle, {size} KiB")
        if "--plan" in sys.argv and name.endswith("census"):
            print_plan(counting)


if __name__ == "__main__":
    main()
