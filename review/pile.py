"""The pile on the desk: forms registered one scan after another, or by the seats that a teacher types."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import User
from core.languages import joined
from registry.models import SchoolClass, Student
from registry.paper_forms.codes import could_be_code, student_for
from review.models import PaperForm
from review.paper_register import Mark, Outcome, register
from review.seats import Unreadable, are_seats, read_seats

WARNING, SUCCESS = "warning", "success"


@dataclass
class Registered:
    """What came of one entry: `kind` and `words` to say beside the field, and what a press can still change."""

    kind: str
    words: str
    marks: list[Mark] = field(default_factory=list)
    standing: list[Student] = field(default_factory=list)  # who keep the other answer until somebody says so
    typed: str = ""  # to be mended in the field


def register_entry(*, school_class: SchoolClass, entry: str, answer: str, by: User) -> Registered:
    """Register `answer` for the form whose code `entry` is, or for the seats of the class that it names."""
    if are_seats(entry):
        return _by_seats(school_class, entry, answer, by)
    if not could_be_code(entry):
        words = _("「%(word)s」不是回收碼，也不是座號，沒有登記。請修正後再按登記。") % {"word": entry.strip()}
        return Registered(WARNING, words, typed=entry)
    student = student_for(entry, school_class.school)
    if student is None or not Student.objects.of_reviewer(by).filter(pk=student.pk).exists():
        return Registered(WARNING, _("這個回收碼不是您班上的申請書，沒有登記。"))
    outcome = register(students=[student], answer=answer, by=by)
    return _said_of_one(student, answer, outcome)


def _said_of_one(student: Student, answer: str, outcome: Outcome) -> Registered:
    facts = {
        "class": student.school_class.name,
        "seat": student.seat_number,
        "name": student.name,
        "answer": PaperForm.Answer(answer).label,
    }
    if outcome.standing:
        before = PaperForm.objects.get(student=student).get_answer_display()
        words = _("%(class)s 班 %(seat)d 號 %(name)s 先前登記的是「%(before)s」，還沒有更改。要改為「%(answer)s」嗎？")
        return Registered(WARNING, words % {**facts, "before": before}, standing=outcome.standing)
    if outcome.already:
        return Registered(SUCCESS, _("%(class)s 班 %(seat)d 號 %(name)s 先前已登記：%(answer)s") % facts)
    return Registered(SUCCESS, _("%(class)s 班 %(seat)d 號 %(name)s：%(answer)s") % facts, outcome.marked)


def _by_seats(school_class: SchoolClass, entry: str, answer: str, by: User) -> Registered:
    """All of the entry or nothing where a part of it cannot be read; a seat that nobody has is named."""
    try:
        seats = read_seats(entry)
    except Unreadable as problem:
        words = _("「%(word)s」不是座號，都還沒有登記。請修正後再按登記。") % {"word": problem.word}
        return Registered(WARNING, words, typed=entry)
    students = Student.objects.enrolled().filter(school_class=school_class, seat_number__in=seats)
    found = {one.seat_number: one for one in students.select_related("school_class")}
    outcome = register(students=[found[seat] for seat in seats if seat in found], answer=answer, by=by)
    told = [
        (_("已登記「%(answer)s」：%(who)s"), [mark.after.student for mark in outcome.marked]),
        (_("先前已登記「%(answer)s」：%(who)s"), outcome.already),
        (_("先前登記的是另一個意願，沒有更改：%(who)s"), outcome.standing),
    ]
    label = PaperForm.Answer(answer).label
    lines = [words % {"answer": label, "who": _named(some)} for words, some in told if some]
    if unknown := [seat for seat in seats if seat not in found]:
        lines.append(_("這一班沒有這些座號，沒有登記：%(seats)s") % {"seats": joined(unknown)})
    kind = WARNING if unknown or outcome.standing else SUCCESS
    return Registered(kind, "\n".join(lines), outcome.marked, outcome.standing)


def _named(students: list[Student]) -> str:
    return joined(f"{one.seat_number} {one.name}" for one in sorted(students, key=lambda one: one.seat_number))
