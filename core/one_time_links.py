"""Secrets that are told once, in a link or a cookie, and of which only a digest is kept."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST = 100  # characters of what is shown as a token; ours have 43


class LinkOver(Exception):
    """The link was used, replaced or taken back, or its time is over."""


def new_token() -> str:
    """256 random bits, for a URL or a cookie."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token: SHA-256 (hex). 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_to(page: str, token: str, *args: Any) -> str:
    """The full URL of the page with this name, with the token."""
    return f"{settings.SITE_URL}{reverse(page, args=args)}?token={token}"


class SecretQuerySet(models.QuerySet):
    def by_token(self, token: str) -> Self:
        return self.filter(digest=digest_of(token[:LONGEST]))

    def usable(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())


class HasSecret(models.Model):
    """A row that a link or a cookie opens until `expires_at`: the token stands there and nowhere else.

    Its manager comes of `SecretQuerySet`.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("有效至"))

    class Meta:
        abstract = True

    def new_token(self, *, lasts: timedelta) -> str:
        """A token that opens this row for `lasts`, and the one before no longer; the caller saves the row."""
        token = new_token()
        self.digest, self.expires_at = digest_of(token), timezone.now() + lasts
        return token

    @classmethod
    def hand_out(cls, *, lasts: timedelta, **fields: Any) -> tuple[Self, str]:
        """(a new row, its token)."""
        row = cls(**fields)
        token = row.new_token(lasts=lasts)
        row.save()
        return row, token


class UsedOnceQuerySet(SecretQuerySet):
    def unused(self) -> Self:
        return self.filter(used_at__isnull=True)

    def usable(self) -> Self:
        return super().usable().unused()


class UsedOnce(HasSecret):
    """A secret that opens its row once; its manager comes of `UsedOnceQuerySet`."""

    used_at = models.DateTimeField(_("使用時間"), null=True, editable=False)

    class Meta:
        abstract = True

    def use(self) -> bool:
        """Of two who press at once one wins. Returns whether this one did."""
        now = timezone.now()
        usable = type(self)._default_manager.filter(pk=self.pk, used_at__isnull=True, expires_at__gt=now)
        return bool(usable.update(used_at=now))
