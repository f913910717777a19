"""A year of bills of one school: what was paid at a bank, at the counter and online, what is overdue, void, a draft."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from billing.bills.drafting import draft_for_classes
from billing.bills.issuing import begin_issuing, issue_all
from billing.bills.models import Bill, BillBatch, CollectingAgent, Semester
from billing.bills.releasing import release_batch
from billing.bills.voiding import reissue, void_bill
from billing.collection import refunding
from billing.collection.counter import take_cash
from billing.collection.reconciliation.importing import post_file, take_in
from billing.payments.gateway_notices import take_notice
from billing.payments.gateways import Notice, Outcome
from billing.payments.models import Refund
from billing.payments.paying import start_payment
from binding.models import Binding
from config.synthetic_city.earlier import days_ago
from core.school_year import ROC_OFFSET
from registry.models import SchoolClass

FEES = [("學費", 6240), ("雜費", 1740), ("代收代辦費", 1850)]
LUNCH = [("午餐費", 3300), ("補助", -500)]
GOODS = [("冬季制服", 1280)]


def collecting_agent(school, number):
    """Stores and the Bank of Taiwan collect for the `number`-th school."""
    CollectingAgent.objects.create(
        school=school,
        collection_code=collection_code(number),
        bank_rule="bot",
        bank_name="臺灣銀行公館分行",
        bank_collection_number=collection_number(number),
    )


def collection_code(number):
    """Three characters, of which no two schools have the same."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return digits[number // 1296 % 36] + digits[number // 36 % 36] + digits[number % 36]


def collection_number(number):
    return f"{700_000 + number}"


def bills_of_before(school):
    """The semester before the last, all paid but for few, and this one's fees, of which some are overdue."""
    cashier = User.objects.get(school=school, account="cashier")
    with days_ago(270):
        earlier = issue(school, cashier, "學雜費", FEES, school.school_year - 1, Semester.SECOND)
        pay_at_bank(earlier, share=0.97, by=cashier)
    with days_ago(80):
        fees = issue(school, cashier, "學雜費", FEES, school.school_year, Semester.FIRST)
    with days_ago(72):
        pay_at_bank(fees, share=0.85, by=cashier)
        pay_at_counter(fees, count=10, by=cashier)


def bills_of_now(school):
    """Lunch, of which parents hear by mail and pay online; some bills are void, replaced, owed back; a draft."""
    cashier = User.objects.get(school=school, account="cashier")
    with days_ago(6):
        lunch = issue(school, cashier, "午餐費", LUNCH, school.school_year, Semester.FIRST)
        change(lunch, by=cashier)
        pay_online(lunch, count=12)
    with days_ago(2):
        pay_at_bank(lunch, share=0.4, by=cashier)
        give_back(lunch, by=cashier)
    draft(school, cashier, "制服費", GOODS, school.school_year, Semester.FIRST)


def draft(school, cashier, title, items, year, semester):
    return draft_for_classes(
        school=school,
        classes=SchoolClass.objects.filter(school=school),
        items=items,
        by=cashier,
        title=title,
        school_year=year,
        semester=semester,
        due_on=timezone.localdate() + timedelta(days=20),
    )


def issue(school, cashier, title, items, year, semester):
    """A batch that its families know of: nobody waits for the worker here."""
    batch = draft(school, cashier, title, items, year, semester)
    begin_issuing(batch=batch, by=cashier)
    issue_all(batch)
    BillBatch.objects.filter(pk=batch.pk).update(wait_until=timezone.now())
    release_batch(batch)
    batch.refresh_from_db()
    return batch


def open_bills(batch):
    return Bill.objects.filter(batch=batch, state=Bill.State.ISSUED).order_by("pk")


def pay_at_bank(batch, *, share, by):
    """The bank's file of a day, with the first of the open bills."""
    bills = open_bills(batch)
    day = timezone.localdate()
    written = f"{day.year - ROC_OFFSET}/{day:%m/%d}"
    lines = ["交易日期,虛擬帳號,金額,通路,交易序號"]
    for number, bill in enumerate(bills[: int(bills.count() * share)], 1):
        lines.append(f"{written},{bill.virtual_account},{bill.amount},ATM,{number:06}")
    file = ContentFile("\r\n".join(lines).encode("utf-8-sig"), name=f"{day:%m%d}.csv")
    post_file(take_in(school=batch.school, upload=file, profile="virtual-account", by=by))


def pay_at_counter(batch, *, count, by):
    for number, bill in enumerate(open_bills(batch)[:count], 1):
        take_cash(bill=bill, amount=bill.amount, receipt=f"{number:04}", by=by)


def pay_online(batch, *, count):
    """Parents who are bound pay by card."""
    bound = Binding.objects.active().filter(student__bills__in=open_bills(batch)).select_related("account__user")
    for binding in bound.order_by("student", "pk").distinct()[:count]:
        payer, bills = binding.account.user, open_bills(batch).filter(student=binding.student)
        if bills:
            payment = start_payment(bills=bills, gateway="sandbox", method="card", key=f"{binding.pk}", by=payer)
            take_notice(
                Notice("sandbox", payment.reference, Outcome.PAID, payment.amount, timezone.now(), method="card")
            )


def change(batch, *, by):
    """Three bills are void, two are replaced by others."""
    bills = list(open_bills(batch).reverse()[:5])
    for bill in bills[:3]:
        void_bill(bill=bill, reason="學生自備午餐。", by=by)
    for bill in bills[3:]:
        reissue(bill=bill, items=[("午餐費", 3100)], due_on=bill.due_on, reason="金額更正。", by=by)


def give_back(batch, *, by):
    """Two paid bills are owed back; of one the money went."""
    for bill in Bill.objects.filter(batch=batch, state=Bill.State.PAID).order_by("pk")[:2]:
        due = refunding.give_back(bill=bill, amount=bill.amount, reason="學生轉出。", by=by)
    refunding.refund(refund=due, way=Refund.Way.CASH, note="", by=by)
