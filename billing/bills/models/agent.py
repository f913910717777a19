"""代收設定: who collects a school's money on paper, and how codes for stores and banks are laid out.

Issuers differ in all of it, so nothing here is a constant. What was printed must stay readable: once a bill was
issued under a row, that row is never changed, and a change of the settings is a new row.
"""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.bills.virtual_accounts import BANK_LETTERS, RULES
from registry.models import School


class Retired(Exception):
    """The settings were changed: these belong to bills of before."""


class CollectingAgentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(retired_at__isnull=True)


class CollectingAgent(models.Model):
    """Of each school one row is current; those before it belong to the bills that were issued under them."""

    class DateLayout(models.TextChoices):
        MMDD = "mmdd", _("月日（例如 0914）")
        YYMM = "yymm", _("民國年月（例如 1509）")

    class PadSide(models.TextChoices):
        LEFT = "left", _("左補 0")
        RIGHT = "right", _("右補 0")

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="collecting_agents", verbose_name=_("學校")
    )
    collection_code = models.CharField(
        _("超商代收代號"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^[0-9A-Z]{3}$", _("代收代號是三個英文大寫字母或數字。"))],
        help_text=_("代收機構給學校的三碼；沒有委託超商就留空。"),
    )
    date_layout = models.CharField(
        _("第三段條碼的日期"), max_length=4, choices=DateLayout.choices, default=DateLayout.MMDD
    )
    write_off_prefix = models.CharField(
        _("銷帳編號前碼"),
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^[0-9A-Z]*$", _("前碼只能有英文大寫字母和數字。"))],
        help_text=_("沒有銀行虛擬帳號時，銷帳編號是前碼加流水號；有的話，銷帳編號就是虛擬帳號。"),
    )
    pad_side = models.CharField(_("銷帳編號不足 16 碼時"), max_length=5, choices=PadSide.choices, default=PadSide.LEFT)
    store_limit = models.PositiveIntegerField(
        _("超商單筆上限（元）"),
        default=20_000,
        validators=[MinValueValidator(1), MaxValueValidator(999_999_999)],
        help_text=_("超過的繳費單不印超商條碼。"),
    )
    store_fee = models.PositiveSmallIntegerField(_("超商手續費（元）"), default=0, validators=[MaxValueValidator(999)])
    bank_rule = models.CharField(_("銀行虛擬帳號"), max_length=20, default="", blank=True)
    bank_name = models.CharField(_("銀行與分行"), max_length=40, blank=True)
    bank_collection_number = models.CharField(
        _("銀行收款編號"),
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{4,6}$", _("收款編號是四到六個數字。"))],
    )
    next_number = models.PositiveBigIntegerField(_("下一個流水號"), default=1, editable=False)
    created_at = models.DateTimeField(_("設定時間"), default=timezone.now, editable=False)
    retired_at = models.DateTimeField(_("停用時間"), null=True, editable=False)

    objects = CollectingAgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("代收設定")
        verbose_name_plural = _("代收設定")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school"], condition=Q(retired_at__isnull=True), name="one_current_agent_a_school"
            ),
            models.CheckConstraint(
                condition=Q(bank_rule="") | Q(bank_collection_number__regex=r"^[0-9]{4,6}$"),
                name="bank_rule_has_its_number",
                violation_error_message=_("選了銀行虛擬帳號，請填收款編號。"),
            ),
            # Money finds its bill by these numbers: those of two schools must never be the same.
            models.UniqueConstraint(
                Left("bank_rule", BANK_LETTERS),
                "bank_collection_number",
                condition=Q(retired_at__isnull=True) & ~Q(bank_rule=""),
                name="bank_number_of_one_school",
            ),
            models.UniqueConstraint(
                fields=["collection_code", "write_off_prefix"],
                condition=Q(retired_at__isnull=True, bank_rule="") & ~Q(collection_code=""),
                name="store_numbers_of_one_school",
            ),
        ]

    def __str__(self):
        return f"{self.school} {self.collection_code or self.bank_name}"

    @property
    def rule(self):
        """How the bank lays out its accounts; None without a bank."""
        return RULES.get(self.bank_rule)

    @property
    def bank_code(self):
        """The three digits to transfer to; "" without a bank."""
        return self.rule.bank.code if self.rule else ""

    @property
    def field_of_another_school(self):
        """The name of the field whose number is another school's, now or on bills of before; None when all is well."""
        others = CollectingAgent.objects.exclude(school=self.school)
        if self.bank_rule:
            same_bank = others.filter(bank_rule__startswith=self.bank_rule[:BANK_LETTERS])
            number = same_bank.filter(bank_collection_number=self.bank_collection_number)
            return "bank_collection_number" if number.exists() else None
        same = others.filter(bank_rule="", write_off_prefix=self.write_off_prefix)
        is_taken = self.collection_code and same.filter(collection_code=self.collection_code).exists()
        return "write_off_prefix" if is_taken else None

    def take_numbers(self, count):
        """The first of `count` serial numbers that nobody else gets; the caller is in a transaction.

        From here on the row is held, and as it is in the database: whoever changes settings waits. Raises Retired
        when somebody was faster: take the current row then.
        """
        current = CollectingAgent.objects.current().filter(pk=self.pk)
        if not current.update(next_number=F("next_number") + count):
            raise Retired
        self.refresh_from_db()
        return self.next_number - count
