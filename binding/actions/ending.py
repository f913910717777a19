"""A binding ends: who ends it, and why. Another parent's binding stays as it is, whatever the reason.

`end_all_locked` writes every end; all else here finds what is to end. A decision that is taken back is no end, see `undoing`.
"""

from django.db import transaction

from accounts import sso_accounts
from accounts.models import AccountClosure, User
from audit import log
from binding import mails
from binding.actions.application import withdraw_locked
from binding.actions.locks import lock_family, lock_open_applications
from binding.actions.withdrawal import lock_answer, note_ends
from binding.models import (
    Binding,
    CorrectionRequest,
    CourtOrder,
    Delegation,
    EmailCorrection,
    PersonCorrection,
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
CHUNK = 500
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
    withdraw_locked(lock_open_applications(reasons), by=by)
    ending = Binding.objects.standing().filter(student__in=reasons).to_end()
    end_all_locked([(binding, reasons[binding.student_id]) for binding in ending], by)
    corrections = list(CorrectionRequest.objects.open().filter(student__in=reasons))
    for correction in corrections:
        correction.set_decision(CorrectionRequest.Status.WITHDRAWN, by=by)
    CorrectionRequest.objects.bulk_update(corrections, CorrectionRequest.DECISION, batch_size=CHUNK)


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
    end_all_locked([(binding, reason)], by, note=note)


def end_all_locked(ending: list[tuple[Binding, str]], by: User | None, note: str = "") -> None:
    """As `end_locked`, of many at once and why each ends; as many statements for a thousand as for one."""
    bindings = [binding for binding, _reason in ending]
    for binding, reason in ending:
        if binding.is_lapsed:
            binding.set_end(binding.reason_of_last_day)
        else:
            binding.set_end(reason, note)
    Binding.objects.bulk_update(bindings, Binding.END, batch_size=CHUNK)
    outbox.stop(Message.objects.about_any(bindings))  # mails of approvals that still wait
    _cancel_corrections(bindings, by)
    _let_services_know(bindings)
    told = [(one, one.student.school, {"reason": str(one.end_reason)}) for one in bindings]
    log.record_all("binding.ended", told, by=by)
    _end_mandates([one for one in bindings if one.is_delegated])
    outbox.enqueue_all([mails.binding_ended.compose(one) for one in bindings if not one.is_delegated])
    note_ends(bindings)


def _let_services_know(bindings):
    """Who still has a child stays signed in, and services ask anew; who has none is logged out everywhere."""
    accounts = {one.account_id: one.account.user for one in bindings}
    still = set(Binding.objects.active().filter(account__in=accounts).values_list("account", flat=True))
    if stay := [user for account, user in accounts.items() if account in still]:
        sign_ons.end_scope(stay, "children")
    if leave := [user for account, user in accounts.items() if account not in still]:
        User.end_sessions_of(leave)


def _end_carers(mandates, by):
    """End the bindings that rest on `mandates`, a queryset."""
    for binding in Binding.objects.standing().filter(delegations__in=mandates).to_end():
        end_locked(binding, EndReason.DELEGATION_ENDED, by)


def _cancel_corrections(bindings, by):
    """Corrections that were asked for at these bindings go with them; their links work no longer."""
    by_key = {one.pk: one for one in bindings}
    for event, waiting, cancelled in (
        ("email_correction.cancelled", EmailCorrection.objects.pending(), EmailCorrection.State.CANCELLED),
        ("person_correction.cancelled", PersonCorrection.objects.open(), PersonCorrection.State.CANCELLED),
    ):
        waiting = waiting.filter(binding__in=by_key).select_for_update(of=("self",))
        for correction in waiting.order_by("pk"):
            binding = by_key[correction.binding_id]
            correction.close(cancelled)
            outbox.stop(Message.objects.about(correction))
            log.record(event, by=by, target=binding.account, school=binding.student.school)


def _end_mandates(bindings):
    """Mandates end with their bindings; who took care and who had given the mandate are told."""
    by_key = {one.pk: one for one in bindings}
    if not by_key:
        return
    mandates = Delegation.objects.in_force().filter(binding__in=by_key)
    for mandate in mandates.select_related("given_by__account__user", "given_by__applicant__application"):
        binding = mandate.binding = by_key[mandate.binding_id]
        has_expired = binding.end_reason == Binding.EndReason.DELEGATION_EXPIRED
        mandate.move_to(Delegation.State.EXPIRED if has_expired else Delegation.State.ENDED)
        mails.delegation_ended(mandate, to=binding.reader)
        if giver := mandate.giver_reader:
            mails.delegation_ended(mandate, to=giver)


def _tell_registrars(school, students):
    registrars = User.objects.filter(school=school, is_active=True, role_rows__role=Role.REGISTRAR).exclude(email="")
    for registrar in registrars:
        mails.parent_left(registrar, school=school, students=students)
