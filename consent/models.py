"""Versioned consent texts and the answers of families to them.

What is published and what was answered the database itself keeps as it is (`core.append_only`, in the migrations).
"""

import hashlib
from typing import NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from consent.languages import LANGUAGES, OFFICIAL, choices, html_code
from consent.outline import outline
from registry.models import Student


class Part(NamedTuple):
    """One line of a summary, in the language of its text."""

    label: str
    words: str


class Wording(models.Model):
    """A notice in one language: the text, and what it comes to in six plain lines."""

    language: str
    PARTS = ("what", "why", "who", "how_long", "rights", "otherwise")

    what = models.CharField(_("摘要：蒐集哪些資料"), max_length=300)
    why = models.CharField(_("摘要：做什麼用"), max_length=300)
    who = models.CharField(_("摘要：誰會用到"), max_length=300)
    how_long = models.CharField(_("摘要：用多久"), max_length=300)
    rights = models.CharField(_("摘要：您的權利"), max_length=300)
    otherwise = models.CharField(_("摘要：不同意的話"), max_length=300)
    body = models.TextField(
        _("內文"),
        help_text=_(
            "一行一段；以「一、」「（一）」「1.」開頭的行會縮排，並成為目錄。"
            "譯文請用「I.」「(1)」「1.」。標題寫到冒號為止，太長就到第一個逗號為止。"
        ),
    )
    digest = models.CharField(_("識別碼（SHA-256）"), max_length=64, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.digest = self.made_digest
        super().save(*args, **kwargs)

    @property
    def made_digest(self):
        """SHA-256 (hex) of the UTF-8 bytes of the six lines and the body, a line feed between: what a family read."""
        lines = [getattr(self, part) for part in self.PARTS]
        return hashlib.sha256("\n".join([*lines, self.body]).encode()).hexdigest()

    @property
    def summary(self):
        words = LANGUAGES[self.language]
        return [Part(getattr(words, part), getattr(self, part)) for part in self.PARTS]

    @cached_property
    def paragraphs(self):
        return outline(self.body)

    @property
    def html_language(self):
        return html_code(self.language)

    @property
    def language_name(self):
        return LANGUAGES[self.language].name

    @property
    def standing(self):
        """What the wording is worth, in its language: official, or for reading."""
        return LANGUAGES[self.language].standing

    @property
    def answers(self):
        """What agreeing and declining are, and how, in its language."""
        words = LANGUAGES[self.language]
        return words.agree, words.decline

    @property
    def is_official(self):
        return self.language == OFFICIAL


class ConsentTextQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)

    def drafts(self):
        return self.filter(published_at=None)

    def current(self):
        """The text in force, with its translations; there is always one, the first comes with the migrations."""
        in_force = self.published().filter(effective_on__lte=timezone.localdate())
        return in_force.prefetch_related("translations").latest("effective_on", "published_at")


class ConsentText(Wording):
    """One version of the privacy notice; its own words are the official Chinese. Published, it is never edited."""

    version = models.CharField(_("版本"), max_length=20, unique=True, help_text=_("例如 109-1"))
    effective_on = models.DateField(_("生效日"), help_text=_("發布之後，從這一天起請家長閱讀這個版本。"))
    published_at = models.DateTimeField(_("發布時間"), null=True, editable=False)
    published_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("發布者")
    )

    objects = ConsentTextQuerySet.as_manager()
    language = OFFICIAL

    class Meta:
        verbose_name = _("同意書版本")
        verbose_name_plural = _("同意書版本")
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_by=None) | models.Q(published_at__isnull=False),
                name="consent_text_published_by_someone_at_some_time",
            )
        ]

    def __str__(self):
        return self.version

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def wordings(self):
        """The official one first, then the translations."""
        order = list(LANGUAGES)
        return [self, *sorted(self.translations.all(), key=lambda one: order.index(one.language))]

    @property
    def whole_digest(self):
        """SHA-256 (hex) of what is read in all languages together, and from which day: what is about to be published."""
        parts = [f"{one.language} {one.made_digest}" for one in self.wordings]
        return hashlib.sha256("\n".join([self.effective_on.isoformat(), *parts]).encode()).hexdigest()

    def in_language(self, language):
        """The wording in `language`; the official one where there is no translation."""
        return next((one for one in self.wordings if one.language == language), self)


class ConsentTranslation(Wording):
    """A text in another language, for reading: the Chinese is binding. It is published, and frozen, with its text."""

    text = models.ForeignKey(
        ConsentText, on_delete=models.CASCADE, related_name="translations", verbose_name=_("同意書版本")
    )
    language = models.CharField(_("語言"), max_length=7, choices=choices)

    class Meta:
        verbose_name = _("譯文")
        verbose_name_plural = _("譯文")
        constraints = [
            models.UniqueConstraint(
                fields=["text", "language"],
                name="one_translation_a_language",
                violation_error_message=_("這個語言已經有譯文了。"),
            ),
            models.CheckConstraint(
                condition=~models.Q(language=OFFICIAL),
                name="official_text_is_no_translation",
                violation_error_message=_("中文是正式文本，不是譯文。"),
            ),
        ]

    def __str__(self):
        return f"{self.text}（{self.language_name}）"


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
    language = models.CharField(_("閱讀的語言"), max_length=7, choices=choices, default=OFFICIAL)
    text_digest = models.CharField(_("閱讀的內文識別碼（SHA-256）"), max_length=64)
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
