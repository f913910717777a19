"""Figures of a batch, a class and a school count a student once, also where the bill is in instalments."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from billing.bills import batch_comparison, batch_figures, by_class, instalments, reminding_by_hand
from billing.bills.models import Bill, BillNotice
from billing.bills.shares import money_by_school
from billing.collection import refunding
from billing.collection.counter import take_cash
from billing.payments.models import Refund
from tests.accounts.factories import log_in, teacher_of
from tests.billing.families import ZOE, child_of, parent_of
from tests.billing.money import agent_of, batch_of, cashier_of, issued_bill
from tests.support.words import words_of

pytestmark = pytest.mark.django_db


def day(n):
    return timezone.localdate() + timedelta(days=n)


@pytest.fixture
def cashier(school):
    return cashier_of(school)


@pytest.fixture
def batch(school, cashier):
    agent_of(school)
    return batch_of(school, by=cashier)


def in_parts(bill, by, *days):
    amounts = instalments.even(bill.amount, len(days))
    plan = [(amount, day(n)) for amount, n in zip(amounts, days, strict=True)]
    return instalments.split(bill=bill, parts=plan, reason="家長申請", by=by)


def pay(bill, by):
    take_cash(bill=bill, amount=bill.amount, receipt=str(bill.pk), by=by)


@pytest.fixture
def parts(students, batch, cashier):
    """Of three students the first has paid, the second is in three parts, the third has an open bill."""
    bills = [issued_bill(one, batch=batch) for one in students]
    pay(bills[0], cashier)
    return in_parts(bills[1], cashier, 5, 35, 65)


def make_late(*bills):
    Bill.objects.filter(pk__in=[one.pk for one in bills]).update(due_on=day(-1))


class TestOfABatch:
    def test_are_students_and_dollars(self, batch, parts, cashier):
        pay(parts[0], cashier)
        make_late(*parts[1:])
        figures = batch_figures.figures_of(batch)

        assert (figures.people, figures.paid, figures.unpaid) == (3, 1, 2)
        assert (figures.overdue, figures.partly) == (1, 1)
        assert (figures.all, figures.total, figures.paid_total) == (5, 3 * 3900, 3900 + 1300)
        [one] = batch_figures.batches_of(batch.school)
        assert (one.people, one.paid, one.open, one.overdue) == (3, 1, 1, 1)
        assert (one.all_total, one.paid_total) == (figures.total, figures.paid_total)

    def test_are_paid_with_the_last_part(self, batch, parts, cashier):
        for one in parts:
            pay(one, cashier)

        figures = batch_figures.figures_of(batch)
        assert (figures.people, figures.paid, figures.unpaid, figures.partly) == (3, 2, 1, 0)

    def test_of_items_are_students(self, students, batch, cashier):
        bill = issued_bill(students[0], batch=batch)
        bill.items.create(position=1, name="學費", amount=3900)
        in_parts(bill, cashier, 5, 35)

        assert [(one["count"], one["total"]) for one in batch_figures.items_of(batch)] == [(1, 3900)]

    def test_nobody_is_bound_to_are_students(self, batch, parts):
        assert batch_figures.without_a_parent(batch) == 2

    def test_of_before_are_compared_by_student(self, school, batch, parts):
        later = batch_of(school, state="draft")

        assert batch_comparison.compare(later).before.count == 3

    def test_stand_on_the_page_with_the_parts_named(self, client, address, batch, parts, cashier):
        pay(parts[0], cashier)
        shown = words_of(client.get(address("batch", batch.pk)).content.decode())

        assert "含分期，共 5 張" in shown
        assert "其中 1 人已繳部分期數" in shown
        assert "第 2 期，共 3 期" in shown


class TestOfAClass:
    def test_are_students_of_three_kinds(self, batch, parts, cashier):
        pay(parts[0], cashier)
        [one] = by_class.classes_of(batch)

        assert (one.all, one.paid, one.partly, one.open, one.open_total) == (3, 1, 1, 1, 3900 + 2600)
        assert [kind.key for kind in by_class.kinds_of([one])] == ["paid", "partly", "open"]

    def test_say_nothing_of_parts_where_there_are_none_paid(self, client, address, batch, parts):
        [one] = by_class.classes_of(batch)

        assert (one.paid, one.open) == (1, 2)
        assert "已繳部分期數" not in client.get(address("batch-classes", batch.pk)).content.decode()

    def test_list_of_unpaid_names_each_part(self, client, address, batch, parts, cashier):
        pay(parts[0], cashier)
        answer = client.get(address("batch-unpaid", batch.pk))
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()

        told = {(row[1], row[3]) for row in rows}
        assert {("10630002", "第 2 期，共 3 期"), ("10630002", "第 3 期，共 3 期"), ("10630003", "")} <= told
        assert ("10630002", "第 1 期，共 3 期") not in told

    def test_teacher_sees_a_row_a_student(self, school, school_class, parts, cashier):
        pay(parts[0], cashier)
        teacher = log_in(Client(), teacher_of(school_class))
        where = reverse("billing:class-bills", args=[school.slug, school_class.pk])
        shown = words_of(teacher.get(where).content.decode())

        assert "已繳 1 人，未繳 2 人" in shown
        assert shown.count("10630002") == 1
        assert "已繳 1 期，共 3 期" in shown
        assert f"{parts[0].amount:,}" not in shown
        listed = teacher.get(where, {"show": "open"}).context["listing"]
        assert [(one.student_number, one.due_on) for one in listed.shown] == [
            ("10630002", parts[1].due_on),
            ("10630003", day(10)),
        ]
        assert teacher.get(where, {"export": "xlsx"}).status_code == 200


class TestOfASchool:
    def money(self, school):
        return money_by_school(school)[school.pk]

    def test_are_bills_as_they_were_before_they_were_split(self, school, parts, cashier):
        pay(parts[0], cashier)
        money = self.money(school)

        assert (money.bills, money.paid) == (3, 1)
        assert (money.owed, money.received) == (3 * 3900, 3900 + 1300)

    def test_are_without_what_goes_back(self, school, students, batch, cashier):
        bills = [issued_bill(one, batch=batch) for one in students]
        for one in bills:
            pay(one, cashier)
        refunding.give_back(bill=bills[0], amount=900, reason="減免", by=cashier)
        refunding.give_back(bill=bills[1], amount=3900, reason="離校", by=cashier)
        refund = Refund.objects.get(amount=900)
        refunding.refund(refund=refund, way=Refund.Way.CASH, note="A1", by=cashier)
        money = self.money(school)

        assert (money.bills, money.paid) == (2, 2)
        assert (money.owed, money.received) == (3000 + 3900, 3000 + 3900)


class TestRemindersByHand:
    @pytest.fixture
    def parts(self, cashier, batch, school_class):
        parent_of(ZOE, batch.school)
        return in_parts(issued_bill(child_of(ZOE, school_class=school_class), batch=batch), cashier, 5, 40, 70)

    def remind(self, batch, cashier):
        reminding_by_hand.remind_all(reminding_by_hand.begin_reminding(batch=batch, by=cashier))

    def test_leave_out_parts_whose_turn_has_not_come(self, batch, parts, cashier):
        self.remind(batch, cashier)

        assert [one.bill_id for one in BillNotice.objects.filter(kind="by_hand")] == [parts[0].pk]
        assert reminding_by_hand.later_of(batch).count() == 2

    def test_reach_a_part_when_its_last_day_is_near(self, batch, parts, cashier):
        pay(parts[0], cashier)
        with pytest.raises(reminding_by_hand.NobodyWaits):
            self.remind(batch, cashier)
        batch.refresh_from_db()
        Bill.objects.filter(pk=parts[1].pk).update(due_on=day(3))
        type(batch).objects.update(due_on=day(-20))
        batch.refresh_from_db()
        self.remind(batch, cashier)

        assert [one.bill_id for one in BillNotice.objects.filter(kind="by_hand")] == [parts[1].pk]

    def test_page_says_what_is_not_mailed(self, client, address, batch, parts):
        shown = words_of(client.get(address("batch-reminders", batch.pk)).content.decode())

        assert "現在提醒 1 張未繳的家長" in shown
        assert "另有 2 張未繳，期限還沒到" in shown
