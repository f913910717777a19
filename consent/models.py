"""Versioned consent texts and the answers of families to them."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models import Student


class ConsentTextQuerySet(models.QuerySet):
    def current(self):
        """The text in force; there is always one, the first comes with the migrations."""
        return self.filter(published_at__lte=timezone.now()).latest("published_at")


class ConsentText(models.Model):
    """One version of the privacy notice. Once published it is never edited: a change is a new version."""

    version = models.CharField(_("版本"), max_length=20, unique=True, help_text=_("例如 109-1"))
    body = models.TextField(_("內文"), help_text=_("一行一段；以「一、」「（一）」「1.」開頭的行會縮排。"))
    digest = models.CharField(_("內文摘要（SHA-256）"), max_length=64, editable=False)
    published_at = models.DateTimeField(_("生效時間"))

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("同意書版本")
        verbose_name_plural = _("同意書版本")
        ordering = ["-published_at"]

    def __str__(self):
        return self.version

    def save(self, *args, **kwargs):
        self.digest = digest_of(self.body)
        super().save(*args, **kwargs)

    @property
    def is_published(self):
        return self.pk is not None and self.published_at <= timezone.now()


def digest_of(body):
    """SHA-256 (hex) of the body's UTF-8 bytes: proves which words a family answered to."""
    return hashlib.sha256(body.encode()).hexdigest()


class ConsentDecisionQuerySet(models.QuerySet):
    def latest_of(self, student):
        return self.filter(student=student).order_by("-pk").first()

    def latest_each(self):
        """One row a student: the decision that stands."""
        newer = models.Subquery(
            ConsentDecision.objects.filter(student=models.OuterRef("student")).order_by("-pk").values("pk")[:1]
        )
        return self.filter(pk=newer)


class ConsentDecision(models.Model):
    """A family's answer. A later one supersedes it; none is ever changed or removed."""

    class Answer(models.TextChoices):
        AGREED = "agreed", _("同意")
        DECLINED = "declined", _("不同意")

    student = models.ForeignKey(
        Student, on_delete=models.PROTECT, related_name="consent_decisions", verbose_name=_("學生")
    )
    answer = models.CharField(_("意願"), max_length=8, choices=Answer.choices)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, verbose_name=_("同意書版本"))
    text_digest = models.CharField(_("內文摘要（SHA-256）"), max_length=64)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name=_("填答者"))
    decided_at = models.DateTimeField(_("填答時間"), default=timezone.now)

    objects = ConsentDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("同意書填答")
        verbose_name_plural = _("同意書填答")
        indexes = [models.Index(fields=["student", "-id"], name="decisions_of_a_student")]

    def __str__(self):
        return f"{self.get_answer_display()}（{self.text}）"

    @property
    def is_agreed(self):
        return self.answer == self.Answer.AGREED
