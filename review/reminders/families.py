"""Families with something left to do: which steps, until when, and whom one may write to."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from binding.progress import AccountStatus, DataStatus, Progress, SendingStatus
from registry.models import Student
from review.models import PaperForm
from review.reminders.audience import Address, addresses_of_each


@dataclass(frozen=True)
class Family:
    """One student whose family has an open step."""

    progress: Progress
    deadline: date | None
    addresses: list[Address]

    @property
    def student(self):
        return self.progress.student

    @property
    def is_reachable(self):
        return bool(self.addresses)

    @property
    def steps(self):
        return open_steps(self.progress)


def students_with_deadline(school):
    """Enrolled students of the school as `families_of` takes them; nothing of their ID numbers is fetched."""
    students = Student.objects.enrolled().filter(school=school).with_deadline()
    return students.select_related("school_class").defer("identity_cipher", "identity_fingerprint")


def families_of(students):
    """[Family] of those students (from `students_with_deadline`) with an open step; ten queries."""
    papers = PaperForm.objects.filter(student__in=[one.pk for one in students])
    enough = Q(answer=PaperForm.Answer.DECLINE) | Q(is_whole_answer=True)
    answered = set(papers.filter(enough).values_list("student", flat=True))
    waiting = [
        progress
        for progress in Progress.of_each(students)
        if has_open_step(progress, answered_on_paper=progress.student.pk in answered)
    ]
    addresses = addresses_of_each(waiting)
    return [Family(one, one.student.deadline, addresses[one.student.pk]) for one in waiting]


def has_open_step(progress, *, answered_on_paper=False):
    """Whether it is the family's turn. Who was refused has done its part; a paper form that declines, or that is all
    a family without a device can send, is an answer.
    """
    if answered_on_paper and not progress.has_agreed:
        return False
    if progress.is_unbound and progress.data_status == DataStatus.CONFIRMED:
        return False  # whether they apply again is theirs to say
    if progress.next_step == 3:
        return progress.sending_status != SendingStatus.REJECTED
    return progress.next_step is not None


def open_steps(progress):
    """What is left to do, in the words of the task list and in the language of the moment."""
    steps = []
    if progress.data_status == DataStatus.UNCONFIRMED:
        steps.append(_("確認學生相關資訊"))
    if progress.decision is None:
        steps.append(_("閱讀同意書，填寫同意或不同意"))
    elif progress.account_status == AccountStatus.UNSET:
        steps.append(_("申辦親子帳號：填寫申請人資料"))
    if progress.has_agreed and progress.sending_status == SendingStatus.UNSENT:
        steps.append(_("同意簽署回傳：確認後送出申請"))
    if progress.sending_status == SendingStatus.RETURNED:
        steps.append(_("老師退回的申請：修正後再送出"))
    return steps
