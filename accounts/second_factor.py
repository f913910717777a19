"""The second factor: an authenticator app and ten recovery codes on paper."""

import base64
import secrets

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp import devices_for_user, match_token

from accounts import mails, throttle
from accounts.models import Authenticator, RecoveryCode, RecoverySheet, User
from audit import log
from core.compiled import compiled

RECOVERY_CODES = 10
RECOVERY_DIGITS = 10  # digits only: a phone opens its number pad for the field of either code


def find_device(persistent_id):
    """The device that a session calls this (`django_otp.models.Device.persistent_id`), whosever it is; None without one."""
    label, _slash, key = persistent_id.rpartition("/")
    read = DEVICES.get(label)
    rows = read(pk=int(key)) if read and key.isdecimal() else []
    if not rows:
        return None
    rows[0].owners_roles = frozenset(row.role for row in rows if row.role)
    return rows[0]


@compiled(pk=int)
def _authenticators(pk):
    return _with_roles(Authenticator.objects.filter(pk=pk))


@compiled(pk=int)
def _recovery_sheets(pk):
    return _with_roles(RecoverySheet.objects.filter(pk=pk))


def _with_roles(devices):
    """A device once for each role of its owner, at least once: the next thing that a page of staff asks."""
    return devices.annotate(role=F("user__role_rows__role"))


DEVICES = {"accounts.authenticator": _authenticators, "accounts.recoverysheet": _recovery_sheets}


def device_in_setup(user):
    """The authenticator that the user is about to confirm; the same QR code when the page is opened again."""
    device, _created = Authenticator.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "authenticator"}
    )
    return device


@transaction.atomic
def enrol(device):
    """Confirm the authenticator; recovery codes of before work no longer."""
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    RecoverySheet.objects.filter(user=device.user).delete()
    User.objects.filter(pk=device.user_id).update(has_second_factor=True)
    log.record("second_factor.enrolled", by=device.user, target=device)
    _tell(device.user, is_on=True, by=device.user)


@transaction.atomic
def write_recovery_codes(user):
    """Ten fresh codes as they are written down (01234 56789; the space need not be typed), in the place of others.

    They are told this once: only their digests are kept.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    RecoverySheet.objects.filter(user=user).delete()
    sheet = RecoverySheet.objects.create(user=user, name="recovery")
    codes = _fresh_recovery_codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(sheet=sheet, digest=RecoveryCode.digest_of(user.pk, code)) for code in codes
    )
    log.record("second_factor.codes_written", by=user, target=sheet)
    return [f"{code[:5]} {code[5:]}" for code in codes]


def _fresh_recovery_codes():
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        codes.add(f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}d}")
    return sorted(codes)


def matching_device(form, user):
    """The device that the typed code is of; else None, and the form says why."""
    wrong = _("驗證碼不正確或已過期，請輸入 App 目前顯示的六個數字。")
    return _try(form, user, lambda token: match_token(user, token), wrong)


def proves_setup(form, device):
    """Whether the typed code is the first of `device`, which is in setup; why not, the form says."""
    wrong = _("驗證碼不正確，請確認手機時間正確，再輸入 App 目前顯示的六個數字。")
    return _try(form, device.user, device.verify_token, wrong)


def _try(form, user, fits, wrong):
    """What `fits` makes of the typed code, counted as attempts at log-in are; a wrong one is an event."""
    try:
        attempt = throttle.consume_of(user)
    except throttle.Paused as paused:
        words = ngettext(
            "驗證碼輸入錯誤太多次，請等 %(minutes)d 分鐘再試。",
            "驗證碼輸入錯誤太多次，請等 %(minutes)d 分鐘再試。",
            paused.minutes,
        )
        form.add_error("token", words % {"minutes": paused.minutes})
        return None
    found = fits(form.cleaned_data["token"])
    if found:
        throttle.clear(attempt)
        return found
    form.add_error("token", wrong)
    with transaction.atomic():
        log.record("second_factor.failed", by=user, target=user)
    return None


def readable_key(device):
    """The secret for typing into an app without a camera: base32 in groups of four."""
    key = base64.b32encode(device.secret).decode().rstrip("=")
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
        mails.second_factor_changed(user, is_on=is_on, by=by)
