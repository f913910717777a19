"""A class at a glance: what every family answered, what came on paper, what waits for the teacher."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from binding.family_rows import note_decision, with_decision
from binding.models import Applicant, Application, Binding
from binding.models.address import with_address_state
from binding.progress import PILLS
from consent.models import ConsentDecision
from core.compiled import compiled, keep_fetched
from registry.models import Student
from review.models import PaperForm
from review.notes import with_last_note


@dataclass(frozen=True)
class Row:
    """One student of the class, by seat."""

    student: Student
    decision: ConsentDecision | None
    application: Application | None
    paper: str
    bindings: int
    unbound_on: date | None  # since when somebody who was bound is not any longer
    is_for_registrar: bool  # the one who looks leaves this application to the registrar

    @cached_property
    def applicants(self):
        return list(self.application.applicants.all()) if self.application else []

    @property
    def waits(self):
        return not self.is_for_registrar and any(one.review == Applicant.Review.PENDING for one in self.applicants)

    @property
    def has_paper(self):
        return self.paper != PaperForm.Answer.NOT_RECEIVED

    @property
    def is_ready(self):
        """Waiting, and the paper form agrees: nothing stands in the way of a decision."""
        return self.waits and self.paper == PaperForm.Answer.AGREE

    @property
    def is_paper_only(self):
        """No device at home: the paper form is this family's answer."""
        return self.decision is None and self.has_paper and self.student.paper_form.is_whole_answer

    @property
    def can_be_paper_only(self):
        return self.decision is None and self.has_paper and not self.is_paper_only

    @property
    def online(self):
        """(kind of mark, words) of what the family answered online, or of what stands for it."""
        if self.is_paper_only:
            return "answered", _("以紙本為準")
        if self.decision is None:
            return "todo", _("未填答")
        return ("done", _("線上同意")) if self.decision.is_agreed else ("answered", _("線上無意參加"))

    @property
    def is_answered(self):
        return self.decision is not None or self.is_paper_only

    @property
    def is_returned(self):
        """It is the family's turn: the application was handed back, and nobody in it waits for the teacher."""
        if self.application is None or not self.application.is_submitted or self.waits:
            return False
        return any(one.review == Applicant.Review.RETURNED for one in self.applicants)

    @property
    def is_mismatch(self):
        """What the paper says differs from what was answered online, and the family was not asked yet."""
        if self.decision is None or not self.has_paper or self.is_returned:
            return False
        return self.decision.is_agreed != (self.paper == PaperForm.Answer.AGREE)

    @property
    def paper_label(self):
        return PaperForm.Answer(self.paper).label


@dataclass(frozen=True)
class Census:
    rows: list[Row]
    pills = PILLS

    @classmethod
    def of(cls, school_class, *, for_registrar=False):
        """Four queries, whatever the size of the class."""
        students = _students(school_class=school_class.pk, on=timezone.localdate(), at=timezone.now())
        applications = {one.student_id: one for one in _applications(school_class=school_class.pk)}
        applicants = defaultdict(list)
        for one in _applicants(school_class=school_class.pk):
            applicants[one.application_id].append(one)
        for application in applications.values():
            keep_fetched(application, "applicants", applicants[application.pk])
        bound, unbound = _bindings_of(school_class)
        rows = []
        for student in students:
            student.school_class = school_class
            application = applications.get(student.pk)
            rows.append(
                Row(
                    student,
                    note_decision(student, student),
                    application,
                    paper_of(student),
                    bound[student.pk],
                    unbound.get(student.pk),
                    not for_registrar and application is not None and hasattr(application, "escalation"),
                )
            )
        return cls(rows)

    @property
    def answered(self):
        return sum(row.is_answered for row in self.rows)

    @property
    def papers(self):
        return sum(row.has_paper for row in self.rows)

    @property
    def mismatches(self):
        return sum(row.is_mismatch for row in self.rows)

    @property
    def waiting(self):
        return [row for row in self.rows if row.waits]

    @property
    def ready(self):
        return [row for row in self.rows if row.is_ready]

    @property
    def ready_people(self):
        """How many applicants wait in the applications that are ready: one or two each."""
        return sum(one.review == Applicant.Review.PENDING for row in self.ready for one in row.applicants)

    @property
    def oldest_days(self):
        """For how many days the oldest review waits; 0 when none does."""
        sent = [timezone.localdate(row.application.submitted_at) for row in self.waiting]
        return (timezone.localdate() - min(sent)).days if sent else 0

    @property
    def filters(self):
        """(key, word, rows) of each way to narrow the list."""
        return [
            ("waiting", _("待審核"), self.waiting),
            ("ready", _("可以核可"), self.ready),
            ("mismatch", _("紙本與線上不同"), [row for row in self.rows if row.is_mismatch]),
            ("unanswered", _("未填答"), [row for row in self.rows if not row.is_answered]),
            ("registrar", _("轉請註冊組審核"), [row for row in self.rows if row.is_for_registrar]),
            ("no-paper", _("未收申請書"), [row for row in self.rows if not row.has_paper]),
            ("paper-only", _("只交紙本"), [row for row in self.rows if row.can_be_paper_only]),
        ]

    def shown(self, key):
        """The rows of one filter."""
        return next(rows for one, _word, rows in self.filters if one == key)


@compiled(school_class=int, on=date, at=datetime)
def _students(school_class, on, at):
    """Each also with `is_withdrawing`, `is_restricted` and `last_note`."""
    students = with_decision(Student.objects.enrolled().filter(school_class=school_class), on, at)
    return with_last_note(students).select_related("paper_form").order_by("seat_number")


@compiled(school_class=int)
def _applications(school_class):
    sent = Application.objects.sent().filter(student__school_class=school_class)
    return sent.select_related("escalation").order_by("pk")


@compiled(school_class=int)
def _applicants(school_class):
    sent = Application.objects.sent().filter(student__school_class=school_class)
    return with_address_state(Applicant.objects.filter(application__in=sent).order_by("position"))


@compiled(school_class=int)
def _bindings(school_class):
    return Binding.objects.filter(student__school_class=school_class).order_by()


def _bindings_of(school_class):
    """(how many people are bound to each student today, since when somebody is not any longer); one query."""
    bound: Counter = Counter()
    unbound: dict[int, date] = {}
    bindings = _bindings(school_class=school_class.pk)
    people = {(one.student_id, one.account_id) for one in bindings if one.is_lasting}
    for one in bindings:
        if one.is_active:
            bound[one.student_id] += 1
        elif one.ended_on and not one.is_delegated and (one.student_id, one.account_id) not in people:
            unbound[one.student_id] = max(one.ended_on, unbound.get(one.student_id, one.ended_on))
    return bound, unbound


def paper_of(student):
    paper = getattr(student, "paper_form", None)
    return paper.answer if paper else PaperForm.Answer.NOT_RECEIVED
