"""What people do at the doors: log in, change a password, open an SSO account."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.crypto import constant_time_compare

from accounts import leaving, mails, one_time_links, throttle
from accounts.models import FormerPassword, SSOAccount, User
from accounts.signals import password_changed, portal_password_changed
from audit import log
from core import crypto, emails, identity
from registry.models import Student
from registry.roles import AccountKind


class CaptchaWanted(Exception):
    """So many attempts failed that the next one has to come from a person."""


class EmailTaken(Exception):
    """The address is the user name of another person's SSO account; people are never merged by e-mail."""


def log_in_family(*, school, account, password):
    """The family behind P+student number when the password fits, else None. Raises `throttle.Paused`."""
    account = account.upper()
    student = (
        Student.objects.enrolled()
        .filter(school=school, student_number__iexact=account[1:])
        .select_related("school_class")
        .first()
        if account.startswith("P")
        else None
    )
    user = _family_user(student) if student else None
    attempt = throttle.take("portal", f"{school.pk}/{account}", user=user)
    return _finish_log_in(attempt, user, password, school=school)


def _family_user(student):
    """The stored account, one not stored yet, or None where the account was switched off."""
    user = User.objects.filter(student=student).select_related("student__school_class").first()
    if user is None:
        return User(
            kind=AccountKind.FAMILY,
            student=student,
            school_id=student.school_id,
            password=User.UNSET_PASSWORD,
        )
    return user if user.is_active else None


def log_in_staff(*, school, account, password):
    """The member of staff of `school` (None: of the city) when the password fits, else None."""
    account = account.lower()
    user = User.objects.filter(kind=AccountKind.STAFF, school=school, account=account, is_active=True).first()
    attempt = throttle.take("staff", f"{school.pk if school else 'city'}/{account}", user=user)
    return _finish_log_in(attempt, user, password, school=school)


def log_in_parent(*, email, password, is_human=True):
    """The parent with this e-mail as user name when the password fits, else None.

    `is_human`: a captcha was answered; without one, raises `CaptchaWanted` after a few failures.
    """
    email = emails.normalize(email)
    user = _find_parent(email)
    attempt = throttle.take("sso", email, user=user)
    if not is_human and (attempt.spraying or attempt.number > settings.CAPTCHA_AFTER_FAILURES):
        throttle.return_one(attempt)
        raise CaptchaWanted
    return _finish_log_in(attempt, user, password)


def wants_captcha(email):
    """Whether the next log-in of this parent, on this browser, has to come with a captcha."""
    email = email.lower()
    return throttle.wants_captcha("sso", email, _find_parent(email) if email else None)


def _find_parent(email):
    return (
        User.objects.filter(kind=AccountKind.PARENT, username=email, is_active=True)
        .exclude(sso_account__state=SSOAccount.State.CLOSED)
        .select_related("sso_account")
        .first()
    )


def _finish_log_in(attempt, user, password, *, school=None):
    if not password_fits(user, password):
        with transaction.atomic():
            known = user if user and user.pk else None
            log.record("login.failed", target=known, school=school)
        throttle.note_failure(attempt)
        return None
    with transaction.atomic():
        if user.pk is None:
            user = User.objects.for_family(user.student)
        log.record("login.succeeded", by=user, target=user, school=school)
        if user.owes_second_factor:
            throttle.return_one(attempt)
        else:
            throttle.give_back(attempt)
    return user


def password_fits(user, password):
    """Check a typed password at the cost of one hash, whether the account is absent, initial or changed."""
    if user is not None and user.has_usable_password():
        fits = user.check_password(password)
    else:
        make_password(password)
        fits = user is not None and _fits_initial(user, password)
    if not fits and (user is None or user.kind == AccountKind.PARENT):
        # As much as an initial password costs: its time would tell them apart.
        SSOAccount.objects.filter(user=user and user.pk).take_initial_try()
    return fits


def _fits_initial(user, password):
    """A parent's initial password has ten tries in all, taken before the look: a hundred at once get no more."""
    if user.initial_password is None:
        return False
    fits = constant_time_compare(_as_identity(password), user.initial_password)
    if not fits or user.kind != AccountKind.PARENT:
        return fits
    account = SSOAccount.objects.filter(pk=user.sso_account.pk)
    return account.take_initial_try() and account.give_back_initial_try()


def _as_identity(typed):
    """An initial password is an ID number or a part of it, so it may be typed as forgivingly as one."""
    return identity.normalize(typed)


