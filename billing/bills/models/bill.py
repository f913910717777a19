"""繳費單: what a student's family owes the school."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from billing.bills import words
from billing.bills.models.agent import CollectingAgent
from billing.bills.models.batch import BillBatch
from binding.models import Binding
from core import names
from core.states import HasStates
from core.text import half_width
from registry.models import School, Student
from registry.search import find_students


class BillQuerySet(models.QuerySet):
    def locked(self):
        """Always in the order of their keys, so that two who take money for several never wait for each other."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)

    def of_parent(self, user):
        """What a parent may see and pay: bills of the children bound today."""
        bound = Binding.objects.active().filter(account=user.sso_account)
        return self.filter(student__in=bound.values("student")).shown_to_families()

    def shown_to_families(self):
        """A bill is nobody's business before its batch is released, nor when it was thrown away before that."""
        return self.exclude(state__in=Bill.NOT_YET).exclude(state=Bill.State.VOID, issued_at__isnull=True)

    def with_codes(self, batch, school_class=None):
        """Bills of the batch that have their codes, of one class or of all."""
        bills = self.filter(batch=batch).exclude(state=Bill.State.DRAFT)
        return bills.filter(student__school_class=school_class) if school_class else bills

    def on_paper(self):
        """Those that can be printed to be paid: also while their families are not mailed yet."""
        return self.filter(state__in=Bill.ON_PAPER, due_on__gte=timezone.localdate())

    def for_paper(self):
        """Fetch along all that stands on their paper: two queries."""
        found = self.select_related("school", "student__school_class", "batch", "agent")
        return found.prefetch_related("items")

    def for_desk(self, school):
        """What a cashier of `school` may open, with all that the page of a bill shows."""
        mine = self.filter(school=school).select_related("school", "batch", "student__school_class", "agent")
        return mine.select_related("replaces", "replaced_by", "voided_by")

    def find_number(self, typed):
        """The bill with this write-off number, or else virtual account, however it is typed; None where none has it."""
        code = half_width(typed).replace(" ", "").replace("-", "")
        if not code:
            return None
        return self.filter(write_off_number=code).first() or self.filter(virtual_account=code).first()

    def of_whom(self, school, text):
        """Bills of whom `text` means (see `find_students`), by the names of today or those that a bill remembers."""
        now = find_students(school, text=text).order_by().values("pk")
        then = Q()
        for word in half_width(text).split()[:5]:
            number = word.upper().removeprefix("P") if word[1:].isdecimal() else word.upper()
            then &= Q(folded_then__contains=names.fold(word)) | Q(number_then__startswith=number) | Q(class_then=word)
        return self.filter(Q(student__in=now) | then)

    def in_seating_order(self, *then):
        seat = ("school_class__sort_key", "school_class__name", "seat_number")
        return self.order_by(*(f"student__{one}" for one in seat), *then, "pk")


