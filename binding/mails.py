"""Mails to families about bindings and what leads to them. Children are named by their masked name, others never."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from accounts.languages import reader_of
from accounts.models import SSOAccount, User
from binding.models import (
    Applicant,
    Binding,
    CorrectionRequest,
    Delegation,
    EmailCorrection,
    PersonCorrection,
    WithdrawalAnswer,
)
from notifications.mails import Draft, Reader, mail
from registry.models import School, Student


@mail(sensitive=True)
def account_opened(binding: Binding, *, link: str, hold: timedelta = timedelta()) -> Draft:
    """「親子綁定已通過審核」 to who has no account in use yet; the link sets its first password."""
    until = binding.account.initial_until
    return replace(_of_binding(binding, hold=hold, initial_until=until, link=link), not_after=until)


@mail()
def child_added(binding: Binding, *, hold: timedelta = timedelta()) -> Draft:
    """「孩子已加入您的帳號」 to who has an account in use."""
    return _of_binding(binding, hold=hold)


@mail(sensitive=True)
def delegation_started(binding: Binding, *, link: str = "") -> Draft:
    """「委託照顧已登錄」 to the carer; the link, for a new account only, sets its first password."""
    days: dict[str, Any] = {"first_day": binding.first_day, "last_day": binding.last_day}
    until = binding.account.initial_until
    draft = _of_binding(binding, initial_until=until, link=link, **days)
    return replace(draft, not_after=until) if link else draft


@mail()
def already_bound(applicant: Applicant, *, binding: Binding, hold: timedelta = timedelta()) -> Draft:
    """「申請已通過，綁定沒有改變」 to who was bound before. About the applicant, so that an undo takes it back."""
    to = replace(binding.reader, language=applicant.application.language)
    return replace(_of_binding(binding, hold=hold), to=to, about=applicant)


@mail()
def binding_ended(binding: Binding) -> Draft:
    """「親子綁定已終止」 to who was bound, and to nobody else."""
    return _of_binding(binding, can_return=binding.can_return, **_why(binding))


@mail()
def delegation_given(mandate: Delegation, *, to: Reader) -> Draft:
    """「您的委託已登錄」 to the guardian who gave the mandate."""
    return _of_mandate(mandate, to)


@mail()
def delegation_prolonged(mandate: Delegation, *, to: Reader) -> Draft:
    """「委託照顧的期間已延長」 to the carer and to the guardian."""
    return _of_mandate(mandate, to)


@mail()
def delegation_ended(mandate: Delegation, *, to: Reader) -> Draft:
    """「委託照顧已結束」 to the carer and to the guardian."""
    return _of_mandate(mandate, to, **_why(mandate.binding))


@mail(sensitive=True)
def application_received(applicant: Applicant, *, link: str = "", until: datetime | None = None) -> Draft:
    """「已收到您的申請」 to the applicant on sending; the link confirms the mailbox, where that is not known yet."""
    context = {"link": link, "until": until, "name": applicant.masked_name}
    student = applicant.application.student
    return Draft(to=applicant.reader, about=applicant, student=student, context=context, not_after=until)


@mail()
def applicant_email_taken(applicant: Applicant) -> Draft:
    """「請改用另一個電子郵件」 to an address that is another person's account: it names nobody."""
    return Draft(to=applicant.reader, about=applicant, student=applicant.application.student)


@mail(sensitive=True)
def address_verify(change: EmailCorrection, *, link: str) -> Draft:
    """「請確認您的電子郵件」 to the new address, whose reader may be a stranger: it names nobody. The link confirms it."""
    until = change.expires_at
    return replace(_of_change(change, change.new_email, link=link, expires_at=until), not_after=until)


@mail()
def address_allowed(change: EmailCorrection) -> Draft:
    """「帳號的電子郵件即將更改」 to the address of today: whom to call if that is wrong."""
    return _of_change(change, change.account.user.email)


@mail()
def address_changed(change: EmailCorrection, *, former: str) -> Draft:
    """「電子郵件已更正」 to the former address."""
    return _of_change(change, former)


@mail()
def person_corrected(change: PersonCorrection) -> Draft:
    """「帳號的姓名或證號已更正」 to the parent: which of them, and whom to call; neither name nor number."""
    is_new = change.changes_number and change.account.state == SSOAccount.State.INITIAL
    what = {"of_name": bool(change.new_name), "of_number": change.changes_number, "is_new": is_new}
    return Draft(to=change.binding.reader, about=change, student=change.binding.student, context=what)


@mail(sensitive=True)
def withdrawal_asked(answer: WithdrawalAnswer, *, link: str) -> Draft:
    """「請確認是否解除綁定」 to each person bound; the link answers, once. About the binding, so that its end stops it."""
    return _of_withdrawal(answer, link=link)


@mail()
def withdrawal_taken_back(answer: WithdrawalAnswer) -> Draft:
    """「不必再答覆」 to who was asked and has not answered."""
    return _of_withdrawal(answer)


@mail()
def parent_left(registrar: User, *, school: School, students: Iterable[Student]) -> Draft:
    """「家長停用帳號」 to a registrar: which bindings ended by it."""
    lines = [f"{one.school_class.name} {one.seat_number} {one.masked_name}" for one in students]
    return Draft(to=reader_of(registrar), about=registrar, school=school, context={"students": lines})


@mail()
def correction_answered(request: CorrectionRequest, *, to: Reader) -> Draft:
    """「更正申請有回覆了」 to each parent bound, or to who applied: the family's turn again."""
    was_changed = request.status == CorrectionRequest.Status.DONE
    return Draft(to=to, about=request, student=request.student, context={"was_changed": was_changed})


@mail()
def portal_password_changed(family: User, *, to: Reader) -> Draft:
    """「家長帳號的密碼已修改」 to each parent bound: a student does not take the family's account over unnoticed."""
    return Draft(to=to, about=family, student=family.student)


@mail()
def portal_password_reset(family: User, *, to: Reader) -> Draft:
    """「家長帳號的密碼已重設」 to each parent bound, or to who applied."""
    return Draft(to=to, about=family, student=family.student)


def _of_binding(binding: Binding, *, hold: timedelta = timedelta(), **context: object) -> Draft:
    student = binding.student
    context["class_name"] = student.school_class.name
    return Draft(to=binding.reader, about=binding, student=student, hold=hold, context=context)


def _why(binding: Binding) -> dict[str, Any]:
    """Why it ended; the reason is called when it is written, in the reader's language."""
    return {"reason": binding.get_end_reason_display, "note": binding.end_note}


def _of_mandate(mandate: Delegation, to: Reader, **more: object) -> Draft:
    days = {"first_day": mandate.starts_on, "last_day": mandate.ends_on}
    context = {"carer": mandate.name, **days, **more}
    return Draft(to=to, about=mandate.binding, student=mandate.binding.student, context=context)


def _of_change(change: EmailCorrection, email: str, **context: object) -> Draft:
    to = replace(change.binding.reader, email=email, is_proved=False)
    return Draft(to=to, about=change, student=change.binding.student, context=context)


def _of_withdrawal(answer: WithdrawalAnswer, **more: Any) -> Draft:
    until = answer.withdrawal.expires_at
    return replace(_of_binding(answer.binding, until=until, **more), not_after=until)
