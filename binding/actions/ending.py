"""解除綁定, by the person bound or by the registrar; by order of a court see `binding.actions.court_orders`."""

from django.db import transaction

from audit import log
from binding.actions.starting import end_binding, end_locked
from binding.actions.withdrawal import close_if_answered, lock_answer
from binding.models import Binding, Delegation, WithdrawalAnswer
from binding.permissions import NotYours, check_registrar


@transaction.atomic
def end_own(*, binding, by):
    """The person bound lets go of the child; another parent's binding stays as it is."""
    if binding.account.user_id != by.pk:
        raise NotYours
    return end_binding(binding=binding, reason=Binding.EndReason.PARENT, by=by)


@transaction.atomic
def end_by_registrar(*, binding, reason, note, by):
    """`reason` is one of `Binding.REGISTRARS_REASONS`; the person reads it, and `note`, in the mail."""
    if reason not in Binding.REGISTRARS_REASONS:
        raise ValueError(f"a registrar does not end a binding for {reason}")
    check_registrar(by, binding.student)
    return end_binding(binding=binding, reason=reason, by=by, note=note)


@transaction.atomic
def agree_to_withdrawal(*, answer, how, by):
    """Who is bound says yes to the family's request: the own binding ends, and what carers hold by this person's mandate.

    `by` is the person bound; `how` is "account" or "link". Raises NotYours and `withdrawal.LinkOver`.
    """
    answer = _lock_own(answer, by)
    answer.move_to(WithdrawalAnswer.State.AGREED)
    binding = Binding.objects.to_end().get(pk=answer.binding_id)
    _note("withdrawal.agreed", binding, how, by)
    end_locked(binding, Binding.EndReason.CONSENT_WITHDRAWN, by)
    mandates = Delegation.objects.in_force().filter(given_by=binding)
    for carers in Binding.objects.lasting().filter(delegations__in=mandates).to_end():
        end_locked(carers, Binding.EndReason.DELEGATION_ENDED, by)
    return answer


@transaction.atomic
def keep_binding(*, answer, how, by):
    """Who is bound says no: the own binding stays. Raises as `agree_to_withdrawal`."""
    answer = _lock_own(answer, by)
    answer.move_to(WithdrawalAnswer.State.KEPT)
    _note("withdrawal.kept", answer.binding, how, by)
    close_if_answered(answer.withdrawal)
    return answer


def _lock_own(answer, by):
    if answer.binding.account.user_id != by.pk:
        raise NotYours
    return lock_answer(answer)


def _note(event, binding, how, by):
    log.record(event, by=by, target=binding, school=binding.student.school, data={"how": how})
