"""Whether the mailbox that an applicant named is the applicant's: asked by a mail on sending, before anybody decides."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SSOAccount
from binding.models.applicant import Applicant
from binding.models.application import Application
from core.models import EmailAddressField
from core.one_time_links import HasSecret, SecretQuerySet
from core.states import HasStates


class AddressProofQuerySet(SecretQuerySet):
    def usable(self) -> Self:
        """Whose link can still be answered: its address is the applicant's today, and the application stands."""
        stands = Q(applicant__application__status__in=[Application.Status.SUBMITTED, Application.Status.DECIDED])
        return super().usable().filter(stands, applicant__email=models.F("email"))

    def refused(self) -> Self:
        return self.filter(state=AddressProof.State.REFUSED)


class AddressProof(HasStates, HasSecret):
    """What the reader of a mailbox says: it is the applicant's, or not. One row an address that an applicant ever named.

    An applicant's address is confirmed while the row of today's address says so: with another address the proof is
    forgotten, with the former one again it holds again. Who has an account with this proved address confirmed it by
    that (`with_address_state`). It informs whoever decides and blocks nothing.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("信箱尚未確認")
        CONFIRMED = "confirmed", _("信箱已確認")
        REFUSED = "refused", _("收信人表示沒有申請")

    # Who pressed the wrong button may still say yes; nobody unsays a yes.
    MOVES: dict[str, set] = {State.ASKED: {State.CONFIRMED, State.REFUSED}, State.REFUSED: {State.CONFIRMED}}

    applicant = models.ForeignKey(
        Applicant, on_delete=models.CASCADE, related_name="address_proofs", verbose_name=_("申請人")
    )
    email = EmailAddressField(_("電子郵件"))
    state = models.CharField(_("狀態"), max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("寄信時間"), default=timezone.now)
    answered_at = models.DateTimeField(_("答覆時間"), null=True, editable=False)

    objects = AddressProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("申請人信箱的確認")
        verbose_name_plural = _("申請人信箱的確認")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["applicant", "email"], name="one_proof_an_address"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="address_answer_has_time",
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.get_state_display()}"

    def renew_link(self) -> str:
        """A fresh token for the link to the mailbox."""
        token = self.new_token(lasts=timedelta(days=settings.ADDRESS_LINK_DAYS))
        self.save()
        return token

    def answer(self, state) -> None:
        self.move_to(state, answered_at=timezone.now())


def with_address_state(applicants: models.QuerySet[Applicant]) -> models.QuerySet[Applicant]:
    """Each with `address_state`, an `AddressProof.State` or None where no mail asked yet; no query of its own."""
    own = SSOAccount.objects.open().filter(
        user__username=OuterRef("email"),
        identity_fingerprint=OuterRef("identity_fingerprint"),
        email_proved_at__isnull=False,
    )
    said = AddressProof.objects.filter(applicant=OuterRef("pk"), email=OuterRef("email"))
    known = When(Exists(own), then=models.Value(AddressProof.State.CONFIRMED.value))
    return applicants.annotate(
        address_state=Case(known, default=Subquery(said.values("state")[:1]), output_field=models.CharField())
    )
