"""Signing, and the turning of the keys: one signs, the next one is already served, the last one still is."""

import json
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from jwcrypto import jwk, jws, jwt
from jwcrypto.common import JWException

from audit import log
from core import crypto
from oidc.models import SigningKey

BITS = 2048


class NoSigningKey(Exception):
    """There is no key yet: `manage.py rotate_signing_key --first` makes the first two."""


class AlreadyTurned(Exception):
    """Somebody turned the keys since the page was shown: turned twice, nobody would know the one that signs."""


def sign(claims, *, kind="JWT"):
    """A compact JWT, RS256, signed with the current key; `kind` is its `typ`."""
    try:
        key = SigningKey.objects.current()
    except SigningKey.DoesNotExist:
        raise NoSigningKey from None
    token = jwt.JWT(header={"typ": kind, "alg": "RS256", "kid": key.kid}, claims=claims)
    token.make_signed_token(_open(key.sealed_private_key))
    return token.serialize()


def read_own(token):
    """The claims of an id_token that we signed, expired or not; None for anything else."""
    verified = jws.JWS()
    verified.allowed_algs = ["RS256"]
    try:
        verified.deserialize(token)
        header = verified.jose_header
        if not isinstance(header, dict) or header.get("typ") != "JWT":
            return None
        key = SigningKey.objects.served().filter(kid=str(header.get("kid", ""))[:43]).first()
        if key is None:
            return None
        verified.verify(jwk.JWK.from_json(key.public_jwk))
        claims = json.loads(verified.payload)
    except (JWException, ValueError, KeyError, TypeError):
        return None
    return claims if claims.get("iss") == settings.SITE_URL else None


def served_keys():
    return [key.jwk for key in SigningKey.objects.served()]


def make_first(*, by=None):
    """The first current and next key, where there are none. True when they were made."""
    if SigningKey.objects.filter(state=SigningKey.State.CURRENT).exists():
        return False
    try:
        with transaction.atomic():
            _make().put_to_use()
            _make()
            log.record("signing_key.first_made", by=by)
    except IntegrityError:
        return False  # another process started in this very moment
    return True


@transaction.atomic
def rotate(*, by=None, is_stolen=False, instead_of=None):
    """The next key signs from now on. The old one is served while its tokens may live; a stolen one is not.

    `instead_of`: the `kid` that whoever asked saw signing. Raises AlreadyTurned where another one does.
    """
    # Whoever waits here reads the keys after it: what was found before does not know the next key that was just made.
    list(SigningKey.objects.select_for_update().exclude(state=SigningKey.State.RETIRED).order_by("pk"))
    keys = {key.state: key for key in SigningKey.objects.exclude(state=SigningKey.State.RETIRED)}
    if SigningKey.State.CURRENT not in keys or SigningKey.State.NEXT not in keys:
        raise NoSigningKey
    if instead_of is not None and keys["current"].kid != instead_of:
        raise AlreadyTurned
    now = timezone.now()
    # An id_token is shown again as a hint at log-out: as long as the longest session, and one life of a token.
    keep = timedelta(0) if is_stolen else timedelta(hours=settings.SIGN_ON_HOURS * 2)
    keys["current"].retire(served_until=now + keep)
    keys["next"].put_to_use()
    _make()
    log.record("signing_key.rotated", by=by, target=keys["next"], data={"stolen": is_stolen})
    return keys["next"]


def _make():
    key = jwk.JWK.generate(kty="RSA", size=BITS)
    private = key.export_to_pem(private_key=True, password=None).decode()
    return SigningKey.objects.create(
        kid=key.thumbprint(), public_jwk=key.export_public(), sealed_private_key=crypto.encrypt(private)
    )


@lru_cache(maxsize=4)
def _open(sealed):
    """Opening a key costs more than signing with it."""
    return jwk.JWK.from_pem(crypto.decrypt(sealed).encode())
