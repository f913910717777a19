"""What applying a roster would do to the registry, row by row, and what stands in its way."""

from dataclasses import replace
from itertools import chain

from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.utils.translation import gettext as _

from core.spreadsheets import RowError
from registry import history
from registry.models import HomeroomDuty, RosterRow, SchoolClass, Student
from registry.roster.findings import Findings, Places
from registry.roster.questions import split_teachers
from registry.roster.reading import HEADERS, title_of

Outcome = RosterRow.Outcome
# What may stand in a file once: its key, and the old values that tell that a line is not the one it belongs to.
ONCE: dict[str, tuple[list[str], set[str]]] = {
    "student_number": (["student_number"], {"identity"}),
    "identity_number": (["identity_fingerprint"], {"identity"}),
    "seat_number": (["class_name", "seat_number"], {"class_name", "seat_number"}),
}


FEW = 10  # a teacher in less than a tenth as many rows as the other is a slip


def compare_rows(roster_import, rows, findings=None):
    """Set `student`, `outcome` and `old` of each row; returns what stands in the way of single rows.

    Student numbers that differ only in the zeros before them are the same student's where the ID number agrees.
    """
    known = {student.student_number: student for student in _students(roster_import, rows)}
    holders = _holders([row.identity_fingerprint for row in rows if row.identity_fingerprint])
    errors = []
    for row in rows:
        student = known.get(row.student_number)
        holder = holders.get(row.identity_fingerprint)
        if student is None and _lost_zeros(row, holder, roster_import.school_id):
            student = holder
            if len(row.student_number) < len(holder.student_number):
                _restore_zeros(row, holder, findings)
        arrives = student is None and _arrives(holder, roster_import.school_id)
        row.student = holder if arrives else student
        row.old = _old_values(row, roster_import) if row.student else {}
        row.outcome = _outcome(row, arrives)
        if error := _obstacle(row, holder, roster_import):
            errors.append(error)
    return errors


def _students(roster_import, rows):
    numbers = [row.student_number for row in rows]
    found = Student.objects.filter(school=roster_import.school_id, student_number__in=numbers)
    return found.select_related("school", "school_class").prefetch_related("guardians")


def _holders(fingerprints):
    """Who in the city has these ID numbers now."""
    found = Student.objects.present().filter(identity_fingerprint__in=fingerprints)
    found = found.select_related("school", "school_class").prefetch_related("guardians")
    return {student.identity_fingerprint: student for student in found}


def _lost_zeros(row, holder, school_pk):
    """Whether the student who holds the ID number has the same student number but for zeros before it."""
    return (
        holder is not None
        and holder.school_id == school_pk
        and row.student_number.isdecimal()
        and row.student_number.lstrip("0") == holder.student_number.lstrip("0")
    )


def _restore_zeros(row, holder, findings):
    if findings:
        reason = _("學號開頭的 0 不見了，照學籍讀成 %(number)s。") % {"number": holder.student_number}
        title = title_of("student_number")
        findings.notices.append(RowError(row.line, title, reason, row.student_number, row.name))
    row.student_number = holder.student_number


def _arrives(holder, school_pk):
    """Another school has sent this student here."""
    return holder is not None and holder.status == Student.Status.TRANSFERRING and holder.transfer_to_id == school_pk


def _outcome(row, arrives):
    if row.student is None:
        return Outcome.NEW
    if arrives:
        return Outcome.ARRIVED
    if "class_name" in row.old:
        return Outcome.MOVED
    return Outcome.CHANGED if row.old else Outcome.UNCHANGED


def _old_values(row, roster_import):
    """The student's values that the row would change."""
    student = row.student
    facts = history.facts_of(student)
    same = {
        "school": student.school_id == roster_import.school_id,
        "class_name": student.school_class.name == row.class_name
        and student.school_class.school_year == roster_import.school_year
        and student.school_id == roster_import.school_id,
        "seat_number": student.seat_number == row.seat_number,
        "student_number": student.student_number == row.student_number,
        "name": student.name == row.name,
        # A roster without the number takes none away.
        "identity": row.identity_fingerprint in ("", student.identity_fingerprint),
        "birth_on": student.birth_on == row.birth_on,
        "status": student.status == Student.Status.ENROLLED,
    }
    old = {field: facts[field] for field, is_same in same.items() if not is_same}
    if "class_name" in old:
        old["class_pk"] = facts["class_pk"]
    guardians = history.guardians_of(student)
    if roster_import.has_guardians and not history.same_guardians(guardians, row.guardians):
        old["guardians"] = guardians
    return old


