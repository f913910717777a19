"""Any order of issue, pay, callback, store file, void and refund: the books agree, nothing twice, nothing lost."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Count, Sum
from django.test import override_settings
from django.utils import timezone
from django.utils.crypto import get_random_string
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from billing.bills import drafting, issuing, releasing, voiding
from billing.bills.charges import Charge
from billing.bills.models import Bill, BillBatch
from billing.collection import balance, counter, refund_files, refunding, resolving
from billing.collection.models import CounterPayment, Receipt
from billing.collection.reconciliation.importing import TakenAlready, post_file, take_in
from billing.payments.gateway_notices import take_notice
from billing.payments.gateways import Outcome
from billing.payments.models import Payment, Refund, RefundFile, RefundLine, Settlement
from billing.payments.payee import Payee
from billing.payments.paying import LiveAttempt, NotPayable
from tests.accounts.factories import registrar_of, sso_parent
from tests.billing.collection.collection_files import store_file
from tests.billing.money import agent_of, begun, cashier_of, end_wait, notice_of
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db
FACTS = {"title": "學雜費", "school_year": 115, "semester": 1, "due_on": timezone.localdate() + timedelta(days=9)}


class Fees(RuleBasedStateMachine):
    """Remembers in `told` every piece of money that somebody outside spoke of, by what makes it one piece."""

    bills = Bundle("bills")
    payments = Bundle("payments")

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.student = StudentFactory()
        self.school = self.student.school
        self.parent = sso_parent(by=registrar_of(self.school))
        self.cashier = cashier_of(self.school)
        agent_of(self.school)
        self.told = {}
        self.files = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(target=bills, amount=st.integers(1, 5))
    def issue(self, amount):
        batch = drafting.draft_batch(
            school=self.school,
            charges=[Charge(self.student, (("學費", amount + 2), ("減免", -2)))],
            by=self.cashier,
            **FACTS,
        )
        issuing.begin_issuing(batch=batch, by=self.cashier)
        issuing.issue_all(batch)
        return batch.bills.get()

    @rule(bill=bills)
    def release(self, bill):
        batch = BillBatch.objects.get(pk=bill.batch_id)
        end_wait(batch)
        releasing.release_batch(batch)

    @rule(bill=bills)
    def take_back(self, bill):
        try:
            issuing.take_back(batch=bill.batch, by=self.cashier)
        except issuing.TooLate:
            return

    @rule(bill=bills)
    def issue_again(self, bill):
        issuing.begin_issuing(batch=bill.batch, by=self.cashier)
        issuing.issue_all(bill.batch)

    @rule(bill=bills)
    def discard(self, bill):
        """Only a draft that was taken back is there to be discarded; it is closed and nothing of it is lost."""
        try:
            drafting.discard_draft(batch=bill.batch, by=self.cashier)
        except drafting.AlreadyIssued:
            return

    @rule(target=bills, bill=bills, amount=st.integers(0, 5))
    def reissue(self, bill, amount):
        try:
            return voiding.reissue(
                bill=bill,
                items=[("學費", amount + 1), ("減免", -1)],
                due_on=FACTS["due_on"],
                reason="更正",
                by=self.cashier,
            )
        except (voiding.NotOpen, voiding.BatchClosed):
            return multiple()

    @rule(bill=bills)
    def close(self, bill):
        batch = BillBatch.objects.get(pk=bill.batch_id)
        try:
            voiding.begin_closing(batch=batch, reason="學期結束", by=self.cashier)
        except voiding.NotOpen:
            return
        voiding.void_what_is_open(batch)

    @rule(target=payments, some=st.lists(bills, min_size=1, max_size=3), goes_on=st.booleans())
    def pay(self, some, goes_on):
        some = list({one.pk: one for one in some}.values())
        try:
            return begun(some, self.parent, method="store_code")
        except NotPayable:
            return multiple()
        except LiveAttempt as live:
            if not goes_on:
                return multiple()
            return begun(some, self.parent, method="store_code", despite=[one.pk for one in live.payments])

    @rule(
        payment=payments,
        outcome=st.sampled_from([*Outcome, Outcome.PAID]),
        times=st.integers(1, 3),
        more=st.sampled_from([0, 0, 0, 1]),
        late=st.sampled_from([0, 0, 0, 2]),
    )
    def callback(self, payment, outcome, times, more, late):
        at = timezone.now() + timedelta(days=late)
        notice = notice_of(payment, outcome, amount=payment.amount + more, at=at)
        if outcome == Outcome.PAID and self.is_news_of(payment, more, late):
            self.told[payment.reference, more, late] = notice.amount
        for _repeat in range(times):
            take_notice(notice)

    def is_news_of(self, payment, more, late):
        """The same amount of the same payment is the same money, once it paid a bill or somebody decided about it."""
        payment.refresh_from_db()
        if late and not more:
            return not payment.has_brought_money
        decided = payment.settlements.filter(resolved_by__isnull=False, is_money=True, amount=payment.amount)
        return bool(more) or not decided.exists()

    @rule(some=st.lists(bills, max_size=3), wrong=st.sampled_from([0, 0, 1]), stray=st.booleans())
    def store_file(self, some, wrong, stray):
        lines = [(one.write_off_number, one.amount + wrong) for one in some if one.amount + wrong]
        lines += [("404", 7)] * stray
        if not lines:
            return
        upload = SimpleUploadedFile("a.txt", store_file(lines))
        try:
            taken = take_in(school=self.school, upload=upload, profile="store", by=self.cashier)
        except TakenAlready as refused:
            post_file(refused.file)
            return
        post_file(taken)
        for number, (_code, amount) in enumerate(lines):
            self.told[taken.pk, number] = amount

    @rule(
        some=st.lists(st.tuples(bills, st.sampled_from(["1", "01", "2", ""]), st.sampled_from([0, 0, 1])), max_size=4),
        days=st.sampled_from([0, 0, 1]),
        is_reversed=st.booleans(),
    )
    def bank_file(self, some, days, is_reversed):
        """Overlapping files of a bank, in any order: each (account, day, number, amount) is one piece of money."""
        day = timezone.localdate() - timedelta(days=days)
        lines = [(one.virtual_account, one.amount + more, number) for one, number, more in some if one.amount + more]
        if is_reversed:
            lines.reverse()
        if not lines:
            return
        rows = [f"{day:%Y%m%d},{account},{amount},{number}" for account, amount, number in lines]
        upload = SimpleUploadedFile("b.csv", "\n".join(["交易日期,虛擬帳號,金額,交易序號", *rows]).encode())
        try:
            taken = take_in(school=self.school, upload=upload, profile="virtual-account", by=self.cashier)
        except TakenAlready as refused:
            post_file(refused.file)
            return
        post_file(taken)
        for place, (account, amount, number) in enumerate(lines):
            key = (account, day, number.lstrip("0"), amount) if number else (taken.pk, place)
            self.told["bank", *key] = amount

    @invariant()
    def no_file_makes_a_refund_of_money_that_another_one_told_of(self):
        due = Settlement.objects.filter(state="duplicate", account="bank", number="", resolved_by=None)
        for settlement in due:
            applied = Settlement.objects.filter(state="applied", bill=settlement.bill_id, account="bank")
            same = applied.filter(paid_at=settlement.paid_at, amount=settlement.amount).first()
            assert same is None or (same.lines.get(is_known=False).file == settlement.lines.get(is_known=False).file)

    @rule(some=st.lists(bills, min_size=1, max_size=3), one_each=st.booleans())
    def cash(self, some, one_each):
        some = Bill.objects.filter(pk__in=[one.pk for one in some])
        total, key = sum(one.amount for one in some), f"{self.school.pk}:{len(self.told)}:{timezone.now()}"
        number = f"A{Receipt.objects.count() + 1}"
        for _press in range(2):
            try:
                payment = counter.take_money(
                    bills=some, amount=total, code=number, key=key, one_each=one_each, given=total + 1, by=self.cashier
                )
            except counter.NotOpen:
                return
        self.remember(payment)

    def remember(self, payment):
        for one in payment.settlements.all():
            self.told["counter", one.pk] = one.amount

    @rule()
    def reverse(self):
        if payment := CounterPayment.objects.filter(state="taken").first():
            try:
                with transaction.atomic():
                    counter.reverse(payment=payment, reason="沒有收", by=self.cashier)
            except counter.NotOpen:
                assert payment.settlements.filter(bill__owed_back__gt=0).exists()

    @rule(bill=bills)
    def correct(self, bill):
        payment = CounterPayment.objects.filter(state="taken").last()
        bill.refresh_from_db()
        if payment is None:
            return
        number = f"A{Receipt.objects.count() + 1}"
        try:
            with transaction.atomic():
                right = counter.correct(
                    payment=payment, bills=[bill], amount=bill.amount, code=number, account="cash", reason="登記錯",
                    by=self.cashier,
                )  # fmt: skip
        except counter.NotOpen:
            return
        self.remember(right)

    @rule(bill=bills)
    def void(self, bill):
        try:
            voiding.void_bill(bill=bill, reason="重複", by=self.cashier)
        except voiding.NotOpen:
            return

    @rule(bill=bills, less=st.integers(0, 3))
    def give_back(self, bill, less):
        bill.refresh_from_db()
        try:
            refunding.give_back(bill=bill, amount=max(1, bill.amount - less), reason="轉學", by=self.cashier)
        except (refunding.NotRefundable, refunding.OneIsDue):
            return

    @rule()
    def take_refund_back(self):
        due = Refund.objects.filter(state=Refund.State.REFUND_DUE, bill__isnull=False).last()
        if due:
            try:
                refunding.take_back(refund=due, reason="列錯", by=self.cashier)
            except refunding.NotDue:
                assert due.settlement.state != Settlement.State.APPLIED

    @rule(way=st.sampled_from(Refund.Way.values))
    def refund(self, way):
        due = Refund.objects.filter(state=Refund.State.REFUND_DUE).first()
        if due:
            refunding.refund(refund=due, way=way, note="", by=self.cashier)

    @rule()
    def keep_payee(self):
        due = Refund.objects.filter(state=Refund.State.REFUND_DUE, payee_cipher="").first()
        if due:
            payee = Payee(bank="822", branch="", account="12345678", holder="王大明")
            refunding.keep_payee(refund=due, payee=payee, by=self.cashier)

    @rule(least=st.integers(1, 2))
    def give_to_the_bank(self, least):
        keys, total = refund_files.ready(self.school)
        if len(keys) >= least:
            made = {"count": len(keys), "total": total, "key": get_random_string(20), "by": self.cashier}
            refund_files.make_of_all(school=self.school, **made)

    @rule(answer=st.sampled_from(["paid", "returned", "given up"]), number=st.integers(1, 2))
    def bank_answers(self, answer, number):
        file = RefundFile.objects.filter(state=RefundFile.State.OPEN).first()
        if file is None:
            return
        try:
            if answer == "paid":
                refund_files.confirm(file=file, by=self.cashier)
            elif answer == "returned":
                refund_files.take_returned(file=file, numbers=[number], reason="帳號錯誤", by=self.cashier)
            else:
                refund_files.give_up(file=file, by=self.cashier)
        except refund_files.NotOpen:
            assert file.lines.exclude(state="waiting").exists() or number > file.count

    @rule()
    def withdraw_refund(self):
        due = Refund.objects.filter(state=Refund.State.REFUND_DUE).first()
        if due:
            try:
                resolving.withdraw_refund(refund=due, reason="對帳單沒有", by=self.cashier)
            except resolving.AlreadyResolved:
                assert due.settlement.state == Settlement.State.APPLIED

    @rule(bill=bills)
    def resolve_for_bill(self, bill):
        if stray := Settlement.objects.work_list().first():
            try:
                resolving.resolve_for_bill(settlement=stray, bill=bill, reason="x", by=self.cashier)
            except resolving.DoesNotFit:
                return

    @rule(is_money=st.booleans())
    def resolve(self, is_money):
        if stray := Settlement.objects.work_list().first():
            how = resolving.resolve_by_refund if is_money else resolving.resolve_as_no_money
            how(settlement=stray, reason="x", by=self.cashier)

    @invariant()
    def the_books_agree(self):
        assert balance.differences() == []
        assert balance.differences(school=self.school) == []

    @invariant()
    def what_is_at_the_bank_waits_in_one_line(self):
        sent = Refund.objects.filter(state=Refund.State.SENT)
        waiting = RefundLine.objects.filter(state="waiting", file__state="open")
        assert sorted(sent.values_list("pk", "sent_in", "amount")) == sorted(
            waiting.values_list("refund", "file", "amount")
        )
        open_files = RefundFile.objects.filter(state="open")
        assert not open_files.exclude(lines__state="waiting").exists()

    @invariant()
    def what_is_owed_back_is_counted_in_its_bill(self):
        for bill in Bill.objects.filter(amount__gt=0):
            own = bill.refunds.filter(settlement__state="applied").exclude(state="withdrawn")
            assert bill.owed_back == sum(own.values_list("amount", flat=True))

    @invariant()
    def what_a_gateway_corrects_is_not_counted_twice(self):
        for payment in Payment.objects.filter(settlements__state__in=["applied", "duplicate"]).distinct():
            real = payment.settlements.filter(is_money=True, resolved_by=None)
            assert sum(real.exclude(state="mismatch").values_list("amount", flat=True)) <= payment.amount

    @invariant()
    def nothing_is_settled_twice_and_nothing_is_lost(self):
        came = Settlement.objects.aggregate(Sum("amount"))["amount__sum"] or 0
        assert came == sum(self.told.values())
        twice = Settlement.objects.filter(state="applied").values("bill").annotate(n=Count("pk"))
        assert not twice.filter(n__gt=1).exists()
        paid = Bill.objects.filter(state__in=Bill.SETTLED, amount__gt=0)
        paid = {one.pk for one in paid}
        assert paid == set(Settlement.objects.filter(state="applied").values_list("bill", flat=True))
        owed = Settlement.objects.filter(state="duplicate")
        assert not owed.filter(refunds__isnull=True).exists()


@override_settings(PAYMENT_SANDBOX_LIMITS={})  # small amounts meet each other more often
def test_any_order():
    run_state_machine_as_test(Fees, settings=SOME)


SOME = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