class Bill(HasStates):
    """What a student's family owes the school once it is issued: never changed then, but voided and issued anew."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        WAITING = "waiting", _("等待通知家長")
        ISSUED = "issued", _("待繳費")
        PAID = "paid", _("已繳清")
        VOID = "void", _("已作廢")
        REFUND_DUE = "refund_due", _("待退款")
        PART_REFUNDED = "part_refund", _("已退部分款項")
        REFUNDED = "refunded", _("已退款")

    # Paid to issued: what the counter wrote down was a mistake. Refund due to paid: the refund was taken back.
    MOVES: dict[str, set] = {
        State.DRAFT: {State.WAITING, State.VOID},
        State.WAITING: {State.ISSUED, State.DRAFT},
        State.ISSUED: {State.PAID, State.VOID},
        State.PAID: {State.REFUND_DUE, State.ISSUED},
        State.REFUND_DUE: {State.PART_REFUNDED, State.REFUNDED, State.PAID},
        State.PART_REFUNDED: {State.REFUND_DUE},
    }
    SETTLED = (State.PAID, State.REFUND_DUE, State.PART_REFUNDED, State.REFUNDED)  # its money came
    REFUNDABLE = (State.PAID, State.PART_REFUNDED)
    NOT_YET = (State.DRAFT, State.WAITING)  # no family knows of it, and nobody can pay it
    THEN = ("name_then", "folded_then", "number_then", "class_then", "seat_then")
    ON_PAPER = (State.WAITING, State.ISSUED)
    is_later_part = False  # set by lists of a family: an earlier part of the same bill is open

    batch = models.ForeignKey(BillBatch, on_delete=models.PROTECT, related_name="bills", verbose_name=_("繳費批次"))
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="bills", verbose_name=_("學校"))
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="bills", verbose_name=_("學生"))
    # Whom it was made for, as the school knew the student then: found by these, whatever became of the student.
    name_then = models.CharField(_("當時的姓名"), max_length=60, blank=True)
    folded_then = models.CharField(max_length=120, blank=True, editable=False)
    number_then = models.CharField(_("當時的學號"), max_length=20, blank=True)
    class_then = models.CharField(_("當時的班級"), max_length=20, blank=True)
    seat_then = models.PositiveSmallIntegerField(_("當時的座號"), null=True)
    title = models.CharField(_("名稱"), max_length=80)  # the batch's, and which part it is
    amount = models.PositiveIntegerField(_("金額"))
    owed_back = models.PositiveIntegerField(_("已退與待退金額"), default=0)  # of what paid it, refunds of it together
    due_on = models.DateField(_("繳費期限"))
    state = models.CharField(_("狀態"), max_length=12, choices=State.choices, default=State.DRAFT)
    agent = models.ForeignKey(
        CollectingAgent, on_delete=models.PROTECT, null=True, related_name="bills", verbose_name=_("代收設定")
    )
    write_off_number = models.CharField(_("銷帳編號"), max_length=16, blank=True, db_index=True)
    virtual_account = models.CharField(_("虛擬帳號"), max_length=16, blank=True, db_index=True)
    issued_at = models.DateTimeField(_("發出時間"), null=True)
    paid_on = models.DateField(_("繳費日"), null=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("取代的繳費單")
    )
    # 分期: the bill that was split, which part this is, of how many; 0 of 0 for a whole bill.
    part_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="instalments", verbose_name=_("分期前的繳費單")
    )
    part = models.PositiveSmallIntegerField(_("第幾期"), default=0)
    parts = models.PositiveSmallIntegerField(_("共幾期"), default=0)
    voided_at = models.DateTimeField(_("作廢時間"), null=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("作廢者")
    )
    void_reason = models.CharField(_("作廢原因"), max_length=200, blank=True)

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = _("繳費單")
        verbose_name_plural = _("繳費單")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state="issued"), name="open_bills_by_due_date"),
            models.Index(fields=["batch", "id"], condition=Q(state="waiting"), name="bills_that_wait"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="bill_amount_not_negative"),
            models.CheckConstraint(condition=Q(owed_back__lte=F("amount")), name="no_more_is_owed_back_than_was_paid"),
            models.CheckConstraint(
                condition=Q(state__in=["refund_due", "part_refund", "refunded"], owed_back__gt=0)
                | (~Q(state__in=["refund_due", "part_refund", "refunded"]) & Q(owed_back=0)),
                name="what_is_owed_back_fits_the_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="part_refund") | Q(owed_back__lt=F("amount")), name="part_refund_is_a_part"
            ),
            models.CheckConstraint(
                condition=~Q(state="refunded") | Q(owed_back=F("amount")), name="refunded_is_the_whole"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["draft", "waiting"]) | Q(issued_at__isnull=True),
                name="bill_that_waits_is_not_issued",
            ),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True, part=0, parts=0)
                | Q(part_of__isnull=False, part__gte=1, part__lte=F("parts"), parts__gte=2, parts__lte=6),
                name="a_part_says_which_of_how_many",
            ),
            models.UniqueConstraint(
                fields=["batch", "student", "part"],
                condition=~Q(state="void"),
                name="one_bill_a_student_batch_and_part",
                violation_error_message=_("這名學生在這一批已經有一張繳費單。"),
            ),
            models.UniqueConstraint(
                fields=["school", "write_off_number"], condition=~Q(write_off_number=""), name="write_off_number_once"
            ),
            models.UniqueConstraint(
                fields=["school", "virtual_account"], condition=~Q(virtual_account=""), name="virtual_account_once"
            ),
        ]

    def __str__(self):
        return f"{self.student} {self.title}"

    def remember_student(self):
        """Set whom it is for as the school knows the student now; its class is fetched with it."""
        one = self.student
        self.name_then, self.folded_then, self.number_then = one.name, names.fold(one.name), one.student_number
        self.class_then, self.seat_then = one.school_class.name, one.seat_number

    @property
    def has_left(self):
        """The student is at this school no longer."""
        return self.student.school_id != self.school_id or self.student.status not in Student.PRESENT

    @property
    def is_leaving(self):
        return self.student.status == Student.Status.TRANSFERRING

    @property
    def whose(self):
        """301 5 王大明"""
        return " ".join(map(str, self.whose_parts))

    @property
    def whose_parts(self):
        """(class, seat, name); of who left as they were then, for the class of today is another school's."""
        if self.has_left and self.name_then:
            return self.class_then, self.seat_then, self.name_then
        one = self.student
        return one.school_class.name, one.seat_number, one.name

    @property
    def whose_number(self):
        return self.number_then if self.has_left and self.number_then else self.student.student_number

    @property
    def left_as(self):
        """轉出, 離校, 畢業 …, in a word; "" for who is at this school."""
        if self.student.school_id != self.school_id:
            return gettext("已轉出")
        if self.has_left or self.is_leaving or self.student.status == Student.Status.ON_LEAVE:
            return str(self.student.get_status_display())
        return ""

    def title_for_reader(self):
        """In the language of the page or mail; a bill read with its batch asks for nothing more."""
        return words.for_reader(self.title, self.batch)

    @property
    def which_part(self):
        """第 1 期，共 3 期; "" of a whole bill."""
        return words.which_part(self.part, self.parts)

    @property
    def refundable(self):
        """Whole dollars that can still go back of what paid it."""
        return self.amount - self.owed_back if self.state in self.REFUNDABLE else 0

    @property
    def is_payable(self):
        return self.state == self.State.ISSUED and not self.is_overdue

    @property
    def is_overdue(self):
        """Open, and its last day is over: no code of it may be shown any more."""
        return self.state == self.State.ISSUED and self.due_on < timezone.localdate()

    @property
    def is_on_paper(self):
        """Its codes may be shown to the cashier, who prints them: payable now, or as soon as it is released."""
        return self.state in self.ON_PAPER and self.days_left >= 0

    @property
    def can_be_paid(self):
        """Online, that is: nothing is owed of a bill that subsidies cover."""
        return self.is_payable and self.amount > 0

    @property
    def days_left(self):
        """Whole days until the last day; 0 on that day, negative after it."""
        return (self.due_on - timezone.localdate()).days

    @property
    def left_in_words(self):
        """今天到期, 還有 3 天, 已逾期 2 天"""
        if self.days_left == 0:
            return gettext("今天到期")
        if self.days_left == 1:
            return gettext("明天到期")
        if self.days_left > 0:
            return gettext("還有 %(days)d 天") % {"days": self.days_left}
        return ngettext("已逾期 %(days)d 天", "已逾期 %(days)d 天", -self.days_left) % {"days": -self.days_left}

    @property
    def refused_in_words(self):
        """Why a cashier cannot do now what an open page offered."""
        words = gettext("這張繳費單目前是「%(state)s」，不能這樣處理。")
        return words % {"state": self.get_state_display()}
