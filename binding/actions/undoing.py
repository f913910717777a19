"""A decision taken back before anybody was told of it: what an approval had started is removed."""

from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError

from accounts import sso_accounts
from accounts.models import SSOAccount, User
from accounts.sso_accounts import close_unused_account
from audit import log
from binding.actions.starting import send_account_mail
from binding.models import Applicant, Binding
from notifications import outbox
from notifications.models import Message

SAME_MOMENT = timedelta(seconds=5)  # what one approval does, at most, lies so far apart


@transaction.atomic
def take_back_approval(*, applicant: Applicant, by: User) -> None:
    """Remove the binding of `applicant`, the mail that waits, and the account that was opened for it.

    Raises `outbox.TooLate` where the mail may have gone out or the parent has come in already.
    """
    binding = Binding.objects.select_for_update(of=("self",)).filter(applicant=applicant).first()
    if binding is None:  # the person was bound before: approving made nothing but a mail
        outbox.take_back(Message.objects.about(applicant).filter(created_at__gte=applicant.decided_at))
        return
    account = SSOAccount.objects.select_for_update(of=("self",)).select_related("user").get(pk=binding.account_id)
    if binding.state != Binding.State.ACTIVE or _took_the_place_of_a_mandate(binding):
        raise outbox.TooLate
    if binding.opened_account and account.state != SSOAccount.State.INITIAL:
        raise outbox.TooLate
    outbox.take_back(Message.objects.about(binding))
    log.record("binding.taken_back", by=by, target=binding, school=applicant.application.student.school)
    opened = binding.opened_account
    try:
        binding.delete()
    except ProtectedError:  # a correction of the address, or a mandate, rests on it already
        raise outbox.TooLate from None
    if opened:
        _leave_account(account, by)
    elif not Binding.objects.active().filter(account=account).exists():
        sso_accounts.leave_again(user=account.user, since=binding.started_at - SAME_MOMENT, by=by)


def _took_the_place_of_a_mandate(binding: Binding) -> bool:
    """What the approval ended does not come back, and its people were told."""
    ended = Binding.objects.filter(account=binding.account_id, student=binding.student_id, kind=Binding.Kind.DELEGATED)
    return ended.filter(ended_at__gte=binding.started_at - SAME_MOMENT).exists()


def _leave_account(account: SSOAccount, by: User) -> None:
    """Another child may have been added meanwhile: then its mail has to say how to log in."""
    heirs = Binding.objects.active().filter(account=account).with_people()
    if other := heirs.order_by("pk").first():
        other.opened_account = True
        other.save(update_fields=["opened_account"])
        send_account_mail(other, is_new=True)
    else:
        close_unused_account(account=account, by=by)
