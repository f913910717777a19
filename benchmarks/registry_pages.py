"""What the registrar's pages cost in a database of a whole city: queries and milliseconds, the third time each.

    ENVIRONMENT=development DEBUG=off DATABASE_URL=… python -m benchmarks.registry_pages

Needs a database with `manage.py make_city --schools 250 --students 900` in it.
"""

import os
import time

import django


def pages_of(school):
    from django.urls import reverse

    from registry.models import RosterImport, SchoolClass, Student

    student = Student.objects.filter(school=school).first()
    school_class = SchoolClass.objects.filter(school=school).first()
    roster = RosterImport.objects.filter(school=school).first()
    slug = school.slug
    return [
        reverse("registry:students", args=[slug]),
        reverse("registry:students", args=[slug]) + "?q=王",
        reverse("registry:students", args=[slug]) + f"?q={student.student_number}",
        reverse("registry:student", args=[slug, student.pk]),
        reverse("registry:classes", args=[slug]),
        reverse("registry:class", args=[slug, school_class.pk]),
        reverse("registry:moves", args=[slug]),
        reverse("registry:promotion", args=[slug]),
        reverse("registry:roster-list", args=[slug]),
        reverse("registry:roster", args=[slug, roster.pk]),
        reverse("binding:corrections", args=[slug]),
    ]


def log_in(school):
    from django.test import Client
    from django_otp import DEVICE_ID_SESSION_KEY

    from accounts.models import RecoverySheet, User

    client = Client()
    user = User.objects.get(school=school, account="registrar")
    client.force_login(user, backend="accounts.backends.AccountBackend")
    device, _created = RecoverySheet.objects.get_or_create(user=user, name="benchmark")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


def measure(client, page):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _warm in range(2):
        assert client.get(page).status_code == 200, page
    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        client.get(page)
        milliseconds = (time.perf_counter() - started) * 1000
    return len(queries), milliseconds


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from registry.models import School, Student

    school = School.objects.order_by("-pk")[0]
    print(f"{School.objects.count()} schools, {Student.objects.count()} students")
    client = log_in(school)
    for page in pages_of(school):
        queries, milliseconds = measure(client, page)
        print(f"{queries:3} queries {milliseconds:7.1f} ms  {page}")


if __name__ == "__main__":
    main()
