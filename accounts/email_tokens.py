"""Codes and links by mail: what they open, how they are sent, how often."""

import secrets
from datetime import timedelta
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import mails
from accounts.models import EmailToken, SSOAccount, User
from accounts.signals import bound_readers_asked, opening_asked
from audit import log
from core.one_time_links import link_to
from notifications.mails import Reader
from registry.models import School, Student
from registry.roles import AccountKind

Purpose = EmailToken.Purpose
CODE_LASTS = timedelta(minutes=settings.MAILED_CODE_MINUTES)
RESET_LASTS = timedelta(minutes=settings.MAILED_LINK_MINUTES)
CODE_TRIES = 5
BETWEEN_CODES = timedelta(minutes=1)
CODES_AN_HOUR = 5


class TooSoon(Exception):
    """A code was mailed a moment ago, or often enough for now."""


class WrongCode(Exception):
    """Not the code that was mailed, or one that is over; `is_over` when a new one has to be sent."""

    def __init__(self, *, is_over):
        super().__init__()
        self.is_over = is_over


@transaction.atomic
def send_code(user: User) -> None:
    """Mail six digits that are good for ten minutes and five tries. Raises `TooSoon`."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    sent = EmailToken.objects.filter(user=user, purpose=Purpose.CODE).order_by("-created_at")
    last = sent.first()
    now = timezone.now()
    if last and last.created_at > now - BETWEEN_CODES:
        raise TooSoon
    if mails.sign_in_code.sent_lately(about=user, since=now - timedelta(hours=1)) >= CODES_AN_HOUR:
        raise TooSoon
    code = f"{secrets.randbelow(10**6):06d}"
    key, _token = EmailToken.replace(user, Purpose.CODE, lasts=CODE_LASTS, code=code)
    mails.sign_in_code(user, code=code, until=key.expires_at)


@transaction.atomic
def prove_mailbox(*, user: User, code: str) -> bool:
    """Note that the mailbox is the owner's, where `code` is the one that was mailed. Raises `WrongCode`."""
    key = (
        EmailToken.objects.usable()
        .select_for_update(of=("self",))
        .filter(user=user, purpose=Purpose.CODE, attempts__lt=CODE_TRIES)
        .first()
    )
    if key is None:
        raise WrongCode(is_over=True)
    fits = key.fits(code)
    if fits and key.use():
        note_proof(user)
        log.record("mailbox.proved", by=user, target=user.sso_account, data={"how": "code"})
        return True
    return False


def note_proof(user: User) -> None:
    """Write down that the mailbox was proved, by a code or by a link."""
    SSOAccount.objects.filter(user=user).update(email_proved_at=timezone.now())
    user.sso_account.email_proved_at = timezone.now()


def try_code(*, user: User, code: str) -> None:
    """`prove_mailbox`, with the attempt counted whatever becomes of it. Raises `WrongCode`."""
    try:
        if prove_mailbox(user=user, code=code):
            return
    except WrongCode:
        _note_wrong_code(user)
        raise
    key = EmailToken.objects.usable().filter(user=user, purpose=Purpose.CODE).first()
    if key:
        key.count_attempt()
    _note_wrong_code(user)
    raise WrongCode(is_over=key is None or key.attempts + 1 >= CODE_TRIES)


@transaction.atomic
def _note_wrong_code(user):
    log.record("mailbox.refused", by=user, target=user.sso_account, data={"how": "code"})


def opening_link(user: User) -> str:
    """The URL at which the owner of a new account sets a password; it works as long as the initial one."""
    return link_to(
        "accounts:sso-set-password", _token(user, Purpose.OPENING, timedelta(days=settings.SSO_INITIAL_DAYS))
    )


def _token(user, purpose, lasts):
    """A new one; the one before works no longer. Holds the person, so that of two at once the later one stands."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _row, token = EmailToken.replace(user, purpose, lasts=lasts)
    return token


def find_link(token: str) -> EmailToken | None:
    """The token behind a link that was mailed to a parent, while it works, else None."""
    links = EmailToken.objects.usable().filter(purpose__in=[Purpose.OPENING, Purpose.RESET])
    return (
        links.by_token(token)
        .select_related("user__sso_account")
        .filter(user__is_active=True)
        .exclude(user__sso_account__state=SSOAccount.State.CLOSED)
        .first()
    )


def find_portal_link(token: str, school: School) -> EmailToken | None:
    """The token behind a link to set a family's password at this school, while it works and the child is here."""
    return (
        EmailToken.objects.usable()
        .by_token(token)
        .select_related("user__student", "user__school")
        .filter(purpose=Purpose.PORTAL, user__is_active=True, user__school=school)
        .filter(user__student__in=Student.objects.enrolled())
        .first()
    )


@transaction.atomic
def send_portal_way_in(school: School, account: str) -> None:
    """Mail each bound parent one link to set the family's password; nothing where there is nobody.

    One link for all of them, since they share the account: who opens it first sets the password, and all of them are
    told of that.
    """
    student = Student.objects.enrolled().filter(school=school, student_number__iexact=account[1:]).first()
    user = User.objects.filter(student=student, is_active=True).first() if student else None
    if user is None:
        return
    answers: list[Any] = [answer for _receiver, answer in bound_readers_asked.send(User, student=student)]
    readers: list[Reader] = list(chain.from_iterable(answers))
    if not readers:
        return
    link = link_to("accounts:set-password", _token(user, Purpose.PORTAL, RESET_LASTS), school.slug)
    for reader in readers:
        mails.portal_password_link(user, to=reader, link=link, until=timezone.now() + RESET_LASTS)
    log.record("password.reset_asked", target=user, school=school)


@transaction.atomic
def send_way_in(email: str, language: str) -> None:
    """Mail a link to a parent who forgot the password or never had the opening mail; nothing to anybody else."""
    user = (
        User.objects.select_related("sso_account")
        .filter(kind=AccountKind.PARENT, username=email, is_active=True)
        .exclude(sso_account__state=SSOAccount.State.CLOSED)
        .first()
    )
    if user is None:
        return
    if user.sso_account.state == SSOAccount.State.INITIAL:
        opening_asked.send(User, user=user)
        return
    send_reset(user, language)


def send_reset(user: User, language: str) -> None:
    """Mail a link to set a new password, whatever becomes of the one before; `language` is that of the page."""
    link = link_to("accounts:sso-set-password", _token(user, Purpose.RESET, RESET_LASTS))
    mails.password_reset(user, link=link, until=timezone.now() + RESET_LASTS, on_page=language)
    log.record("password.reset_asked", target=user.sso_account)
