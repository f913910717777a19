"""People who log in. `log_in` puts them into a test client the way the doors do."""

from types import SimpleNamespace

from django.conf import settings
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.captchas import hand_out
from accounts.email_tokens import note_proof
from accounts.models import RecoverySheet, StaffRole, User
from accounts.passwords import change_password
from accounts.sso_accounts import open_sso_account
from notifications.models import Message
from registry.roles import Role
from tests.registry.factories import make_identity

PASSWORD = "a quiet river in spring"


def family_of(student, *, password=PASSWORD):
    """The family's account; with password=None it still has the initial one."""
    user = User.objects.for_family(student)
    if password:
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


def staff(school, *roles, account="alice", name="林導師", **fields):
    user = User.objects.create_staff(account=account, name=name, school=school, password=PASSWORD, **fields)
    StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in roles)
    return user


def teacher_of(school_class, *, account=None):
    """The homeroom teacher whom the roster names for this class."""
    account = account or school_class.homeroom.account
    school_class.duties.update(account=account)
    return staff(school_class.school, Role.HOMEROOM_TEACHER, account=account)


def registrar_of(school):
    known = User.objects.filter(school=school, account="registrar").first()
    return known or staff(school, Role.REGISTRAR, account="registrar", name="註冊組長")


def city_admin():
    return User.objects.create_superuser("admin", password=PASSWORD)


def sso_parent(*, by, email="bob@example.com", number=None, name="王大明", password=PASSWORD, is_proved=True):
    """A parent with an open SSO account; with password=None it still has the initial one.

    `is_proved`: the mailbox is known to be the owner's.
    """
    opened = open_sso_account(
        name=name, identity_number=number or make_identity(901), mobile="0912345678", email=email, by=by
    )
    user = opened.account.user
    if is_proved:
        note_proof(user)
    if password:
        change_password(user=user, password=password)
        Message.objects.about(user).delete()
    return user


def log_in(client, user):
    """Log in with whatever the door asks: staff get their second factor too."""
    client.force_login(user, backend="accounts.backends.AccountBackend")
    if user.kind == "staff":
        device, _created = RecoverySheet.objects.get_or_create(user=user, name="test")
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
    return client


def with_captcha(client=None, **typed):
    """What a log-in form posts from the browser of `client`, with the right answer to a fresh captcha."""
    captcha = captcha_for(client)
    return {"captcha": captcha.code, "captcha_key": str(captcha.key), **typed}


def captcha_for(client=None):
    """A captcha for the browser of `client`; without one, for a browser that has no cookie yet."""
    cookie = client.cookies.get(settings.CSRF_COOKIE_NAME) if client else None
    captcha = hand_out(SimpleNamespace(META={"CSRF_COOKIE": cookie.value if cookie else "x" * 32}))
    if cookie is None:
        captcha.browser = ""
        captcha.save()
    return captcha
