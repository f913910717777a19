"""A registrar says what a parent's name or ID number should be; a second member of staff, paper in hand, agrees.

A person is who has the number: another one decides whose account it is, what the initial password is, and which court's
orders bind. Two accounts are never merged: a number that has an account already is refused.
"""

from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from accounts.initial_passwords import renew_initial_password
from accounts.models import SSOAccount, User
from audit import log
from binding import mails
from binding.actions.locks import lock_account
from binding.actions.starting import send_account_mail
from binding.models import Binding, PersonCorrection
from binding.own_family import check_not_oneself
from binding.permissions import NotBound, check_may_correct, check_second_person
from core import crypto, identity

State = PersonCorrection.State


class NothingNew(Exception):
    """Name and number are what the account has."""


class NumberTaken(Exception):
    """Another SSO account has the number."""


class NumberDiffers(Exception):
    """What the second person reads on the paper is not what the first one typed."""


class AlreadyOver(Exception):
    """Somebody else decided, or took it back, before."""


@transaction.atomic
def ask_to_correct_person(
    *, binding: Binding, new_name: str, identity_number: str, paper: str, note: str, by: User
) -> PersonCorrection:
    """Write down what is right, "" for what stays; nothing of the account changes yet. A request made before is replaced.

    Raises NothingNew, NumberTaken, NotBound and NotYours.
    """
    account = lock_account(binding.account_id)
    check_may_correct(by, binding)
    new_name = "" if new_name == account.name else new_name
    number = identity.normalize(identity_number)
    if number and crypto.fingerprint(number) == account.identity_fingerprint:
        number = ""
    if not new_name and not number:
        raise NothingNew
    if number:
        check_not_oneself(by, crypto.fingerprint(number))
        _check_is_free(crypto.fingerprint(number), account)
    for former in PersonCorrection.objects.open().filter(account=account):
        _close(former, State.REPLACED, "replaced", by=by)
    change = PersonCorrection(
        account=account, binding=binding, former_name=account.name, new_name=new_name,
        changes_number=bool(number), paper=paper, note=note, asked_by=by,
    )  # fmt: skip
    change.identity_number = number
    change.save()
    _record("asked", change, by, name=bool(new_name), number=bool(number), paper=paper)
    return change


@transaction.atomic
def agree(*, change: PersonCorrection, typed_number: str, by: User) -> PersonCorrection:
    """The second member of staff agrees: name and number change, and the parent is told.

    `typed_number`: what stands on the paper, where the number is to change. Raises AlreadyOver, NumberDiffers,
    NumberTaken, NotBound and NotYours.
    """
    change = _lock_open(change)
    account = change.account
    check_second_person(by, change)
    if not change.binding.is_active or account.state == SSOAccount.State.CLOSED:
        raise NotBound
    number = change.identity_number
    if number:
        check_not_oneself(by, change.identity_fingerprint)
        if not constant_time_compare(identity.normalize(typed_number), number):
            raise NumberDiffers
        _check_is_free(change.identity_fingerprint, account)
    _write(account, name=change.new_name, number=number)
    _close(change, State.DONE, "changed", by=by, decided_by=by)
    mails.person_corrected(change)
    if number and account.state == SSOAccount.State.INITIAL:
        _open_anew(change, by)
    return change


@transaction.atomic
def refuse(*, change: PersonCorrection, by: User) -> PersonCorrection:
    """The second member of staff does not agree. Raises AlreadyOver and NotYours."""
    change = _lock_open(change)
    check_second_person(by, change)
    return _close(change, State.REFUSED, "refused", by=by, decided_by=by)


@transaction.atomic
def cancel(*, change: PersonCorrection, by: User) -> PersonCorrection:
    """A registrar takes the request back. Raises AlreadyOver, NotBound and NotYours."""
    change = _lock_open(change)
    check_may_correct(by, change.binding)
    return _close(change, State.CANCELLED, "cancelled", by=by)


def _write(account: SSOAccount, *, name: str, number: str) -> None:
    if number:
        account.identity_number = number
    if name:
        account.name = name
        account.user.name = name
        account.user.save(update_fields=["name"])
    try:
        with transaction.atomic():
            account.save(update_fields=["name", "identity_cipher", "identity_fingerprint"])
    except IntegrityError:
        # Somebody got an account with this number in this very moment.
        raise NumberTaken from None


def _open_anew(change: PersonCorrection, by: User) -> None:
    """The initial password is the end of another number now: its owner is told anew how to come in."""
    renew_initial_password(account=change.account, by=by)
    binding = Binding.objects.with_people().get(pk=change.binding_id)
    send_account_mail(binding, is_new=True)


def _lock_open(change: PersonCorrection) -> PersonCorrection:
    account = lock_account(change.account_id)
    waiting = PersonCorrection.objects.open().select_related(
        "binding__student__school", "binding__account__user", "binding__applicant__application", "asked_by"
    )
    found = waiting.filter(pk=change.pk).first()
    if found is None:
        raise AlreadyOver
    found.account = found.binding.account = account
    return found


def _check_is_free(fingerprint: str, account: SSOAccount) -> None:
    if SSOAccount.objects.filter(identity_fingerprint=fingerprint).exclude(pk=account.pk).exists():
        raise NumberTaken


def _close(
    change: PersonCorrection, state: str, event: str, *, by: User | None, decided_by: User | None = None
) -> PersonCorrection:
    change.close(state, by=decided_by)
    _record(event, change, by, name=bool(change.new_name), number=change.changes_number)
    return change


def _record(event: str, change: PersonCorrection, by: User | None, **data: object) -> None:
    """Neither names nor numbers: which of them."""
    log.record(
        f"person_correction.{event}", by=by, target=change.account, school=change.binding.student.school, data=data
    )
