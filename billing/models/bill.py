"""繳費單."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models import School, Student


class InvalidMove(Exception):
    """The state does not allow this move."""


class BillQuerySet(models.QuerySet):
    def locked(self):
        """Always in the order of their keys, so that two who settle several never wait for each other."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


class Bill(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ISSUED = "issued", _("待繳費")
        PAID = "paid", _("已繳清")
        VOID = "void", _("已作廢")
        REFUND_DUE = "refund_due", _("待退款")
        REFUNDED = "refunded", _("已退款")

    MOVES: dict[str, set] = {
        State.DRAFT: {State.ISSUED, State.VOID},
        State.ISSUED: {State.PAID, State.VOID},
        State.PAID: {State.REFUND_DUE},
        State.REFUND_DUE: {State.REFUNDED},
    }

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="bills", verbose_name=_("學校"))
    student = models.ForeignKey(
        Student, on_delete=models.PROTECT, related_name="bills", verbose_name=_("學生")
    )
    title = models.CharField(_("名稱"), max_length=60)
    amount = models.PositiveIntegerField(_("金額"))
    due_on = models.DateField(_("繳費期限"))
    state = models.CharField(_("狀態"), max_length=12, choices=State.choices, default=State.DRAFT)
    write_off_number = models.CharField(_("銷帳編號"), max_length=16, blank=True, db_index=True)
    virtual_account = models.CharField(_("虛擬帳號"), max_length=16, blank=True, db_index=True)
    paid_on = models.DateField(_("繳費日"), null=True)

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = _("繳費單")
        verbose_name_plural = _("繳費單")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="bill_amount_not_negative"),
            models.UniqueConstraint(
                fields=["write_off_number"], condition=~Q(write_off_number=""), name="write_off_number_once"
            ),
            models.UniqueConstraint(
                fields=["virtual_account"], condition=~Q(virtual_account=""), name="virtual_account_once"
            ),
        ]

    def __str__(self):
        return f"{self.student} {self.title}"

    @property
    def is_payable(self):
        return self.state == self.State.ISSUED and self.due_on >= timezone.localdate()

    def move_to(self, state):
        if state not in self.MOVES.get(self.state, ()):
            raise InvalidMove(self.state, state)
        self.state = state
