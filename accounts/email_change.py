"""A parent's own change of the e-mail, which is the user name too.

The owner of the new e-mail opens a link before anything changes; a link at the old one takes it back for a week.
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import mails, second_factor
from accounts.email_tokens import note_proof
from accounts.models import EmailChange, SSOAccount, User
from audit import log
from core import emails
from core.one_time_links import LONGEST, LinkOver, digest_of, link_to

State = EmailChange.State


class AddressTaken(Exception):
    """Another account has the e-mail."""


@transaction.atomic
def ask(*, user: User, new_email: str) -> EmailChange:
    """Mail a link to the new e-mail; a link sent before works no longer.

    The page answers the same where somebody has the e-mail already, and its owner hears that somebody asked.
    """
    user = _lock(user)
    new_email = emails.normalize(new_email)
    for former in user.email_changes.filter(state=State.PENDING):
        former.move_to(State.REPLACED)
    change = EmailChange(user=user, former_email=user.email, new_email=new_email)
    token = change.new_token(lasts=timedelta(hours=settings.EMAIL_LINK_HOURS))
    change.save()
    log.record("email_change.asked", by=user, target=user)
    if owner := _others_with(new_email, user).first():
        mails.own_address_taken(change, owner=owner)
    else:
        mails.own_address_verify(change, link=link_to("accounts:email-change-confirm", token))
    return change


def find(token: str) -> EmailChange | None:
    return EmailChange.objects.usable().by_token(token).first()


def find_undo(token: str) -> EmailChange | None:
    return EmailChange.objects.undoable().filter(undo_digest=digest_of(token[:LONGEST])).first()


@transaction.atomic
def confirm(*, change: EmailChange) -> EmailChange:
    """Give the account the new e-mail; sessions end, and the old mailbox gets a link that takes it back.

    Raises LinkOver, and AddressTaken where somebody else got the e-mail meanwhile.
    """
    user = _lock(change.user)
    found = EmailChange.objects.usable().filter(pk=change.pk).first()
    if found is None or user.email != found.former_email or not _is_open(user):
        raise LinkOver
    change = found
    token = change.confirm()
    rename(user, change.new_email)
    note_proof(user)
    log.record("email_change.changed", by=user, target=user)
    mails.own_address_changed(change, link=link_to("accounts:email-change-undo", token))
    return change


@transaction.atomic
def undo(*, change: EmailChange) -> EmailChange:
    """Give the account its old e-mail back; the password works no longer, since the thief knew it. Raises LinkOver."""
    user = _lock(change.user)
    found = EmailChange.objects.undoable().filter(pk=change.pk).first()
    if found is None or not _is_open(user):
        raise LinkOver
    change = found
    for later in user.email_changes.filter(pk__gt=change.pk):
        if later.can_move_to(State.UNDONE):
            later.move_to(State.UNDONE, undo_until=later.undo_until or change.undo_until)
    change.move_to(State.UNDONE)
    rename(user, change.former_email)
    if user.authenticator_set.filter(created_at__gt=change.asked_at).exists():
        # Enrolled by whoever changed the e-mail: it would keep the owner out.
        second_factor.reset(user, by=user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    log.record("email_change.undone", by=user, target=user)
    return change


def end_undoing(user: User) -> None:
    """Let links in former mailboxes take nothing back any more: the school has seen who the owner is."""
    user.email_changes.undoable().update(undo_until=timezone.now())


def _lock(user):
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _is_open(user):
    return user.is_active and user.sso_account.state == SSOAccount.State.ACTIVE


def _others_with(email, user):
    return User.objects.filter(username__iexact=email).exclude(pk=user.pk)


def rename(user: User, email: str) -> None:
    """Give another e-mail and user name; the sessions end. Raises AddressTaken."""
    if _others_with(email, user).exists():
        raise AddressTaken
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(username=email, email=email)
    except IntegrityError:
        # An approval gave the e-mail to somebody else in this very moment.
        raise AddressTaken from None
    user.refresh_from_db()
    user.email_tokens.unused().delete()  # links and codes lie in the former mailbox
    user.end_sessions()
