"""What the rows of a roster do to each other, and to students who are not in the file."""

from itertools import chain

from django.db.models import Count, Exists, Min, OuterRef
from django.utils.translation import gettext as _

from core.languages import joined
from core.spreadsheets import RowError
from registry import class_names
from registry.models import HomeroomDuty, RosterRow, SchoolClass, Student
from registry.roster.columns import title_of
from registry.roster.comparing import number_of_another
from registry.roster.findings import Findings, Places
from registry.roster.questions import Question, split_teachers
from registry.roster.seats import seats_to_give

Outcome = RosterRow.Outcome
# What may stand in a file once: its key, and the old values that tell that a line is not the one it belongs to.
ONCE: dict[str, tuple[list[str], set[str]]] = {
    "student_number": (["student_number"], {"identity"}),
    "identity_number": (["identity_fingerprint"], {"identity"}),
    "seat_number": (["class_name", "seat_number"], {"class_name", "seat_number"}),
}


FEW = 10  # a teacher in less than a tenth as many rows as the other is a slip


def find_conflicts(roster_import, obstacles=(), findings=None):
    """What the rows do to each other and to who is not in the file; each look is one query.

    One slip has many consequences: a line that repeats another is told that, and not its `obstacles` as well.
    """
    told = set()
    for error in _repeats(roster_import):
        told.add(error.line)
        yield error
    yield from _torn_classes(roster_import)
    yield from _unknown_classes(roster_import)
    faulty = findings or Findings()
    seats = _seats(roster_import, faulty, findings)
    for error in chain(obstacles, _same_students(roster_import), _numbers_of_others(roster_import), seats):
        if error.line not in told:
            told.add(error.line)
            yield error


def _repeats(roster_import):
    """The same student number, ID number or seat a second time in the file; a line copied whole is told once."""
    rows = roster_import.rows.order_by()
    told = set()
    for column, (key, betraying) in ONCE.items():
        repeated = rows.exclude(identity_fingerprint="") if column == "identity_number" else rows
        for group in repeated.values(*key).annotate(times=Count("pk")).filter(times__gt=1).iterator():
            same = list(rows.filter(**{field: group[field] for field in key}).order_by("line"))
            right = next((row for row in same if row.student_id and not betraying & row.old.keys()), same[0])
            for line in [row.line for row in same if row is not right]:
                if (line, right.line) not in told:
                    told.add((line, right.line))
                    place = Places.of(roster_import).words(right.line)
                    words = {"place": place, "column": title_of(column)}
                    yield RowError(line, title_of(column), _("和%(place)s的%(column)s重複。") % words)


def _torn_classes(roster_import):
    """A class has two homeroom teachers at most, whom most of its rows name; one in few rows alone is a slip."""
    rows = roster_import.rows.order_by().exclude(homeroom_account="")
    pairs = rows.values_list("class_name", "homeroom_account").annotate(first=Min("line"), times=Count("pk"))
    usual: dict[str, tuple[set, int, int]] = {}
    for class_name, cell, line, times in pairs.order_by("-times", "first"):
        known, first, most = usual.setdefault(class_name, (set(), line, times))
        together = known | set(split_teachers(cell))
        if together == known or len(together) <= len(HomeroomDuty.PLACES) and times * FEW > most:
            known.update(together)
            continue
        reason = _("同一班的導師帳號和%(place)s不同。這班若有兩位導師，請在每一列都寫兩個帳號，中間用「、」隔開。") % {
            "place": Places.of(roster_import).words(first)
        }
        torn = rows.filter(class_name=class_name, homeroom_account=cell)
        for each in torn.order_by("line").values_list("line", flat=True):
            yield RowError(each, title_of("homeroom_account"), reason)


def _unknown_classes(roster_import):
    """Once a school has its classes of the year, another name is more likely a slip than a new class."""
    classes = SchoolClass.objects.filter(school=roster_import.school_id, school_year=roster_import.school_year)
    if roster_import.takes_new_classes or not classes.exists():
        return
    known = classes.filter(name=OuterRef("class_name"))
    unknown = roster_import.rows.filter(~Exists(known)).order_by()
    names = set(classes.values_list("name", flat=True))
    for name, line in unknown.values_list("class_name").annotate(first=Min("line")).order_by("first"):
        if similar := class_names.similar(name, names):
            reason = _(
                "沒有 %(name)s 這個班級，可能就是本校的 %(names)s 班；若是，請改成同樣的名稱再上傳。"
                "若是新增的班級，上傳時請勾選「名冊裡有新的班級」。"
            )
        else:
            reason = _("沒有 %(name)s 這個班級。若是新增的班級，上傳時請勾選「名冊裡有新的班級」。")
        yield RowError(line, title_of("class_name"), reason % {"name": name, "names": joined(similar)})


def _numbers_of_others(roster_import):
    """ID numbers that this school has under another student number, unless the file gives that one another."""
    row_of_holder = RosterRow.objects.filter(roster_import=roster_import, student=OuterRef("pk"))
    keeps = ~Exists(row_of_holder.exclude(identity_fingerprint=OuterRef("identity_fingerprint")))
    holders = Student.objects.present().filter(
        keeps,
        school=roster_import.school_id,
        identity_fingerprint__in=roster_import.rows.filter(outcome__in=[Outcome.NEW, Outcome.CHANGED, Outcome.MOVED])
        .exclude(identity_fingerprint="")
        .values("identity_fingerprint"),
    )
    for holder in holders.iterator():
        rows = roster_import.rows.filter(identity_fingerprint=holder.identity_fingerprint)
        for row in rows.exclude(student=holder):
            yield number_of_another(row, holder)


def _same_students(roster_import):
    """Two rows of one student: one by the number, one by the ID number under another number."""
    rows = roster_import.rows.order_by().exclude(student=None)
    numbers = Count("student_number", distinct=True)
    for group in rows.values("student").annotate(numbers=numbers, first=Min("line")).filter(numbers__gt=1):
        place = Places.of(roster_import).words(group["first"])
        again = rows.filter(student=group["student"], line__gt=group["first"]).order_by("line")
        for line in again.values_list("line", flat=True):
            reason = _("和%(place)s是同一位學生，請留一列。") % {"place": place}
            yield RowError(line, title_of("student_number"), reason)


def _seats(roster_import, faulty, findings):
    """Who is not in the file gives way to who is: asked where `findings` take it, else refused unless it was asked."""
    agreed = set(roster_import.contents.get("seats_given", []))
    given = []
    for one in seats_to_give(roster_import, faulty):
        facts = {"number": one.student.student_number, "name": one.student.name, "seat": one.seat}
        if one.seat and findings:
            given.append(one.student.pk)
            reason = _(
                "這個座號目前是學號 %(number)s 的%(name)s，名冊中沒有這位學生。座號會讓給名冊上的學生，"
                "%(name)s暫排 %(seat)d 號，匯入後請到「異動」處理。"
            )
            value = f"{one.student.school_class.name} {one.student.seat_number}"
            findings.ask(Question.SEAT_GIVEN, RowError(one.line, title_of("seat_number"), reason % facts, value))
        elif not one.seat or one.student.pk not in agreed:
            reason = _("這個座號還是學號 %(number)s 的座位，名冊中沒有這位學生。")
            yield RowError(one.line, title_of("seat_number"), reason % facts)
    if findings:
        findings.seats_given = given
