"""The pile of paper forms that came back: many registered at once, and taken back if that was a slip."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from consent.models import ConsentDecision
from registry.models import SchoolClass, Student
from review.models import PaperForm

NOT_RECEIVED = PaperForm.Answer.NOT_RECEIVED


class Changed(Exception):
    """Somebody else registered another answer since the page was shown."""


@dataclass
class Outcome:
    """What became of one answer for many students."""

    marked: list = field(default_factory=list)  # `Mark`s
    already: list = field(default_factory=list)  # students who had this very answer
    standing: list = field(default_factory=list)  # students who keep the other answer
    unfit: list = field(default_factory=list)  # students of whom it cannot be said


@dataclass(frozen=True)
class Mark:
    """One registration. `before` is the row as it was, None where there was none; `after` as it is now."""

    before: PaperForm | None
    after: PaperForm


@transaction.atomic
def mark_paper_form(
    *, student: Student, answer: str, by: User, is_whole_answer: bool = False, seen: str | None = None
) -> PaperForm:
    """Register what the signed paper form says, or take the registration back; a second click changes nothing.

    `is_whole_answer`: the family has no device, the paper is its answer. `seen`: the answer that the page showed;
    raises `Changed` when another one stands by now.
    """
    current = _lock([student]).get(student.pk)
    if current and (current.answer, current.is_whole_answer) == (answer, is_whole_answer):
        return current
    if seen is not None and seen != answer_of(current):
        raise Changed
    return _write(student, answer, is_whole_answer, by)


@transaction.atomic
def register(*, students: Iterable[Student], answer: str, by: User, replacing: dict[int, str] | None = None) -> Outcome:
    """One answer for many students who have none yet. Returns an `Outcome`.

    The other answer stays where it is registered, unless `replacing` ({student's key: that answer, as it was shown})
    says to change it; 以紙本為準 stays then, for it is about the family and not about its answer.
    """
    papers, outcome = _lock(students), Outcome()
    for student in students:
        paper = papers.get(student.pk)
        standing = answer_of(paper)
        if standing == answer:
            outcome.already.append(student)
        elif standing in (NOT_RECEIVED, (replacing or {}).get(student.pk)):
            is_whole = bool(paper and paper.is_whole_answer)
            outcome.marked.append(Mark(paper, _write(student, answer, is_whole, by)))
        else:
            outcome.standing.append(student)
    return outcome


@transaction.atomic
def take_as_answer(*, students: Iterable[Student], by: User) -> Outcome:
    """以紙本意願為準 for families without a device: what their paper form says is their answer.

    `unfit` are those who answered online, or whose form did not come.
    """
    papers, outcome = _lock(students), Outcome()
    online = set(ConsentDecision.objects.filter(student__in=papers).values_list("student", flat=True))
    for student in students:
        paper = papers.get(student.pk)
        if answer_of(paper) == NOT_RECEIVED or student.pk in online:
            outcome.unfit.append(student)
        elif paper.is_whole_answer:
            outcome.already.append(student)
        else:
            outcome.marked.append(Mark(paper, _write(student, paper.answer, True, by)))
    return outcome


@transaction.atomic
def put_back(*, students: Iterable[Student], marks: dict[int, tuple], by: User) -> tuple[int, int]:
    """Give each of `students` the whole row that stood before: answer, 以紙本為準, who and when.

    `marks` are {student's key: (facts before or None, moment of the registration)}, as `facts_of` gives them. What was
    registered anew since then stays. Returns (how many were put back, how many stayed).
    """
    papers, done = _lock(students), 0
    concerned = [student for student in students if student.pk in marks]
    for student in concerned:
        before, moment = marks[student.pk]
        paper = papers.get(student.pk)
        if paper is None or (paper.marked_by_id, paper.marked_at.isoformat()) != (by.pk, moment):
            continue
        done += 1
        if before is None:
            paper.delete()
        else:
            PaperForm.objects.filter(pk=paper.pk).update(**before)
        said = before or {"answer": NOT_RECEIVED, "is_whole_answer": False}
        _record(student, said["answer"], said["is_whole_answer"], by)
    log.record("paper_form.taken_back", by=by, data={"students": done})
    return done, len(concerned) - done


def facts_of(paper: PaperForm | None) -> dict | None:
    """All that a row says, as JSON takes it; None where there is none."""
    if paper is None:
        return None
    return {
        "answer": str(paper.answer),
        "is_whole_answer": paper.is_whole_answer,
        "marked_by_id": paper.marked_by_id,
        "marked_at": paper.marked_at.isoformat(),
    }


def answer_of(paper: PaperForm | None) -> str:
    return paper.answer if paper else NOT_RECEIVED


def without_paper(school_class: SchoolClass) -> int:
    """How many students of the class have no form registered."""
    received = PaperForm.objects.exclude(answer=NOT_RECEIVED)
    return Student.objects.enrolled().filter(school_class=school_class).exclude(paper_form__in=received).count()


def other_than(answer: str) -> str:
    """Of the two answers of a form the other one."""
    return PaperForm.Answer.DECLINE if answer == PaperForm.Answer.AGREE else PaperForm.Answer.AGREE


def _lock(students: Iterable[Student]) -> dict[int, PaperForm]:
    """{student's key: PaperForm}. The students' rows are held, so that a form without a row cannot get one meanwhile."""
    keys = sorted(student.pk for student in students)
    list(Student.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True, of=("self",)))
    return {paper.student_id: paper for paper in PaperForm.objects.filter(student__in=keys)}


def _write(student: Student, answer: str, is_whole_answer: bool, by: User) -> PaperForm:
    said = {"answer": answer, "is_whole_answer": is_whole_answer}
    paper, _created = PaperForm.objects.update_or_create(
        student=student, defaults={**said, "marked_by": by, "marked_at": timezone.now()}
    )
    _record(student, answer, is_whole_answer, by)
    return paper


def _record(student: Student, answer: str, is_whole_answer: bool, by: User) -> None:
    data = {"answer": str(answer), "is_whole_answer": is_whole_answer}
    log.record("paper_form.marked", by=by, target=student, school=by.school, data=data)
