"""How long a school's paper forms take, and how much memory: facts and codes, the setting, and the worker's whole run.

    ENVIRONMENT=development DATABASE_URL=… python -m benchmarks.paper_forms --students 1000

Needs a migrated database of its own; everything is rolled back. Each measure runs in a process of its own, so
that its peak memory is its own.
"""

import argparse
import datetime
import json
import os
import random
import resource
import subprocess
import sys
import time
from itertools import groupby

import django

CHARACTERS = "家豪志明俊傑建宏冠宇淑芬雅婷怡君詩涵佳穎書妍子軒承恩品妤宥廷柏翰堃喆"
RETURN_ON = datetime.date(2026, 9, 14)


def make_school(size):
    """Classes of forty with names of their own: nothing that was set before can be used again."""
    from benchmarks.roster_import import make_school, roster
    from registry.models import Student
    from registry.roster import import_roster

    school = make_school()
    import_roster(school=school, data=roster(size), by=None, confirmed=True)
    chance = random.Random(1)  # noqa: S311
    students = list(school.students.all())
    for student in students:
        student.name = "王" + "".join(chance.choices(CHARACTERS, k=2))
    Student.objects.bulk_update(students, ["name"], batch_size=500)
    return school


def facts_of_school(school, language):
    from registry.paper_forms import content, printing

    students = printing.students_of(school, [])
    return [
        content.facts_of(list(group), school=school, language=language, return_on=RETURN_ON)
        for _school_class, group in groupby(students, key=lambda one: one.school_class)
    ]


def measure_facts(school, language):
    facts_of_school(school, language)


def measure_set(school, language):
    """Setting alone, in one thread; the facts are not counted."""
    from registry.paper_forms import typesetting

    facts = facts_of_school(school, language)
    started = time.perf_counter()
    for one in facts:
        typesetting.set_forms(one)
    return time.perf_counter() - started


def measure_batch(school, language):
    """What the worker does, up to the encrypted file."""
    from accounts.models import User
    from core import crypto
    from core.printing import batches
    from registry.models import PaperFormBatch
    from registry.paper_forms import printing

    user = User.objects.create_staff(account="benchmark", name="-", school=school, password=None)
    batch = PaperFormBatch.objects.create(
        school=school, language=language, return_on=RETURN_ON, total=school.students.count(), made_by=user
    )
    started = time.perf_counter()
    data = crypto.encrypt_bytes(printing.zip_of(batches.begin(PaperFormBatch, pk=batch.pk)))
    seconds = time.perf_counter() - started
    print(f"{len(data) / 2**20:.1f} MB encrypted", file=sys.stderr)
    return seconds


MEASURES = {"facts": measure_facts, "set": measure_set, "batch": measure_batch}


def run_one(name, size, language):
    from django.db import transaction

    with transaction.atomic():
        school = make_school(size)
        started = time.perf_counter()
        result = MEASURES[name](school, language)
        seconds = result if isinstance(result, float) else time.perf_counter() - started
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--language", default="zh-hant")
    parser.add_argument("--one", choices=MEASURES)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if options.one:
        django.setup()
        return run_one(options.one, options.students, options.language)
    for name in MEASURES:
        command = [sys.executable, "-m", "benchmarks.paper_forms", "--one", name]
        output = subprocess.run(  # noqa: S603
            [*command, "--students", str(options.students), "--language", options.language],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        one = json.loads(output.stdout.splitlines()[-1])
        rate = options.students / one["seconds"]
        print(f"{name:6} {one['seconds']:7.2f} s  {rate:6.0f} forms/s  {one['megabytes']:6.0f} MB")
    return None


if __name__ == "__main__":
    main()
