"""How long a roster takes through the real import, against a bare bulk insert of the same rows.

    ENVIRONMENT=development DATABASE_URL=… python -m benchmarks.roster_import --students 100000

Needs a migrated database of its own; everything is rolled back. Each measure runs in a process of its own, so
that its peak memory is its own.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

import django


def roster(size):
    """The bytes of a roster: classes of forty, valid numbers."""
    from tests.registry.factories import make_identity

    lines = ["班級,座號,學號,姓名,身分證字號,出生日期,導師帳號"]
    for n in range(size):
        lines.append(f"{n // 40},{n % 40 + 1},{n},王小明,{make_identity(n, 'B')},97/05/03,t{n // 40}")
    return "\n".join(lines).encode()


def make_school():
    from registry.models import School

    contact = dict.fromkeys(["helpdesk_contact", "registrar_contact", "cashier_contact"], "-")
    return School.objects.create(slug="benchmark", code="0", name="benchmark", short_name="-", **contact)


def measure_check(school, data):
    from registry.roster import check_roster

    return check_roster(school=school, data=data)


def measure_apply(school, data):
    from registry.roster import import_roster

    return import_roster(school=school, data=data, by=None)


def measure_bare(school, data):
    """The same rows as finished objects, inserted and nothing else; making the objects is not counted."""
    from registry.models import Student
    from registry.roster.checking import check_rows
    from registry.roster.importing import compare
    from registry.roster.reading import read_rows

    rows, _errors = check_rows(read_rows(data), school=school)
    plan, _errors = compare(rows, school=school, classes={})
    students = prepare(plan, rows, school)
    started = time.perf_counter()
    Student.objects.bulk_create(students, batch_size=1000)
    return time.perf_counter() - started


def prepare(plan, rows, school):
    from registry.roster.importing import _write_classes

    classes: dict = {}
    _write_classes(rows, school=school, classes=classes)
    for student, row in plan.new:
        student.school_class = classes[row.class_name]
        student.seat_number, student.name, student.birth_on = row.seat_number, row.name, row.birth_on
        student.identity_number = row.identity_number
    return [student for student, _row in plan.new]


MEASURES = {"bare": measure_bare, "check": measure_check, "apply": measure_apply}


def run_one(name, size):
    from django.db import transaction

    data = roster(size)
    with transaction.atomic():
        school = make_school()
        started = time.perf_counter()
        result = MEASURES[name](school, data)
        seconds = result if isinstance(result, float) else time.perf_counter() - started
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=20_000)
    parser.add_argument("--one", choices=MEASURES)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if options.one:
        django.setup()
        return run_one(options.one, options.students)
    results = {}
    for name in MEASURES:
        command = [sys.executable, "-m", "benchmarks.roster_import", "--one", name]
        output = subprocess.run(  # noqa: S603
            [*command, "--students", str(options.students)], check=True, capture_output=True, text=True
        )
        results[name] = json.loads(output.stdout.splitlines()[-1])
    for name, one in results.items():
        ratio = one["seconds"] / results["bare"]["seconds"]
        print(f"{name:6} {one['seconds']:7.2f} s  {ratio:5.2f} × bare  {one['megabytes']:6.0f} MB")
    return None


if __name__ == "__main__":
    main()
