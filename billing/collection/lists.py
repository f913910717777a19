"""Columns of the cashier's lists of money, for pages and for Excel."""

from functools import partial

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills.models import Bill
from billing.collection.models import Receipt
from billing.payments.models import Settlement
from core.listing import Column
from registry.columns import by_seat

STATE = gettext_lazy("狀態")
STUDENT = "bill__student__"


def student_of(money):
    """301 5 王小明, or that nobody knows."""
    if not money.bill:
        return _("不明")
    return money.bill.whose


SETTLEMENTS = (
    Column(
        "code", gettext_lazy("銷帳編號"), lambda one: _code(one), order=("bill__write_off_number",), nulls_last=True
    ),
    Column("student", gettext_lazy("學生"), student_of, order=by_seat(STUDENT), nulls_last=True, width=24),
    Column("title", gettext_lazy("繳費單"), lambda one: one.bill.title if one.bill else "", is_shown=False, width=28),
    Column("amount", gettext_lazy("金額"), lambda one: one.amount, order=("amount",), is_number=True),
    Column("paid", gettext_lazy("付款時間"), lambda one: one.paid_at, order=("paid_at",), nulls_last=True),
    Column("account", gettext_lazy("入帳科目"), lambda one: one.get_account_display(), order=("account",)),
    Column("state", STATE, lambda one: one.get_state_display(), order=("state",)),
    Column("why", gettext_lazy("原因"), lambda one: _(one.why) if one.why else "", is_shown=False, width=32),
    Column("told", gettext_lazy("入帳時間"), lambda one: one.told_at, order=("id",), is_shown=False),
)


def _code(settlement):
    return (settlement.bill.write_off_number if settlement.bill else "") or settlement.code or str(settlement.pk)


def settlements_with_words(settlements, text, school):
    """By write-off number, by the number of the payment, or by whose bill it paid."""
    numbered = Q(code=text) | Q(bill__write_off_number=text)
    return settlements.filter(numbered | Q(bill__in=Bill.objects.filter(school=school).of_whom(school, text)))


def refunds_with_words(refunds, text, school):
    """By the bill's write-off number, or by whose it is."""
    bills = Bill.objects.filter(school=school)
    return refunds.filter(Q(bill__write_off_number=text) | Q(bill__in=bills.of_whom(school, text)))


REFUNDS = (
    Column("pick", gettext_lazy("一起匯"), is_silent=True),
    Column(
        "student", gettext_lazy("學生"), student_of, order=by_seat(f"settlement__{STUDENT}"), nulls_last=True, width=24
    ),
    Column("bill", gettext_lazy("繳費單"), lambda one: one.bill.title if one.bill else "", width=24),
    Column("why", gettext_lazy("原因"), lambda one: _(one.why), order=("why",), width=32),
    Column("amount", gettext_lazy("金額"), lambda one: one.amount, order=("amount",), is_number=True),
    Column(
        "paid",
        gettext_lazy("付款時間"),
        lambda one: one.settlement.paid_at,
        order=("settlement__paid_at",),
        nulls_last=True,
    ),
    Column("method", gettext_lazy("付款方式"), lambda one: method_of(one.settlement)),
    Column("payee", gettext_lazy("退款帳戶"), lambda one: payee_of(one), width=32),
    Column("state", STATE, lambda one: one.get_state_display(), order=("state", "due_at")),
    Column("due", gettext_lazy("應退時間"), lambda one: one.due_at, order=("due_at",), is_shown=False),
)


def payee_of(refund):
    """The account as it may be shown, or nothing."""
    return refund.payee.masked if refund.payee_cipher else ""


REFUND_FILES = (
    Column("number", gettext_lazy("匯款檔"), lambda one: one.pk, order=("id",), is_number=True),
    Column("made", gettext_lazy("製作時間"), lambda one: one.made_at, order=("made_at",)),
    Column("by", gettext_lazy("製作者"), lambda one: one.made_by.name, order=("made_by__name",)),
    Column("count", gettext_lazy("筆數"), lambda one: one.count, order=("count",), is_number=True),
    Column("total", gettext_lazy("總金額"), lambda one: one.total, order=("total",), is_number=True),
    Column("state", STATE, lambda one: one.get_state_display(), order=("state",)),
)
REFUND_LINES = (
    Column("number", gettext_lazy("序號"), lambda one: one.number, order=("number",), is_number=True),
    Column(
        "student", gettext_lazy("學生"), lambda one: student_of(one.refund), order=by_seat(f"refund__{STUDENT}"),
        nulls_last=True, width=24,
    ),
    Column("bill", gettext_lazy("繳費單"), lambda one: one.refund.bill.title if one.refund.bill else "", width=24),
    Column("to", gettext_lazy("退款帳戶"), lambda one: one.to, order=("to",), width=32),
    Column("amount", gettext_lazy("金額"), lambda one: one.amount, order=("amount",), is_number=True),
    Column("state", STATE, lambda one: one.get_state_display(), order=("state",)),
    Column("reason", gettext_lazy("退回原因"), lambda one: one.reason, width=24),
)  # fmt: skip


