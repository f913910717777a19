"""How long a roster's preview and its writing take, against a bare bulk insert of the same rows.

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


def measure_preview(school, data):
    """Read, check, compare, keep the rows beside the registry: all that the preview shows."""
    from registry.roster import check_import, receive_roster

    roster_import = receive_roster(school=school, data=data, name="benchmark", by=None)
    del data
    started = time.perf_counter()
    roster_import = check_import(roster_import)
    seconds = time.perf_counter() - started
    assert roster_import.waits_for_decision
    return seconds, roster_import


def measure_apply(school, data):
    from django.db import connection

    from registry.roster import apply_import, decide_to_apply

    _seconds, roster_import = measure_preview(school, data)
    decide_to_apply(roster_import=roster_import, by=None, answers=roster_import.questions)
    started = time.perf_counter()
    applied = apply_import(roster_import)
    connection.check_constraints()  # as the end of a transaction does
    seconds = time.perf_counter() - started
    assert applied.counts["new"] == data.count(b"\n")
    return seconds, applied


def measure_bare(school, data):
    """The same rows as finished objects, inserted and nothing else; making the objects is not counted."""
    from django.db import connection

    from registry.models import SchoolClass, Student

    roster_import = measure_preview(school, data)[1]
    names = roster_import.rows.order_by().values_list("class_name", flat=True).distinct()
    classes = SchoolClass.objects.bulk_create(
        SchoolClass(school=school, school_year=school.school_year, name=name) for name in names
    )
    by_name = {one.name: one for one in classes}
    students = [
        Student(
            school=school,
            school_class=by_name[row.class_name],
            seat_number=row.seat_number,
            student_number=row.student_number,
            name=row.name,
            birth_on=row.birth_on,
            identity_cipher=row.identity_cipher,
            identity_fingerprint=row.identity_fingerprint,
        )
        for row in roster_import.rows.iterator()
    ]
    started = time.perf_counter()
    Student.objects.bulk_create(students, batch_size=1000)
    connection.check_constraints()
    return time.perf_counter() - started, None


MEASURES = {"bare": measure_bare, "preview": measure_preview, "apply": measure_apply}


def run_one(name, size):
    from django.db import transaction

    data = roster(size)
    with transaction.atomic():
        school = make_school()
        seconds, _result = MEASURES[name](school, data)
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
        print(f"{name:8} {one['seconds']:7.2f} s  {ratio:5.2f} × bare  {one['megabytes']:6.0f} MB")
    return None


if __name__ == "__main__":
    main()
