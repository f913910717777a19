"""A new roster of 3,000 and the promotion of a school of 3,000, beside as many rows written in bulk.

Goals: CPU at most so many times the rows', and at most so many statements: no statement a student.
"""

from benchmarks import people
from benchmarks.measure import Figure, Goal, beside, once, peak_megabytes, queries_of
from benchmarks.yardsticks import rolled_back, rows

GOALS = {
    "preview of 3,000": Goal(times=14, queries=40),
    "writing 3,000": Goal(times=6.4, queries=55),
    "promotion of 3,000": Goal(times=99, queries=999),
    "memory": Goal(most=999),
}


def measure():
    from registry.promotion import classes_to_promote, promote, propose
    from registry.roster import apply_import, check_import, decide_to_apply, receive_roster

    data = people.roster(people.LARGE // 40, 40, letter="H")
    school = people.make_school("new")
    receive_roster(school=school, data=data, name="benchmark", by=None)

    def preview():
        check_import(school.roster_imports.get())

    queries = queries_of(rolled_back(preview))
    yield beside("preview of 3,000", rolled_back(preview), rows(people.LARGE), rounds=3, queries=queries)
    preview()
    checked = school.roster_imports.get()
    decide_to_apply(roster_import=checked, by=None, answers=checked.questions)

    def write():
        assert apply_import(school.roster_imports.get()).counts["new"] == people.LARGE

    queries = queries_of(rolled_back(write))
    yield beside("writing 3,000", rolled_back(write), rows(people.LARGE), rounds=3, queries=queries)
    large = people.school_called("large")
    targets = propose(classes_to_promote(large))

    def go_on():
        promote(school=large, year=large.school_year, targets=targets, repeats=[], by=None)

    yield once("promotion of 3,000", go_on, rows(people.LARGE))
    yield Figure("memory", peak_megabytes(), unit="MB")
