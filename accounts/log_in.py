"""Log-in: of families and staff at a school's portal, of parents at single sign-on."""

from django.conf import settings
from django.db import transaction

from accounts import device_cookie, passwords, throttle
from accounts.models import SSOAccount, User
from audit import log
from core import emails
from core.compiled import compiled
from registry.models import School, Student
from registry.roles import AccountKind


class CaptchaWanted(Exception):
    """The next attempt has to come from a person."""


class Refused(Exception):
    """A wrong account or password, as one: `tries_left` until the account pauses, for `minutes`.

    Counted for accounts that nobody has as well, so that the figure tells nothing of them. It is worth telling
    (`is_worth_telling`) from the third failure on, and always before the last try.
    """

    def __init__(self, attempt: throttle.Attempt) -> None:
        super().__init__()
        self.tries_left = attempt.left
        self.minutes = -(-attempt.seconds_left // 60)
        self.is_worth_telling = attempt.number >= settings.CAPTCHA_AFTER_FAILURES or attempt.left <= 1


def log_in_family(*, school: School, account: str, password: str, is_human: bool = True) -> User:
    """The family behind P+student number. Raises `Refused`, `CaptchaWanted` and `throttle.Paused`."""
    user = _find_family(school, account)
    attempt = throttle.consume("portal", f"{school.pk}/{account.upper()}", user=user)
    _ask_for_a_person(attempt, is_human, after=portal_captcha_after())
    return _finish_log_in(attempt, user, password, school=school)


def _find_family(school, account):
    if not account.upper().startswith("P"):
        return None
    students = Student.objects.enrolled().filter(school=school, student_number__iexact=account[1:])
    student = students.select_related("school_class").first()
    return _family_user(student) if student else None


def _family_user(student):
    """The stored account, one not stored yet, or None where the account was switched off."""
    user = User.objects.filter(student=student).select_related("student__school_class").first()
    if user is None:
        return User(kind=AccountKind.FAMILY, student=student, school_id=student.school_id, password=User.UNSET_PASSWORD)
    return user if user.is_active else None


def log_in_staff(*, school: School | None, account: str, password: str, is_human: bool = True) -> User:
    """The member of staff of `school` (None: of the city). Raises as `log_in_family`."""
    user = _find_staff(school, account)
    attempt = throttle.consume("staff", _staff_key(school, account), user=user)
    _ask_for_a_person(attempt, is_human, after=portal_captcha_after())
    return _finish_log_in(attempt, user, password, school=school)


def _find_staff(school, account):
    return User.objects.filter(kind=AccountKind.STAFF, school=school, account=account.lower(), is_active=True).first()


def _staff_key(school, account):
    return f"{school.pk if school else 'city'}/{account.lower()}"


def log_in_parent(*, email: str, password: str, is_human: bool = True) -> User:
    """The parent with this e-mail as user name. Raises as `log_in_family`."""
    email = emails.normalize(email)
    user = _find_parent(email)
    attempt = throttle.consume("sso", email, user=user)
    _ask_for_a_person(attempt, is_human, after=settings.CAPTCHA_AFTER_FAILURES)
    return _finish_log_in(attempt, user, password)


def portal_captcha_after() -> int:
    """So many failures from a browser that is not known for the account, and the portal asks for a captcha."""
    return 0 if settings.PORTAL_CAPTCHA == "always" else 1


def _ask_for_a_person(attempt, is_human, *, after):
    """A browser that is known for the account is asked after a few failures only. What was not answered costs no try."""
    if attempt.is_known:
        after = settings.CAPTCHA_AFTER_FAILURES
    if not is_human and (attempt.spraying or attempt.number > after):
        throttle.refund(attempt)
        raise CaptchaWanted


def family_wants_captcha(school: School, account: str) -> bool:
    """Whether the next log-in of this family, on this browser, has to come with a captcha."""
    if not account:
        return _stranger_wants_captcha()
    user = _find_family(school, account) if device_cookie.current().accounts else None
    return throttle.wants_captcha("portal", f"{school.pk}/{account.upper()}", user, after=portal_captcha_after())


def staff_wants_captcha(school: School | None, account: str) -> bool:
    if not account:
        return _stranger_wants_captcha()
    user = _find_staff(school, account) if device_cookie.current().accounts else None
    return throttle.wants_captcha("staff", _staff_key(school, account), user, after=portal_captcha_after())


def _stranger_wants_captcha():
    """Before an account is named: a browser that is known for some account may be known for the one to come."""
    return portal_captcha_after() == 0 and not device_cookie.current().accounts


def parent_wants_captcha(email: str) -> bool:
    email = email.lower()
    user = _find_parent(email) if email else None
    return throttle.wants_captcha("sso", email, user, after=settings.CAPTCHA_AFTER_FAILURES)


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
        raise Refused(attempt)
    with transaction.atomic():
        if user.pk is None:
            user = User.objects.for_family(user.student)
        log.record("login.succeeded", by=user, target=user, school=school)
        if user.owes_second_factor:
            throttle.refund(attempt)
        else:
            throttle.clear(attempt)
    return user
