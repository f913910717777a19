"""A member of staff's own computer, where the second factor is asked for once in a while only."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_otp import login
from django_otp.models import Device

from accounts import user_agents
from accounts.models import TrustedDevice
from audit import log
from registry.roles import AccountKind


def is_offered(user):
    return settings.SECOND_FACTOR_DAYS > 0 and user.kind == AccountKind.STAFF


@transaction.atomic
def trust(request, response, factor):
    """The second factor was just shown with `factor`: this browser need not show it for a while."""
    row, token = TrustedDevice.hand_out(
        lasts=timedelta(days=settings.SECOND_FACTOR_DAYS),
        user=request.user,
        proof=TrustedDevice.proof_of(request.user),
        factor=factor.persistent_id,
        device=user_agents.device_of(request),
    )
    log.record("second_factor.device_trusted", by=request.user, target=row)
    response.set_cookie(
        settings.TRUSTED_DEVICE_COOKIE_NAME,
        token,
        max_age=settings.SECOND_FACTOR_DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def let_in(request, user):
    """Count the second factor as shown in a trusted browser. Returns whether so."""
    token = request.COOKIES.get(settings.TRUSTED_DEVICE_COOKIE_NAME, "")
    if not token or not is_offered(user):
        return False
    row = TrustedDevice.objects.usable().by_token(token).filter(user=user).first()
    if row is None or not constant_time_compare(row.proof, TrustedDevice.proof_of(user)):
        return False
    factor = Device.from_persistent_id(row.factor)
    if factor is None or factor.user_id != user.pk or not factor.confirmed:
        return False
    with transaction.atomic():
        TrustedDevice.objects.filter(pk=row.pk).update(used_at=timezone.now())
        log.record("second_factor.device_recognised", by=user, target=row)
    login(request, factor)
    return True


@transaction.atomic
def forget(rows, *, by):
    """These browsers show the second factor again. Returns how many there were."""
    forgotten, _by_model = rows.delete()
    if forgotten:
        log.record("second_factor.devices_forgotten", by=by, target=by, data={"devices": forgotten})
    return forgotten
