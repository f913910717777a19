"""The outbox: mails written in the transaction of what they tell of, sent later by a worker."""

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import EmailAddressField, WebAddressField
from notifications.fields import SealableTextField
from notifications.retries import Queued, QueuedQuerySet


class MessageQuerySet(QueuedQuerySet):
    def about(self, thing):
        return self.filter(about_type=thing._meta.label_lower, about_id=str(thing.pk))

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

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("郵件")
        verbose_name_plural = _("郵件")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="messages_due"),
            models.Index(fields=["about_type", "about_id"], name="messages_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_has_time",
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
    def can_be_resent(self):
        """It went out, or was given up, and still tells the truth; one that waits or was taken back is left alone."""
        return self.state in (self.State.SENT, self.State.DEAD) and not self.is_too_late

    @property
    def is_too_late(self):
        """Nothing goes out after its `not_after`, whether it was tried before or not."""
        return self.not_after is not None and self.not_after < timezone.now()
