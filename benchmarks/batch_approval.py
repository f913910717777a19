"""How long a homeroom teacher waits for a whole class to be approved at once.

    python -m tests.support.throwaway_postgres python -m benchmarks.batch_approval --students 40

Prints the seconds and queries of the one request; the class is made and rolled back.
"""

import argparse
import os
import time
from typing import Any

os.environ.setdefault("ENVIRONMENT", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()

    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    figures = [measure(options.students) for _run in range(options.runs)]
    seconds = sorted(seconds for seconds, _queries in figures)
    print(f"{options.students} approved: best {seconds[0]:.2f} s, middle {seconds[len(seconds) // 2]:.2f} s")
    print(f"{figures[0][1]} queries")


def measure(students):
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from binding.models import Applicant, Binding
    from tests.accounts.factories import log_in, teacher_of

    with transaction.atomic():
        school_class = a_class(students)
        client = log_in(Client(), teacher_of(school_class))
        address = reverse("review:class-approve", args=[school_class.school.slug, school_class.pk])
        keys = [f"{one.pk}:{one.application.revision}" for one in Applicant.objects.select_related("application")]
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            client.post(address, {"keys": keys})
        seconds = time.perf_counter() - began
        assert Binding.objects.active().count() == students
        transaction.set_rollback(True)
    return seconds, len(queries)


def a_class(students):
    from review.paper_register import mark_paper_form
    from tests.accounts.factories import registrar_of
    from tests.binding.factories import sent_application
    from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

    school_class = SchoolClassFactory()
    registrar = registrar_of(school_class.school)
    for number in range(students):
        student: Any = StudentFactory(school=school_class.school, school_class=school_class)
        person = {"identity_number": make_identity(5000 + number), "email": f"p{number}@example.com"}
        sent_application(student, people={1: person})
        mark_paper_form(student=student, answer="agree", by=registrar)
    return school_class


if __name__ == "__main__":
    main()
