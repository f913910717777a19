"""Back-channel logout: tells clients that a sign-on is over, again and again until they heard."""

import http.client
import secrets
import uuid

from django.conf import settings
from django.utils import timezone

from core.safe_http import Refused, post_form
from notifications import retries
from oidc import keys, pairwise
from oidc.models import LogoutNotice

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_SECONDS = 120


def deliver_due(*, limit=20, should_stop=lambda: False):
    """Post up to `limit` logout tokens, one lease each; returns how many were heard."""
    worker = str(uuid.uuid4())
    heard = 0
    waiting = LogoutNotice.objects.select_related("client", "sign_on__user")
    for _turn in range(limit):
        notice = None if should_stop() else retries.claim_next(waiting, worker)
        if notice is None:
            break
        heard += attempt(notice)
    return heard


def attempt(notice):
    """Post one leased token and write down how it went. True when the client heard."""
    return retries.guarded(_post, notice)


def _post(notice):
    client = notice.client
    if not client.is_active or not client.backchannel_logout_uri:
        retries.settle_failure(notice, "the client takes no notices any longer", is_final=True)
        return False
    try:
        fields = {"logout_token": logout_token(notice)}
        status = post_form(client.backchannel_logout_uri, fields, seconds=settings.LOGOUT_NOTICE_SECONDS)
    except Refused as refused:
        retries.settle_failure(notice, f"refused: {refused}")
        return False
    except (OSError, ValueError, http.client.HTTPException, keys.NoSigningKey) as error:
        retries.settle_failure(notice, type(error).__name__)
        return False
    if status not in (200, 204):
        retries.settle_failure(notice, f"HTTP {status}")
        return False
    retries.settle_sent(notice)
    return True


def logout_token(notice):
    """Signed at the moment of sending: it lives for two minutes. No nonce, or it could pass for an id_token."""
    now = int(timezone.now().timestamp())
    claims = {
        "iss": settings.SITE_URL,
        "aud": notice.client.client_id,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "jti": secrets.token_urlsafe(16),
        "sub": pairwise.subject(notice.sign_on.user, notice.client),
        "sid": notice.sign_on.sid,
        "events": {EVENT: {}},
    }
    return keys.sign(claims, kind="logout+jwt")