@transaction.atomic
def change_password(*, user, password):
    """Set the person's own password, and tell its owner; an SSO account that was waiting becomes active."""
    FormerPassword.keep(user)
    user.set_password(password)
    user.has_temporary_password = False
    user.save(update_fields=["password", "has_temporary_password"])
    log.record("password.changed", by=user, target=user)
    if user.kind == AccountKind.FAMILY:
        portal_password_changed.send(User, user=user)
    password_changed.send(User, user=user)
    if user.kind == AccountKind.PARENT and user.sso_account.state == SSOAccount.State.INITIAL:
        _move(user.sso_account, SSOAccount.State.ACTIVE)
        log.record("sso_account.activated", by=user, target=user.sso_account)
    tell_of_new_password(user)
    return user


@transaction.atomic
def set_password_by_link(*, key, password):
    """Behind a mailed link: the mailbox is proved, sessions end. Of two who press at once one wins."""
    if not key.use():
        return False
    user = key.user
    one_time_links.note_proof(user)
    change_password(user=user, password=password)
    user.end_sessions()
    # Whoever locked the account from elsewhere does not keep its owner out.
    throttle.forget(throttle.counters_of(*throttle.door_of(user)))
    return True


def tell_of_new_password(user):
    """The owner's own mailbox; what a family shares is told by the rooms above."""
    if user.kind != AccountKind.FAMILY and user.email:
        mails.password_changed(user)


@dataclass(frozen=True)
class OpenedAccount:
    account: SSOAccount
    is_new: bool


@transaction.atomic
def open_sso_account(*, name, identity_number, mobile, email, by):
    """The person's SSO account: the one they have, untouched, or a new one. Raises `EmailTaken`.

    A person is who has the ID number; a closed account opens again under the address given now.
    """
    email = emails.normalize(email)
    fingerprint = crypto.fingerprint(identity_number)
    existing = _find_account(fingerprint)
    if existing and existing.state != SSOAccount.State.CLOSED:
        leaving.settle(existing.user, by=by)
        return OpenedAccount(existing, is_new=False)
    owner = SSOAccount.objects.filter(user__username=email).first()
    if owner and owner.identity_fingerprint != fingerprint:
        raise EmailTaken
    if existing:
        return OpenedAccount(_reopen(existing, email=email, by=by), is_new=True)
    try:
        with transaction.atomic():
            account = _create_account(name=name, identity_number=identity_number, mobile=mobile, email=email)
    except IntegrityError:
        # Another school approved the same person, or the same address, in this very moment.
        account = _find_account(fingerprint)
        if account is None:
            raise EmailTaken from None
        return OpenedAccount(account, is_new=False)
    log.record("sso_account.opened", by=by, target=account)
    return OpenedAccount(account, is_new=True)


def _find_account(fingerprint):
    return (
        SSOAccount.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(identity_fingerprint=fingerprint)
        .first()
    )


def _create_account(*, name, identity_number, mobile, email):
    user = User.objects.create(
        kind=AccountKind.PARENT, username=email, email=email, name=name, password=User.UNSET_PASSWORD
    )
    account = SSOAccount(user=user, name=name, mobile=mobile, initial_until=SSOAccount.initial_deadline())
    account.identity_number = identity_number
    account.save()
    return account


def _reopen(account, *, email, by):
    User.objects.filter(pk=account.user_id).update(
        username=email, email=email, password=User.UNSET_PASSWORD, is_active=True
    )
    account.user.refresh_from_db()
    _move(account, SSOAccount.State.INITIAL)
    log.record("sso_account.reopened", by=by, target=account)
    return account


@transaction.atomic
def close_unused_account(*, account, by):
    """Undo the opening of an account that nobody used: it is gone, or closed again where it lived before."""
    log.record("sso_account.opening_undone", by=by, target=account)
    user = account.user
    try:
        with transaction.atomic():
            account.delete()
            user.delete()
    except ProtectedError:
        _move(SSOAccount.objects.get(user=user), SSOAccount.State.CLOSED)
        user.end_sessions()


@transaction.atomic
def renew_initial_password(*, account, by):
    """Let the initial password of an account that was never used work again, for as long as at first."""
    account = SSOAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if account.state != SSOAccount.State.INITIAL:
        raise ValueError("only an account in its initial state has an initial password")
    account.initial_until = SSOAccount.initial_deadline()
    account.initial_failures = 0
    account.save(update_fields=["initial_until", "initial_failures"])
    log.record("sso_account.initial_renewed", by=by, target=account)
    return account


@transaction.atomic
def close_account(*, account, by):
    """The end of an account that its owner left."""
    _move(account, SSOAccount.State.CLOSED)
    log.record("sso_account.closed", by=by, target=account)


def _move(account, state):
    if state not in SSOAccount.MOVES[account.state]:
        raise ValueError(f"an SSO account does not move from {account.state} to {state}")
    account.state = state
    if state == SSOAccount.State.INITIAL:
        account.initial_until = SSOAccount.initial_deadline()
        account.initial_failures = 0
    account.save(update_fields=["state", "initial_until", "initial_failures"])
    if state == SSOAccount.State.CLOSED:
        account.user.end_sessions()
