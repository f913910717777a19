"""Rosters as schools upload them, and what is said about them."""

from registry.roster import import_roster
from tests.registry.factories import SchoolFactory, make_identity

HEADER = "班級,座號,學號,姓名,身分證字號,出生日期,導師帳號"


def row(n, **more):
    cells = {
        "class": "301", "seat": n, "number": 10630000 + n, "name": "王小明", "id": make_identity(n),
        "birth": "97/05/03", "teacher": "t301", **more,
    }  # fmt: skip
    return ",".join(str(cell) for cell in cells.values())


def file_of(*rows, header=HEADER):
    return "\n".join([header, *rows, ""]).encode()


def counts(**some):
    return {"new": 0, "arrived": 0, "moved": 0, "changed": 0, "unchanged": 0, "missing": 0, **some}


def errors_of(data, school=None):
    result = import_roster(school=school or SchoolFactory(), data=data, dry_run=True)
    return [(error.line, error.column, error.reason) for error in result.errors]
