"""Devices of the second factor: an authenticator app and ten recovery codes on paper."""

import base64
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_otp import devices_for_user, match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import throttle
from accounts.languages import language_of
from accounts.models import User
from audit import log
from notifications import outbox

RECOVERY_CODES = 10
RECOVERY_DIGITS = 10  # digits only: a phone opens its number pad for the field of either code


def device_in_setup(user):
    """The authenticator that the user is about to confirm; the same QR code when the page is opened again."""
    device, _created = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "authenticator"}
    )
    return device


@transaction.atomic
def enrol(device):
    """Confirm the authenticator and make fresh recovery codes."""
    device.confirmed = True
    device.name = "authenticator"
    device.save()
    StaticDevice.objects.filter(user=device.user).delete()
    paper = StaticDevice.objects.create(user=device.user, name="recovery")
    StaticToken.objects.bulk_create(StaticToken(device=paper, token=code) for code in fresh_recovery_codes())
    User.objects.filter(pk=device.user_id).update(has_second_factor=True)
    log.record("second_factor.enrolled", by=device.user, target=device)
    _tell(device.user, is_on=True, by=device.user)


def fresh_recovery_codes():
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        codes.add(f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}d}")
    return codes


def matching_device(form, user):
    """The device that the typed code is of; else None, and the form says why. Attempts count as at the door."""
    try:
        attempt = throttle.take(*throttle.door_of(user))
    except throttle.Paused as paused:
        words = _("驗證碼輸入錯誤太多次，請等 %(minutes)d 分鐘再試。")
        form.add_error("token", words % {"minutes": paused.minutes})
        return None
    device = match_token(user, form.cleaned_data["token"])
    if device:
        throttle.give_back(attempt)
    else:
        form.add_error("token", _("驗證碼不正確或已過期，請輸入 App 目前顯示的六個數字。"))
    return device


def recovery_codes(user):
    """As they are written down: 01234 56789; the space need not be typed."""
    codes = StaticToken.objects.filter(device__user=user).order_by("pk").values_list("token", flat=True)
    return [f"{code[:5]} {code[5:]}" for code in codes]


def readable_key(device):
    """The secret for typing into an app without a camera: base32 in groups of four."""
    key = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


@transaction.atomic
def turn_off(user):
    """A parent does without it from now on."""
    reset(user, by=user)


@transaction.atomic
def reset(user, *, by):
    """Forget every device of `user`, who is out at once: the next log-in of staff enrols anew."""
    User.objects.filter(pk=user.pk).update(has_second_factor=False)
    for device in devices_for_user(user, confirmed=None):
        device.delete()
    user.end_sessions()
    log.record("second_factor.reset", by=by, target=user)
    _tell(user, is_on=False, by=by)


def _tell(user, *, is_on, by):
    """A thief would do either: the owner hears of both."""
    if user.email:
        outbox.enqueue(
            "second-factor-changed",
            to=user.email,
            about=user,
            school=user.school,
            context={"school": user.school, "at": timezone.now(), "is_on": is_on},
            language=language_of(user, on_page=get_language() if by == user else None),
        )
