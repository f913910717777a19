"""The outbox: mails written in the transaction of what they tell of, sent later by a worker; and where none arrive."""

from datetime import timedelta

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import EmailAddressField, WebAddressField
from notifications.fields import SealableTextField
from notifications.retries import Queued, QueuedQuerySet


class Outcome(models.TextChoices):
    """What a mail server's refusal says of the address (see `notifications.bounces.verdict`)."""

    GONE = "gone", _("信箱不存在")
    LOST = "lost", _("這次沒有送達")
    REFUSED = "refused", _("對方主機拒收")


FAILED = Q(state=Queued.State.DEAD) | ~Q(bounced_as="")
LATELY = timedelta(days=7)  # how far back desks tell of what did not arrive


class MessageQuerySet(QueuedQuerySet):
    def failing(self):
        """Given up or come back in the last days, without their words."""
        return self.filter(FAILED, created_at__gt=timezone.now() - LATELY).defer("text", "html")

    def about(self, thing):
        return self.filter(about_type=thing._meta.label_lower, about_id=str(thing.pk))

    def about_any(self, things):
        """About any of `things`, which are of one kind; none of none."""
        keys = [str(one.pk) for one in things]
        return self.filter(about_type=things[0]._meta.label_lower, about_id__in=keys) if things else self.none()

    def secrets_out_of_time(self, now):
        """Mails with a link or a code that still wait though their time is over, and that no worker holds."""
        return self.filter(is_sensitive=True, state=Queued.State.QUEUED, retry_until__lt=now).filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        )


class Message(Queued):
    """One mail to one address.

    A sensitive one carries a link or a code that opens an account (see `notifications.mails`): its words are
    sealed while it waits, and gone once it does not.
    """

    kind = models.CharField(_("種類"), max_length=40)
    to = EmailAddressField(_("收件人"))
    subject = models.CharField(_("主旨"), max_length=200)
    text = SealableTextField(_("文字內容"))
    html = SealableTextField(_("HTML 內容"))
    is_sensitive = models.BooleanField(_("含有連結或驗證碼"), default=False)
    unsubscribe_url = WebAddressField(_("不再收信的網址"), max_length=400, blank=True)
    not_after = models.DateTimeField(_("逾時不寄"), null=True, blank=True)
    about_type = models.CharField(_("對象種類"), max_length=60, blank=True)
    about_id = models.CharField(_("對象編號"), max_length=40, blank=True)
    school_id = models.BigIntegerField(_("學校編號"), null=True)
    student_id = models.BigIntegerField(_("學生編號"), null=True, db_index=True)
    bounced_as = models.CharField(_("退信"), max_length=7, choices=Outcome.choices, blank=True)
    bounced_at = models.DateTimeField(_("退信時間"), null=True)
    server_code = models.CharField(_("對方主機的代碼"), max_length=12, blank=True)
    server_words = models.CharField(_("對方主機的說明"), max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("郵件")
        verbose_name_plural = _("郵件")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="messages_due"),
            models.Index(fields=["about_type", "about_id"], name="messages_about"),
            models.Index(fields=["to"], condition=~Q(bounced_as=""), name="messages_that_came_back"),
            models.Index(fields=["school_id", "created_at"], condition=FAILED, name="messages_that_failed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(bounced_as="", bounced_at__isnull=True) | (~Q(bounced_as="") & Q(bounced_at__isnull=False)),
                name="message_bounced_has_time",
            ),
            models.CheckConstraint(
                condition=Q(is_sensitive=False) | Q(state="queued") | Q(text="", html=""),
                name="secret_of_message_is_gone",
                violation_error_message=_("含有連結或驗證碼的信，不再等待寄送時要清空內容。"),
            ),
        ]

    def __str__(self):
        return f"{self.kind} #{self.pk}"

    @classmethod
    def at_end(cls):
        """What is written beside the state of a mail that waits no longer: a sensitive one loses its words."""
        return {
            name: Case(When(is_sensitive=True, then=Value("")), default=F(name), output_field=models.TextField())
            for name in ("text", "html")
        }

    @property
    def fate(self):
        """What became of it, in words: that it came back, else its state."""
        return _("已退回") if self.bounced_as else self.get_state_display()

    @property
    def can_be_resent(self):
        """It went out, or was given up, and still tells the truth; one that waits or was taken back is left alone.

        What a sensitive one carried is over, or will be made anew by who sends it again.
        """
        is_true = self.is_sensitive or not self.is_too_late
        return self.state in (self.State.SENT, self.State.DEAD) and is_true

    @property
    def is_too_late(self):
        """Nothing goes out after its `not_after`, whether it was tried before or not."""
        return self.not_after is not None and self.not_after < timezone.now()


class GoneAddress(models.Model):
    """An address that does not exist, as a mail server said: nothing is sent there until somebody lifts this."""

    email = EmailAddressField(_("電子郵件"), unique=True)
    since = models.DateTimeField(_("退信時間"), default=timezone.now)
    server_code = models.CharField(_("對方主機的代碼"), max_length=12, blank=True)
    server_words = models.CharField(_("對方主機的說明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("退信的信箱")
        verbose_name_plural = _("退信的信箱")
        ordering = ["-since", "-pk"]

    def __str__(self):
        return f"#{self.pk}"


def is_gone(column):
    """An expression for a queryset: whether the address in `column` is gone."""
    return Exists(GoneAddress.objects.filter(email=OuterRef(column)))
