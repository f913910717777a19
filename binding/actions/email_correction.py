"""A registrar corrects a parent's e-mail: a link goes to the new one, and only the link changes the account.

The owner of an account in use could lose it this way. There a second member of staff allows the link, and the former
mailbox is told whom to call; it cannot stop the change, since somebody else may be reading it.
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
from binding.actions.locks import lock_account
from binding.actions.starting import send_account_mail
from binding.models import Binding, EmailCorrection
from binding.own_family import check_not_own_account
from binding.permissions import NotBound, check_may_correct, check_registrar, check_second_person
from core import emails
from core.one_time_links import LinkOver, link_to
from registry.models import School

State = EmailCorrection.State


class SameEmail(Exception):
    """The account has this e-mail already."""


@transaction.atomic
def ask_to_correct_email(*, binding: Binding, new_email: str, reason: str, proof: str, by: User) -> EmailCorrection:
    """Write down the new e-mail and mail a link to it; nothing of the account changes yet.

    Of an account in use the link waits for `allow_correction`. A request made before is replaced. Raises AddressTaken, SameEmail, NotBound and NotYours.
    """
    account = lock_account(binding.account_id)
    check_may_correct(by, binding)
    new_email = emails.normalize(new_email)
    if new_email == account.user.username:
        raise SameEmail
    for expired in EmailCorrection.objects.expired().filter(new_email=new_email):
        expired.close(State.EXPIRED)
    _check_is_free(new_email, account)
    for former in EmailCorrection.objects.pending().filter(account=account):
        former.close(State.REPLACED)
    change = EmailCorrection(
        account=account, binding=binding, new_email=new_email, reason=reason, proof=proof, asked_by=by
    )
    log.record("email_correction.asked", by=by, target=account, school=binding.student.school, data={"proof": proof})
    if account.state == SSOAccount.State.ACTIVE:
        change.state = State.ASKED
        _reserve(change)
    else:
        _send_link(change)
    return change


@transaction.atomic
def allow_correction(*, change: EmailCorrection, by: User) -> EmailCorrection:
    """The second member of staff agrees: the link goes out, and the former mailbox is told.

    Raises LinkOver, AddressTaken, NotBound and NotYours.
    """
    change = _lock_pending(change)
    if change.state != State.ASKED or change.expires_at <= timezone.now():
        raise LinkOver
    check_second_person(by, change)
    if not change.binding.is_active:
        raise NotBound
    _check_is_free(change.new_email, change.account)
    change.allow(by)
    log.record("email_correction.allowed", by=by, target=change.account, school=change.binding.student.school)
    _send_link(change)
    mails.address_allowed(change)
    return change


@transaction.atomic
def refuse_correction(*, change: EmailCorrection, by: User) -> EmailCorrection:
    """The second member of staff does not agree. Raises LinkOver and NotYours."""
    change = _lock_pending(change)
    if change.state != State.ASKED:
        raise LinkOver
    check_second_person(by, change)
    change.close(State.REFUSED)
    log.record("email_correction.refused", by=by, target=change.account, school=change.binding.student.school)
    return change


@transaction.atomic
def resend_link(*, change: EmailCorrection, by: User) -> EmailCorrection:
    """A fresh link, for as long as the first; the one sent before works no longer. Raises LinkOver."""
    change = _lock_pending(change)
    check_may_correct(by, change.binding)
    if change.state == State.ASKED or not _is_allowed(change):
        raise LinkOver
    _check_is_free(change.new_email, change.account)
    log.record("email_correction.link_sent", by=by, target=change.account, school=change.binding.student.school)
    _send_link(change)
    return change


@transaction.atomic
def cancel_correction(*, change: EmailCorrection, by: User) -> EmailCorrection:
    """Take the request back; its link works no longer. Raises LinkOver."""
    change = _lock_pending(change)
    check_registrar(by, change.binding.student)
    check_not_own_account(by, change.account)
    change.close(State.CANCELLED)
    log.record("email_correction.cancelled", by=by, target=change.account, school=change.binding.student.school)
    return change


def find_correction(school: School, token: str) -> EmailCorrection | None:
    """The request behind a link of `school`, while it works, else None."""
    usable = EmailCorrection.objects.usable().filter(binding__student__school=school)
    return usable.by_token(token).first()


@transaction.atomic
def confirm_email(*, change: EmailCorrection) -> EmailCorrection:
    """The owner opened the link: e-mail and user name change, sessions end, the former mailbox is told.

    Raises LinkOver, and AddressTaken where somebody else got the e-mail meanwhile.
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
    log.record("email_correction.changed", by=account.user, target=account, school=school)
    if account.state == SSOAccount.State.INITIAL:
        _open_anew(change)
    return change


@transaction.atomic
def expire_correction(change: EmailCorrection) -> EmailCorrection | None:
    """Its time is over: the address is free for others. None where somebody was faster."""
    expired = EmailCorrection.objects.expired().select_for_update(of=("self",)).filter(pk=change.pk).first()
    if expired:
        expired.close(State.EXPIRED)
    return expired


def _open_anew(change: EmailCorrection) -> None:
    """The owner never came in, because the mail went elsewhere: it goes out now."""
    account = change.account
    bindings = Binding.objects.active().filter(account=account).with_people()
    binding = bindings.filter(pk=change.binding_id).first() or bindings.order_by("pk").first()
    if binding:
        renew_initial_password(account=account, by=change.asked_by)
        account.refresh_from_db()
        binding.account = account
        send_account_mail(binding, is_new=True)


def _is_allowed(change: EmailCorrection) -> bool:
    """An account that came into use after the asking needs the second person all the same."""
    return change.account.state != SSOAccount.State.ACTIVE or change.allowed_by_id is not None


def _lock_pending(change: EmailCorrection) -> EmailCorrection:
    account = lock_account(change.account_id)
    pending = EmailCorrection.objects.pending().select_related(
        "binding__student__school", "binding__applicant__application", "asked_by"
    )
    change = pending.filter(pk=change.pk).first()
    if change is None:
        raise LinkOver
    change.account = account
    return change


def _check_is_free(email: str, account: SSOAccount) -> None:
    others = User.objects.filter(username__iexact=email).exclude(pk=account.user_id)
    pending = EmailCorrection.objects.reserving().filter(new_email=email).exclude(account=account)
    if others.exists() or pending.exists():
        raise AddressTaken


def _reserve(change: EmailCorrection) -> str:
    """Save it with a token for the link, which nobody learns while it waits for a second person."""
    try:
        with transaction.atomic():
            return change.renew_link()
    except IntegrityError:
        # Another registrar asked for the same e-mail in this very moment.
        raise AddressTaken from None


def _send_link(change: EmailCorrection) -> None:
    token = _reserve(change)
    link = link_to("binding:address-confirm", token, change.binding.student.school.slug)
    mails.address_verify(change, link=link)
