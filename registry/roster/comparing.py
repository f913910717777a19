"""What applying a roster would do to the registry, row by row, and what stands in its way."""

from dataclasses import replace

from django.db.models import Count
from django.utils.translation import gettext as _

from core.spreadsheets import RowError
from registry import history
from registry.models import RosterRow, Student
from registry.roster.columns import HEADERS, title_of
from registry.roster.missing import missing_students
from registry.roster.questions import Question

Outcome = RosterRow.Outcome


def compare_rows(roster_import, rows, findings=None):
    """Set `student`, `outcome` and `old` of each row; returns what stands in the way of single rows.

    Student numbers that differ only in the zeros before them are the same student's where the ID number agrees. So is
    a number that nobody has, where the name or the birthday agrees as well: with `findings` that is asked, without them
    it stands in the way unless the row says that it was asked before.
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
        was_asked = "student_number" in row.old
        gets_number = student is None and _is_same_person(row, holder, roster_import.school_id)
        if gets_number:
            student = holder
            if findings:
                findings.ask(Question.NEW_NUMBER, _new_number(row, holder))
        arrives = student is None and _arrives(holder, roster_import.school_id)
        row.student = holder if arrives else student
        row.old = _old_values(row, roster_import) if row.student else {}
        row.outcome = _outcome(row, arrives)
        if error := _obstacle(row, holder, roster_import):
            errors.append(error)
        elif gets_number and not findings and not was_asked:
            errors.append(number_of_another(row, holder))
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


def _is_same_person(row, holder, school_pk):
    """Whether the student of this school who holds the ID number is who the row names, under a new student number."""
    return (
        holder is not None
        and holder.school_id == school_pk
        and (holder.name == row.name or holder.birth_on == row.birth_on)
    )


def _new_number(row, holder):
    reason = _("和學號 %(old)s 的%(name)s是同一位學生，會改用新的學號；家長的帳號也會從 %(account)s 變成 P%(new)s。") % {
        "old": holder.student_number, "name": holder.name, "account": holder.portal_account, "new": row.student_number,
    }  # fmt: skip
    return RowError(row.line, title_of("student_number"), reason, row.student_number, row.name)


def number_of_another(row, holder):
    reason = _("這個證號已登錄在學號 %(number)s 名下，請核對。若是同一位學生，姓名或出生日期要有一項和學籍相同。")
    return RowError(row.line, title_of("identity_number"), reason % {"number": holder.student_number})


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
