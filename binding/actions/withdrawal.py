"""撤回同意 after approval: the family's account asks, and each person bound decides for the own binding.

Its first password is the child's ID number, which a whole class may know: alone it ends nobody's binding.
Who agrees is unbound in `binding.actions.ending`. All of it holds the student's row.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from binding import mails
from binding.actions.locks import lock_family
from binding.models import Binding, Withdrawal, WithdrawalAnswer
from binding.own_family import NotYours
from consent.actions import record_decision
from consent.models import ConsentDecision, ConsentText
from core.one_time_links import LinkOver, link_to
from notifications import outbox
from notifications.models import Message
from registry.models import Student

State = Withdrawal.State
ASKED_A_DAY = 3  # times that one person bound is written to


class AskedTooOften(Exception):
    """The people bound were asked often enough for today."""


def ask_everybody(*, student: Student, text: ConsentText, by: User, language: str) -> bool:
    """Ask each person bound to `student`, whose row the caller holds. Returns whether somebody is asked.

    While they are asked already, asking again changes nothing and mails nobody. Raises AskedTooOften.
    """
    _lapse_expired(student)
    if Withdrawal.objects.open().filter(student=student).exists():
        return True
    bindings = list(Binding.objects.lasting().filter(student=student).to_end())
    if not bindings:
        return False
    day_ago = timezone.now() - timedelta(days=1)
    if any(mails.withdrawal_asked.sent_lately(about=one, since=day_ago) >= ASKED_A_DAY for one in bindings):
        raise AskedTooOften
    withdrawal = Withdrawal.ask(student=student, text=text, language=language, by=by)
    for binding in bindings:
        answer, token = WithdrawalAnswer.hand_out(withdrawal, binding)
        link = link_to("binding:withdrawal-link", token, student.school.slug)
        mails.withdrawal_asked(answer, link=link)
    log.record("withdrawal.asked", by=by, target=student, school=student.school, data={"people": len(bindings)})
    return True


def take_back(*, student: Student, by: User) -> None:
    """The family agrees anew: nobody is asked any longer, and who has not answered is told."""
    _lapse_expired(student)
    withdrawal = Withdrawal.objects.open().filter(student=student).first()
    if withdrawal is None:
        return
    waiting = list(_with_people(withdrawal.answers.waiting()))
    withdrawal.close(State.TAKEN_BACK)
    log.record("withdrawal.taken_back", by=by, target=student, school=student.school)
    for answer in waiting:
        outbox.stop(Message.objects.about(answer.binding).filter(kind=mails.withdrawal_asked.kind))
        mails.withdrawal_taken_back(answer)


def find_answer(token: str) -> WithdrawalAnswer | None:
    """What the link of a mail asks, while it works, else None."""
    usable = _with_people(WithdrawalAnswer.objects.usable())
    return usable.by_token(token).first()


@transaction.atomic
def keep_binding(*, answer: WithdrawalAnswer, how: str, by: User) -> WithdrawalAnswer:
    """維持綁定: the person bound does not agree. `how` is "account" or "link". Raises NotYours and LinkOver."""
    answer = lock_answer(answer, by)
    answer.move_to(WithdrawalAnswer.State.KEPT)
    binding = answer.binding
    log.record("withdrawal.kept", by=by, target=binding, school=binding.student.school, data={"how": how})
    _close_if_answered(answer.withdrawal)
    return answer


def lock_answer(answer: WithdrawalAnswer, by: User) -> WithdrawalAnswer:
    """`answer` of `by` as it is now, with the student's row held.

    Raises NotYours, and LinkOver where it can't be given any longer.
    """
    if answer.binding.account.user_id != by.pk:
        raise NotYours
    lock_family(answer.binding.student)
    found = _with_people(WithdrawalAnswer.objects.usable()).filter(pk=answer.pk).first()
    if found is None:
        raise LinkOver
    return found


def note_ends(bindings: Iterable[Binding]) -> None:
    """Bindings ended, whoever ended them: their people are asked no longer.

    The caller holds the students' rows, and has stopped what waited to be mailed about the bindings.
    """
    for answer in WithdrawalAnswer.objects.usable().filter(binding__in=bindings):
        answer.move_to(WithdrawalAnswer.State.CLOSED)
    for withdrawal in Withdrawal.objects.open().filter(student__in={one.student_id for one in bindings}):
        _close_if_answered(withdrawal)


def _close_if_answered(withdrawal):
    """Close it once everybody has answered; where nobody is bound any longer, the family's refusal stands."""
    if withdrawal.answers.waiting().exists():
        return
    student = withdrawal.student
    if Binding.objects.lasting().filter(student=student).exists():
        withdrawal.close(State.KEPT)
        return
    withdrawal.close(State.DONE)
    if student.status in Student.PRESENT:
        record_decision(
            student=student,
            answer=ConsentDecision.Answer.DECLINED,
            text=withdrawal.text,
            by=withdrawal.asked_by,
            language=withdrawal.language,
        )


@transaction.atomic
def lapse(withdrawal: Withdrawal) -> Withdrawal | None:
    """Its time is over and not everybody answered: who did not answer stays bound."""
    lock_family(withdrawal.student)
    return _lapse_expired(withdrawal.student)


def _lapse_expired(student):
    expired = Withdrawal.objects.expired().select_related("student__school").filter(student=student).first()
    if expired:
        expired.close(State.LAPSED)
        log.record("withdrawal.lapsed", target=expired.student, school=expired.student.school)
    return expired


def _with_people(answers):
    return answers.select_related(
        "withdrawal__student__school",
        "binding__account__user",
        "binding__student__school",
        "binding__student__school_class",
        "binding__applicant__application",
    )
