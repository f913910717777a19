"""Log-in: of families and staff at a school's portal, of parents at single sign-on."""

from django.conf import settings
from django.db import transaction

from accounts import passwords, throttle
from accounts.models import SSOAccount, User
from audit import log
from core import emails
from core.compiled import compiled
from registry.models import School, Student
from registry.roles import AccountKind


class CaptchaWanted(Exception):
    """So many attempts failed that the next one has to come from a person."""


def log_in_family(*, school: School, account: str, password: str) -> User | None:
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
    attempt = throttle.consume("portal", f"{school.pk}/{account}", user=user)
    return _finish_log_in(attempt, user, password, school=school)


def _family_user(student):
    """The stored account, one not stored yet, or None where the account was switched off."""
    user = User.objects.filter(student=student).select_related("student__school_class").first()
    if user is None:
        return User(kind=AccountKind.FAMILY, student=student, school_id=student.school_id, password=User.UNSET_PASSWORD)
    return user if user.is_active else None


def log_in_staff(*, school: School | None, account: str, password: str) -> User | None:
    """The member of staff of `school` (None: of the city) when the password fits, else None."""
    account = account.lower()
    user = User.objects.filter(kind=AccountKind.STAFF, school=school, account=account, is_active=True).first()
    attempt = throttle.consume("staff", f"{school.pk if school else 'city'}/{account}", user=user)
    return _finish_log_in(attempt, user, password, school=school)


def log_in_parent(*, email: str, password: str, is_human: bool = True) -> User | None:
    """The parent with this e-mail as user name when the password fits, else None.

    `is_human`: a captcha was answered; without one, raises `CaptchaWanted` after a few failures.
    """
    email = emails.normalize(email)
    user = _find_parent(email)
    attempt = throttle.consume("sso", email, user=user)
    if not is_human and (attempt.spraying or attempt.number > settings.CAPTCHA_AFTER_FAILURES):
        throttle.refund(attempt)
        raise CaptchaWanted
    return _finish_log_in(attempt, user, password)


def wants_captcha(email: str) -> bool:
    """Whether the next log-in of this parent, on this browser, has to come with a captcha."""
    email = email.lower()
    return throttle.wants_captcha("sso", email, _find_parent(email) if email else None)


def _find_parent(email):
    return _parents.first(email=email)


@compiled(email=str)
def _parents(email):
    """One or none: a user name is one person's."""
    parents = User.objects.filter(kind=AccountKind.PARENT, username=email, is_active=True)
    return parents.exclude(sso_account__state=SSOAccount.State.CLOSED).select_related("sso_account")


def _finish_log_in(attempt, user, password, *, school=None):
    if not passwords.password_fits(user, password):
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
            throttle.refund(attempt)
        else:
            throttle.clear(attempt)
    return user
