"""A wrong e-mail, corrected. Asking writes down and mails a link; only the link changes the account.

Whoever has an account in use could lose it this way: there a second member of staff allows the link, and the former
address is told whom to call. It can't stop it by itself: somebody else may be reading that mailbox.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import email_change
from accounts.email_change import AddressTaken
from accounts.email_tokens import note_proof
from accounts.initial_passwords import renew_initial_password
from accounts.models import SSOAccount, User
from audit import log
from binding import mails
from binding.actions.starting import send_account_mail
from binding.models import AddressChange, Binding
from binding.permissions import check_not_own_account, check_registrar, check_second
from core import emails
from core.one_time_links import LinkOver, link_to

State = AddressChange.State


class SameAddress(Exception):
    """The account has this address already."""


class NotBound(Exception):
    """A school where the person is not bound now has no say in the address."""


@transaction.atomic
def ask_for_address(*, binding, new_email, reason, proof, by):
    """Write down the new address and mail a link to it; nothing of the account changes yet.

    Of an account in use the link waits for `allow_change`. A request made before is replaced. Raises AddressTaken, SameAddress, NotBound and NotYours.
    """
    account = _lock(binding.account_id)
    _check_may_ask(by, binding)
    new_email = emails.normalize(new_email)
    if new_email == account.user.username:
        raise SameAddress
    for expired in AddressChange.objects.expired().filter(new_email=new_email):
        expired.close(State.EXPIRED)
    _check_is_free(new_email, account)
    for former in AddressChange.objects.pending().filter(account=account):
        former.close(State.REPLACED)
    change = AddressChange(
        account=account, binding=binding, new_email=new_email, reason=reason, proof=proof, asked_by=by
    )
    log.record("address.asked", by=by, target=account, school=binding.student.school, data={"proof": proof})
    if account.state == SSOAccount.State.ACTIVE:
        change.state = State.ASKED
        _reserve(change)
    else:
        _send_link(change)
    return change


@transaction.atomic
def allow_change(*, change, by):
    """The second member of staff agrees: the link goes out, and the former address is told.

    Raises LinkOver, AddressTaken, NotBound and NotYours.
    """
    change = _lock_pending(change)
    if change.state != State.ASKED or change.expires_at <= timezone.now():
        raise LinkOver
    check_second(by, change)
    if not change.binding.is_active:
        raise NotBound
    _check_is_free(change.new_email, change.account)
    change.allow(by)
    log.record("address.allowed", by=by, target=change.account, school=change.binding.student.school)
    _send_link(change)
    mails.address_allowed(change)
    return change


@transaction.atomic
def refuse_change(*, change, by):
    """The second member of staff does not agree. Raises LinkOver and NotYours."""
    change = _lock_pending(change)
    if change.state != State.ASKED:
        raise LinkOver
    check_second(by, change)
    change.close(State.REFUSED)
    log.record("address.refused", by=by, target=change.account, school=change.binding.student.school)
    return change


@transaction.atomic
def resend_link(*, change, by):
    """A fresh link, for as long as the first; the one sent before works no longer. Raises LinkOver."""
    change = _lock_pending(change)
    _check_may_ask(by, change.binding)
    if change.state == State.ASKED or not _is_allowed(change):
        raise LinkOver
    _check_is_free(change.new_email, change.account)
    log.record("address.link_sent", by=by, target=change.account, school=change.binding.student.school)
    _send_link(change)
    return change


@transaction.atomic
def cancel_change(*, change, by):
    """Take the request back; its link works no longer. Raises LinkOver."""
    change = _lock_pending(change)
    check_registrar(by, change.binding.student)
    check_not_own_account(by, change.account)
    change.close(State.CANCELLED)
    log.record("address.cancelled", by=by, target=change.account, school=change.binding.student.school)
    return change


def find_change(school, token):
    """The request behind a link of `school`, while it works, else None."""
    usable = AddressChange.objects.usable().filter(binding__student__school=school)
    return usable.by_token(token).first()


@transaction.atomic
def confirm_address(*, change):
    """The owner opened the link: e-mail and user name change, sessions end, the former address is told.

    Raises LinkOver, and AddressTaken where somebody else got the address meanwhile.
    """
    digest = change.digest
    change = _lock_pending(change)
    account = change.account
    is_closed = account.state == SSOAccount.State.CLOSED
    if change.digest != digest or not change.is_usable or is_closed or not _is_allowed(change):
        raise LinkOver
    former = account.user.email
    _check_is_free(change.new_email, account)
    change.close(State.CONFIRMED)
    email_change.rename(account.user, change.new_email)
    email_change.end_undoing(account.user)
    note_proof(account.user)
    mails.address_changed(change, former=former)
    school = change.binding.student.school
    log.record("address.changed", by=account.user, target=account, school=school)
    if account.state == SSOAccount.State.INITIAL:
        _open_anew(change)
    return change


def _open_anew(change):
    """Who never came in, because the mail went elsewhere, is told now."""
    account = change.account
    bindings = Binding.objects.active().filter(account=account)
    bindings = bindings.select_related("student__school", "student__school_class", "applicant__application")
    binding = bindings.filter(pk=change.binding_id).first() or bindings.order_by("pk").first()
    if binding:
        renew_initial_password(account=account, by=change.asked_by)
        account.refresh_from_db()
        binding.account = account
        send_account_mail(binding, is_new=True)


def _is_allowed(change):
    """An account that came into use after the asking needs the second person all the same."""
    return change.account.state != SSOAccount.State.ACTIVE or change.allowed_by_id is not None


def _lock(account_pk):
    """One change of an account's address at a time."""
    accounts = SSOAccount.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    return accounts.get(pk=account_pk)


def _lock_pending(change):
    account = _lock(change.account_id)
    pending = AddressChange.objects.pending().select_related(
        "binding__student__school", "binding__applicant__application", "asked_by"
    )
    change = pending.filter(pk=change.pk).first()
    if change is None:
        raise LinkOver
    change.account = account
    return change


def _check_may_ask(by, binding):
    check_registrar(by, binding.student)
    check_not_own_account(by, binding.account)
    if not binding.is_active:
        raise NotBound


def _check_is_free(email, account):
    others = User.objects.filter(username__iexact=email).exclude(pk=account.user_id)
    pending = AddressChange.objects.reserving().filter(new_email=email).exclude(account=account)
    if others.exists() or pending.exists():
        raise AddressTaken


def _reserve(change):
    """Save it with a token for the link, which nobody is told as long as it waits for a second person."""
    try:
        with transaction.atomic():
            return change.renew_link()
    except IntegrityError:
        # Another registrar asked for the same address in this very moment.
        raise AddressTaken from None


def _send_link(change):
    token = _reserve(change)
    link = link_to("binding:address-confirm", token, change.binding.student.school.slug)
    mails.address_verify(change, link=link)
