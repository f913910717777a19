"""The keys that id_tokens and logout tokens are signed with."""

import json

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.states import HasStates


class SigningKeyQuerySet(models.QuerySet):
    def current(self):
        return self.get(state=SigningKey.State.CURRENT)

    def served(self):
        """What clients verify with: the next one before it signs, old ones while their tokens may live."""
        return self.filter(Q(served_until__isnull=True) | Q(served_until__gt=timezone.now()))


class SigningKey(HasStates):
    """An RSA key. The private half is encrypted with IDENTITY_KEYS and wiped when the key retires."""

    class State(models.TextChoices):
        NEXT = "next", _("下一把")
        CURRENT = "current", _("使用中")
        RETIRED = "retired", _("已退役")

    MOVES: dict[str, set] = {State.NEXT: {State.CURRENT, State.RETIRED}, State.CURRENT: {State.RETIRED}}

    kid = models.CharField(_("金鑰編號"), max_length=43, unique=True)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.NEXT)
    public_jwk = models.TextField(_("公開金鑰"))
    sealed_private_key = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(_("建立時間"), default=timezone.now)
    current_at = models.DateTimeField(_("啟用時間"), null=True)
    served_until = models.DateTimeField(_("公開至"), null=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("簽章金鑰")
        verbose_name_plural = _("簽章金鑰")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="next"), name="one_next_signing_key"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="current"), name="one_current_signing_key"),
            models.CheckConstraint(
                condition=Q(state="retired", sealed_private_key="", served_until__isnull=False)
                | (~Q(state="retired") & ~Q(sealed_private_key="") & Q(served_until__isnull=True)),
                name="retired_signing_key_is_wiped",
            ),
        ]

    def __str__(self):
        return self.kid

    def put_to_use(self):
        self.move_to(self.State.CURRENT, current_at=timezone.now())

    def retire(self, *, served_until):
        self.move_to(self.State.RETIRED, sealed_private_key="", served_until=served_until)

    @property
    def jwk(self):
        """What the JWKS document says of it."""
        return {**json.loads(self.public_jwk), "kid": self.kid, "use": "sig", "alg": "RS256"}