def method_of(settlement):
    return settlement.payment.get_method_display() if settlement.payment else settlement.get_account_display()


COLLECTIONS = (
    Column("name", gettext_lazy("檔名"), lambda one: one.name, order=("name",), width=32),
    Column("taken", gettext_lazy("匯入時間"), lambda one: one.taken_at, order=("taken_at",)),
    Column("by", gettext_lazy("匯入者"), lambda one: one.taken_by.name, order=("taken_by__name",)),
    Column("count", gettext_lazy("筆數"), lambda one: one.count, order=("count",), is_number=True),
    Column("total", gettext_lazy("總金額"), lambda one: one.total, order=("total",), is_number=True),
    Column("state", STATE, lambda one: one.get_state_display(), order=("state",)),
)


def _of_line(read, line):
    return read(line.settlement)


LINES = (
    Column("line", gettext_lazy("列"), lambda one: one.number, order=("number",), is_number=True, width=8),
    *(
        Column(
            one.key, one.heading, partial(_of_line, one.value), is_number=one.is_number,
            order=tuple(f"settlement__{field}" for field in one.order), nulls_last=one.nulls_last, width=one.width,
            is_shown=one.is_shown,
        )
        for one in SETTLEMENTS
    ),
)  # fmt: skip


def lines_with_words(lines, text, school):
    found = settlements_with_words(Settlement.objects.filter(school=school), text, school)
    return lines.filter(settlement__in=found.order_by().values("pk"))


OUTCOME = gettext_lazy("結果")
FORESEEN = (
    Column("line", gettext_lazy("列"), lambda one: one.place, order=("number",), width=14),
    Column("code", gettext_lazy("銷帳編號或帳號"), lambda one: one.code, order=("code",), width=20),
    Column("student", gettext_lazy("學生"), student_of, order=by_seat(STUDENT), nulls_last=True, width=24),
    Column("title", gettext_lazy("繳費單"), lambda one: one.bill.title if one.bill else "", is_shown=False, width=28),
    Column("amount", gettext_lazy("金額"), lambda one: one.amount, order=("amount",), is_number=True),
    Column("paid", gettext_lazy("代收日期"), lambda one: one.paid_on, order=("paid_on",)),
    Column("channel", gettext_lazy("通路"), lambda one: one.channel, is_shown=False),
    Column("reference", gettext_lazy("交易序號"), lambda one: one.reference, is_shown=False, width=18),
    Column("outcome", OUTCOME, lambda one: one.get_outcome_display(), order=("outcome",), width=20),
    Column("why", gettext_lazy("原因"), lambda one: _(one.why) if one.why else "", order=("why",), width=36),
)


def foreseen_with_words(lines, text, school):
    """By the code or number of the bank, or by whose bill it is."""
    bills = Bill.objects.filter(school=school).of_whom(school, text)
    return lines.filter(Q(code=text) | Q(reference=text) | Q(bill__in=bills))


OPEN_BILLS = (
    Column("pick", gettext_lazy("一起收"), is_silent=True),
    Column("student", gettext_lazy("學生"), lambda one: one.whose, order=(*by_seat("student__"), "due_on"), width=24),
    Column("number", gettext_lazy("學號"), lambda one: one.whose_number, order=("student__student_number",)),
    Column("title", gettext_lazy("繳費單"), lambda one: one.title, order=("title",), width=24),
    Column("amount", gettext_lazy("金額（元）"), lambda one: one.amount, order=("amount",), is_number=True),
    Column("due", gettext_lazy("繳費期限"), lambda one: one.due_on, order=("due_on",)),
)
RECEIPTS = (
    Column("number", gettext_lazy("收據號碼"), lambda one: one.written, order=("book", "number")),
    Column("state", STATE, lambda one: one.get_state_display(), order=("state",)),
    Column(
        "amount",
        gettext_lazy("金額（元）"),
        lambda one: _amount_of(one),
        order=("payment__amount",),
        nulls_last=True,
        is_number=True,
    ),
    Column("made", gettext_lazy("登記時間"), lambda one: one.made_at, order=("made_at",)),
    Column("by", gettext_lazy("登記者"), lambda one: one.made_by.name, order=("made_by__name",)),
    Column("why", gettext_lazy("作廢原因"), lambda one: one.void_reason, width=32),
)


def _amount_of(receipt):
    """What was paid with it; nothing of a void one."""
    return receipt.payment.amount if receipt.payment and receipt.state == Receipt.State.USED else None
