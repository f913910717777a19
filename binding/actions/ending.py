"""A binding ends: who ends it, and why. Another parent's binding stays as it is, whatever the reason.

`end_locked` writes every end; all else here finds what is to end. A decision that is taken back is no end, see `undoing`.
"""

from django.db import transaction

from accounts import sso_accounts
from accounts.models import AccountClosure, User
from audit import log
from binding import mails
from binding.actions.application import withdraw
from binding.actions.locks import lock_application, lock_family
from binding.actions.withdrawal import lock_answer, note_end
from binding.models import (
    Application,
    Binding,
    CorrectionRequest,
    CourtOrder,
    Delegation,
    EmailCorrection,
    WithdrawalAnswer,
)
from binding.own_family import NotYours
from binding.permissions import check_registrar
from notifications import outbox
from notifications.models import Message
from oidc import sign_ons
from registry.models import Student
from registry.roles import Role

EndReason = Binding.EndReason
OF_DEPARTURE = {Student.Status.GRADUATED: EndReason.GRADUATED, Student.Status.LEFT: EndReason.LEFT}


@transaction.atomic
def end_by_parent(*, binding: Binding, by: User) -> Binding:
    """解除綁定: the person bound lets go of the child. Raises NotYours."""
    if binding.account.user_id != by.pk:
        raise NotYours
    return end_binding(binding=binding, reason=EndReason.PARENT, by=by)


@transaction.atomic
def end_by_registrar(*, binding: Binding, reason: str, note: str, by: User) -> Binding:
    """終止綁定: `reason` is one of `Binding.REGISTRARS_REASONS`; the mail tells it, and `note`. Raises NotYours."""
    if reason not in Binding.REGISTRARS_REASONS:
        raise ValueError(f"a registrar does not end a binding for {reason}")
    check_registrar(by, binding.student)
    return end_binding(binding=binding, reason=reason, by=by, note=note)


@transaction.atomic
def end_by_withdrawn_consent(*, answer: WithdrawalAnswer, how: str, by: User) -> WithdrawalAnswer:
    """The person bound agrees that consent is taken back; carers by this person's mandate go as well.

    `how` is "account" or "link". Raises NotYours and `withdrawal.LinkOver`.
    """
    answer = lock_answer(answer, by)
    answer.move_to(WithdrawalAnswer.State.AGREED)
    binding = Binding.objects.to_end().get(pk=answer.binding_id)
    log.record("withdrawal.agreed", by=by, target=binding, school=binding.student.school, data={"how": how})
    end_locked(binding, EndReason.CONSENT_WITHDRAWN, by)
    _end_carers(Delegation.objects.in_force().filter(given_by=binding), by)
    return answer


def end_by_court(order: CourtOrder, *, by: User | None) -> None:
    """The order takes effect; carers by this person's mandate go as well. The caller holds the student's row."""
    about = {"student": order.student_id, "account": order.account_id}
    for binding in Binding.objects.standing().filter(**about).to_end():
        end_locked(binding, EndReason.COURT_ORDER, by)
    mandates = Delegation.objects.in_force().filter(binding__student=order.student_id)
    _end_carers(mandates.filter(given_by__account=order.account_id), by)


@transaction.atomic
def end_by_departure(*, students: list[Student], by: User | None) -> None:
    """The students graduated or left: all their bindings end, and open requests of the families are closed.

    Applications come first: an approval going on at this moment is waited for, and its binding ends as well.
    """
    reasons = {student.pk: OF_DEPARTURE[Student.Status(student.status)] for student in students}
    for application in Application.objects.open().filter(student__in=reasons).order_by("pk"):
        if lock_application(application).is_open:
            withdraw(application=application, by=by)
    for binding in Binding.objects.standing().filter(student__in=reasons).to_end():
        end_locked(binding, reasons[binding.student_id], by)
    for correction in CorrectionRequest.objects.open().filter(student__in=reasons):
        correction.decide(CorrectionRequest.Status.WITHDRAWN, by=by)