def _obstacle(row, holder, roster_import):
    """Why this row cannot be written as the registry stands, or None."""
    student = row.student
    if student and student.status == Student.Status.TRANSFERRING and row.outcome != Outcome.ARRIVED:
        reason = _("這位學生正在辦理轉學，請先在「異動」取消轉出，或從名冊移除。")
        return RowError(row.line, title_of("student_number"), reason)
    if student and _is_another(row):
        reason = _("這個學號目前是另一位學生（姓名、證號、生日都不同），請核對名冊有沒有錯位。")
        return RowError(row.line, title_of("student_number"), reason)
    if holder and holder.school_id != roster_import.school_id and row.outcome != Outcome.ARRIVED:
        reason = _("這位學生還登錄在另一所學校，請先請原校辦理轉出。")
        return RowError(row.line, title_of("identity_number"), reason)
    return None


def _is_another(row):
    """Whether nothing of the person agrees with who has the student number now."""
    return {"name", "birth_on"} <= row.old.keys() and ("identity" in row.old or not row.identity_fingerprint)


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
    for error in chain(obstacles, _numbers_of_others(roster_import), _taken_seats(roster_import, faulty)):
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
    for name, line in unknown.values_list("class_name").annotate(first=Min("line")).order_by("first"):
        reason = _("沒有 %(name)s 這個班級。若是新增的班級，上傳時請勾選「名冊裡有新的班級」。") % {"name": name}
        yield RowError(line, title_of("class_name"), reason)


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
            reason = _("這個證號已登錄在學號 %(number)s 名下。") % {"number": holder.student_number}
            yield RowError(row.line, title_of("identity_number"), reason)


def missing_students(roster_import):
    """Enrolled students whom the file does not name: they stay, and wait for somebody's decision."""
    named = RosterRow.objects.filter(roster_import=roster_import, student=OuterRef("pk"))
    return Student.objects.enrolled().filter(~Exists(named), school=roster_import.school_id)


def _taken_seats(roster_import, faulty):
    """A student who is not in the file keeps the seat until somebody decides where they went."""
    rows = RosterRow.objects.filter(
        roster_import=roster_import, class_name=OuterRef("school_class__name"), seat_number=OuterRef("seat_number")
    )
    in_the_file = Q(student_number__in=faulty.faulty_numbers) | Q(identity_fingerprint__in=faulty.faulty_fingerprints)
    numbered = roster_import.rows.exclude(identity_fingerprint="")
    same_number = numbered.filter(identity_fingerprint=OuterRef("identity_fingerprint"))
    taken = (
        missing_students(roster_import)
        .filter(~Exists(same_number), school_class__school_year=roster_import.school_year)
        .exclude(in_the_file)
        .annotate(line=rows.values("line")[:1])
        .filter(line__isnull=False)
    )
    for number, line in taken.values_list("student_number", F("line")).iterator():
        reason = _("這個座號還是學號 %(number)s 的座位，名冊中沒有這位學生。") % {"number": number}
        yield RowError(line, title_of("seat_number"), reason)


def with_students(roster_import, errors):
    """`errors` of rows that wait, with what stands in the file and the student's name."""
    columns = {title_of(column): column for column in HEADERS}
    rows = {row.line: row for row in roster_import.rows.filter(line__in={error.line for error in errors})}
    return [
        replace(error, value=_value_of(rows[error.line], columns.get(error.column)), name=rows[error.line].name)
        if error.line in rows
        else error
        for error in errors
    ]


def _value_of(row, column):
    if column == "identity_number":
        return row.masked_identity
    return str(getattr(row, column)) if column else ""


def count_outcomes(roster_import):
    """How many students of each outcome, and how many are missing from the file."""
    found = dict(roster_import.rows.order_by().values_list("outcome").annotate(Count("pk")))
    counts = {str(outcome): found.get(outcome, 0) for outcome in Outcome}
    return {**counts, "missing": missing_students(roster_import).count()}
