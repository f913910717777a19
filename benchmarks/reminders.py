"""What a morning of reminders costs in a whole city, and the page of the largest school.

    ENVIRONMENT=development DEBUG=off DATABASE_URL=… python -m benchmarks.reminders

Needs a database with `manage.py make_city` in it, e.g. 75 schools of 3,000 students, where every family has an
address. All of them are due on one day, the worst case. A second run on the day writes nothing.
"""

import os
import resource
import time
from datetime import timedelta

import django


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def start_all():
    from django.utils import timezone

    from registry.models import School
    from review.reminders.models import ReminderLadder

    School.objects.update(binding_deadline=timezone.localdate() + timedelta(days=14))
    for school in School.objects.all():
        ReminderLadder.objects.update_or_create(school=school, defaults={"is_on": True})


def measure_morning():
    from review.reminders import sending
    from review.reminders.models import ReminderLadder

    keys = list(ReminderLadder.objects.order_by("pk").values_list("pk", flat=True))
    today = sending.timezone.localdate()
    mails, started = 0, time.perf_counter()
    for number, key in enumerate(keys, 1):
        mails += sending.send_for(key, today=today)
        if number % max(len(keys) // 5, 1) == 0:
            seconds = time.perf_counter() - started
            print(f"{number:4} schools {mails:7} mails {seconds:7.1f} s  peak {megabytes():.0f} MB")
    started = time.perf_counter()
    again = sending.send_due().mails
    print(f"again: {again} mails in {time.perf_counter() - started:.1f} s")


def measure_desk():
    from django.urls import reverse

    from benchmarks.registry_pages import log_in, measure
    from registry.models import School

    school = School.objects.order_by("pk")[0]
    page = reverse("review:reminders", args=[school.slug])
    queries, milliseconds = measure(log_in(school), page)
    print(f"{school.students.count()} students: {queries} queries {milliseconds:.0f} ms  {page}")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    start_all()
    print(f"at the start: peak {megabytes():.0f} MB")
    measure_morning()
    measure_desk()


if __name__ == "__main__":
    main()