@transaction.atomic
def end_by_last_day(binding: Binding) -> Binding | None:
    """The last day is past. None where somebody was faster."""
    lock_family(binding.student)
    lapsed = Binding.objects.lapsed().filter(pk=binding.pk).to_end().first()
    if lapsed:
        end_locked(lapsed, lapsed.reason_of_last_day, None)
    return lapsed


@transaction.atomic
def close_account(*, user: User) -> AccountClosure:
    """停用帳號: a parent's bindings all end, each school's registrars hear of theirs, the account is switched off.

    Doing it twice changes nothing.
    """
    bindings = Binding.objects.standing().filter(account=user.sso_account)
    for student in Student.objects.filter(bindings__in=bindings).order_by("pk"):
        lock_family(student)
    ended = list(bindings.to_end())
    for binding in ended:
        end_locked(binding, EndReason.PARENT, user)
    by_school: dict = {}
    for binding in ended:
        by_school.setdefault(binding.student.school, []).append(binding.student)
    for school, students in by_school.items():
        _tell_registrars(school, students)
    return sso_accounts.leave(user=user)


@transaction.atomic
def end_binding(*, binding: Binding, reason: str, by: User | None, note: str = "") -> Binding:
    """End a binding, if it has not ended."""
    lock_family(binding.student)
    binding = Binding.objects.to_end().get(pk=binding.pk)
    if binding.is_standing:
        end_locked(binding, reason, by, note=note)
    return binding


def end_locked(binding: Binding, reason: str, by: User | None, note: str = "") -> None:
    """End a binding and tell the person concerned; the caller holds the rows of the student and of `to_end()`.

    Services that were told of the child hear that this is over; who has no child left is logged out everywhere.
    One whose last day is past ended by that day, whatever comes now.
    """
    if binding.is_lapsed:
        reason, note = binding.reason_of_last_day, ""
    binding.end(reason, note)
    outbox.stop(Message.objects.about(binding))  # the mail of an approval that still waits
    _cancel_email_correction(binding, by)
    if Binding.objects.active().filter(account=binding.account_id).exists():
        sign_ons.end_scope(binding.account.user, "children")
    else:
        binding.account.user.end_sessions()
    school = binding.student.school
    log.record("binding.ended", by=by, target=binding, school=school, data={"reason": str(reason)})
    if binding.is_delegated:
        _end_mandate(binding)
    else:
        mails.binding_ended(binding)
    note_end(binding)


def _end_carers(mandates, by):
    """End the bindings that rest on `mandates`, a queryset."""
    for binding in Binding.objects.standing().filter(delegations__in=mandates).to_end():
        end_locked(binding, EndReason.DELEGATION_ENDED, by)


def _cancel_email_correction(binding, by):
    """A correction that was asked for at this binding goes with it; its link works no longer."""
    pending = EmailCorrection.objects.pending().filter(binding=binding).select_for_update(of=("self",))
    for correction in pending.order_by("pk"):
        correction.close(EmailCorrection.State.CANCELLED)
        outbox.stop(Message.objects.about(correction))
        log.record("email_correction.cancelled", by=by, target=binding.account, school=binding.student.school)


def _end_mandate(binding):
    """The mandate ends with the binding; who took care and who had given the mandate are told."""
    has_expired = binding.end_reason == Binding.EndReason.DELEGATION_EXPIRED
    mandates = binding.delegations.in_force().select_related("given_by__account__user")
    for mandate in mandates:
        mandate.move_to(Delegation.State.EXPIRED if has_expired else Delegation.State.ENDED)
        mails.delegation_ended(mandate, to=binding.reader)
        if giver := mandate.giver_reader:
            mails.delegation_ended(mandate, to=giver)


def _tell_registrars(school, students):
    registrars = User.objects.filter(school=school, is_active=True, role_rows__role=Role.REGISTRAR).exclude(email="")
    for registrar in registrars:
        mails.parent_left(registrar, school=school, students=students)
