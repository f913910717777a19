"""How a batch is followed: by class, by who left, by reminders that a cashier sends or stops."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from python_calamine import CalamineWorkbook

from audit.models import Event
from billing.bills import reminders, reminding_by_hand, tasks, voiding
from billing.bills.models import Bill, BillBatch, BillNotice
from billing.collection.counter import take_cash
from notifications.models import Message
from registry.models import Student
from tests.billing.money import batch_of, cashier_of, issued_bill
from tests.registry.factories import SchoolClassFactory, StudentFactory
from tests.support.lists import search
from tests.support.words import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(school):
    return batch_of(school)


@pytest.fixture
def bills(students, batch):
    return [issued_bill(one, batch=batch) for one in students]


def page(client, address, name, *args, **query):
    return client.get(address(name, *args), query).content.decode()


def move(student, number="9990001"):
    """The student goes to another school, under its class and number."""
    elsewhere = SchoolClassFactory(name="701")
    Student.objects.filter(pk=student.pk).update(
        school=elsewhere.school, school_class=elsewhere, student_number=number, seat_number=9
    )


class TestWhoLeft:
    def test_is_found_by_name_and_number_of_then_and_shown_as_then(self, client, address, students, bills):
        Student.objects.filter(pk=students[0].pk).update(name="徐柏翰", folded_name="徐柏翰")
        Bill.objects.filter(pk=bills[0].pk).update(name_then="徐柏翰", folded_then="徐柏翰")
        move(students[0])

        for text in ("徐柏翰", "10630001"):
            found = search(client, address("cash"), "open-bills", text).content.decode()
            assert f"301 {students[0].seat_number} 徐柏翰" in found
        shown = page(client, address, "bill", bills[0].pk)
        assert "已轉出" in shown
        assert "9990001" not in shown
        assert "701" not in words_of(page(client, address, "batch", bills[0].batch_id))

    def test_is_on_the_work_list_with_what_is_open_or_may_go_back(self, client, address, school, students, bills):
        take_cash(bill=bills[1], amount=bills[1].amount, receipt="1", by=cashier_of(school))
        Student.objects.filter(pk__in=[students[0].pk, students[1].pk]).update(status="left")

        listed = page(client, address, "leavers")
        assert students[0].name in listed
        assert "10630003" not in listed
        assert "10630001" not in page(client, address, "leavers", kind="paid")
        assert "10630002" in page(client, address, "leavers", kind="paid")
        assert "離校、轉出學生有 2 張" in page(client, address, "batches")

    def test_who_graduated_gets_nothing_back(self, client, address, school, students, bills):
        take_cash(bill=bills[0], amount=bills[0].amount, receipt="1", by=cashier_of(school))
        Student.objects.filter(pk=students[0].pk).update(status="graduated")

        assert "10630001" not in page(client, address, "leavers")

    def test_of_another_school_is_not_listed(self, client, address):
        bill = issued_bill()
        Student.objects.filter(pk=bill.student_id).update(status="left")

        assert bill.student.student_number not in page(client, address, "leavers")


class TestByClass:
    def test_paid_and_open_of_each_class_and_of_who_left(self, client, address, school, students, bills):
        take_cash(bill=bills[0], amount=bills[0].amount, receipt="1", by=cashier_of(school))
        move(students[2])

        shown = page(client, address, "batch-classes", bills[0].batch_id)

        assert "已繳 1／2" in shown
        assert "已繳 0／1" in shown
        assert "<svg" in shown

    def test_the_file_for_teachers_has_a_sheet_a_class_and_no_amounts(self, client, address, school, students, bills):
        take_cash(bill=bills[0], amount=bills[0].amount, receipt="1", by=cashier_of(school))

        answer = client.get(address("batch-unpaid", bills[0].batch_id))

        book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
        assert book.sheet_names == ["301"]
        cells = {str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row}
        assert {"10630002", "10630003"} <= cells
        assert "10630001" not in cells
        assert not any("3900" in cell for cell in cells)

    @pytest.mark.parametrize("name", ["batch-classes", "batch", "leavers", "batch-reminders"])
    def test_costs_the_same_for_ten_times_the_bills(
        self, client, address, school, school_class, batch, name, django_assert_max_num_queries
    ):
        def add(count):
            for _one in range(count):
                student = StudentFactory(school=school, school_class=school_class)
                issued_bill(student, batch=batch)
                Student.objects.filter(pk=student.pk).update(status="left")

        where = address(name) if name == "leavers" else address(name, batch.pk)
        add(3)
        client.get(where)
        with django_assert_max_num_queries(22) as few:
            client.get(where)
        add(27)
        with django_assert_max_num_queries(len(few)):
            client.get(where)


class TestReminders:
    @pytest.fixture
    def batch(self, bill):
        return bill.batch

    def test_go_out_now_once_a_day(self, bill, batch, press):
        for _press in range(2):
            press("cashier-batch-reminders", batch.pk)

        assert BillNotice.objects.filter(kind="by_hand").count() == 1
        assert Message.objects.filter(kind="bill-due-soon").count() == 1

    def test_are_not_of_what_is_paid(self, bill, batch, press, cashier):
        take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)

        press("cashier-batch-reminders", batch.pk)

        assert not BillNotice.objects.exists()

    def remind(self, batch, cashier):
        reminding_by_hand.remind_all(reminding_by_hand.begin_reminding(batch=batch, by=cashier))
        batch.refresh_from_db()

    def test_may_go_out_again_after_a_day(self, bill, batch, cashier):
        self.remind(batch, cashier)
        with pytest.raises(reminding_by_hand.NobodyWaits):
            self.remind(batch, cashier)
        BillNotice.objects.update(sent_at=timezone.now() - timedelta(hours=25))
        self.remind(batch, cashier)

        assert BillNotice.objects.filter(kind="by_hand").count() == 2
        assert (batch.remind_done, batch.remind_mails) == (1, 1)
        assert Event.objects.filter(event="bills.reminded", actor_id=cashier.pk).count() == 2

    def test_are_sent_by_the_worker_with_progress_and_a_result_that_stays(
        self, bill, batch, cashier, press, desk, monkeypatch
    ):
        monkeypatch.setattr(tasks, "AT_ONCE", 0)
        page = press("cashier-batch-reminders", batch.pk).content.decode()
        assert "正在寄提醒" in page
        assert "0 / 1" in page
        press("cashier-batch-reminders", batch.pk)  # impatient: nothing is begun twice
        assert DBTaskResult.objects.filter(task_path="billing.bills.tasks.remind_batch").count() == 1
        reminding_by_hand.remind_all(batch)
        reminding_by_hand.remind_all(batch)

        assert BillNotice.objects.count() == 1
        assert f"{cashier.name} 提醒 1 張，寄出 1 封" in desk("cashier-batch-reminders", batch.pk).content.decode()

    def test_that_stand_still_are_begun_again(self, bill, batch, cashier, press, desk):
        reminding_by_hand.begin_reminding(batch=batch, by=cashier)
        assert "進度停住時重新啟動" not in desk("cashier-batch-reminders", batch.pk).content.decode()
        long_ago = timezone.now() - timedelta(minutes=2)
        BillBatch.objects.update(moved_at=long_ago, issued_at=long_ago)
        assert "進度停住時重新啟動" in desk("cashier-batch-reminders", batch.pk).content.decode()

        press("cashier-batch-reminders", batch.pk)

        assert BillNotice.objects.count() == 1

    def test_of_a_batch_that_is_closed_meanwhile_end(self, bill, batch, cashier):
        reminding_by_hand.begin_reminding(batch=batch, by=cashier)
        voiding.begin_closing(batch=batch, reason="誤發", by=cashier)
        reminding_by_hand.remind_all(batch)

        batch.refresh_from_db()
        assert batch.remind_ended_at
        assert not BillNotice.objects.exists()

    def test_that_go_out_by_themselves_are_stopped_and_go_on(self, bill, batch, press):
        Bill.objects.update(due_on=timezone.localdate() - timedelta(days=1))

        press("cashier-batch-reminders-switch", batch.pk, stops="yes")
        assert reminders.send_due() == 0
        press("cashier-batch-reminders-switch", batch.pk, stops="no")
        assert reminders.send_due() == 1

    def test_say_when_the_next_goes_out(self, bill, batch, desk):
        day = batch.due_on - timedelta(days=3)
        assert f"{day.month} 月 {day.day} 日" in desk("cashier-batch-reminders", batch.pk).content.decode()


def test_starting_again_is_offered_after_a_minute_without_progress(client, address, school):
    batch = batch_of(school, state=BillBatch.State.ISSUING)
    assert "進度停住時重新啟動" not in page(client, address, "batch", batch.pk)

    BillBatch.objects.update(issued_at=timezone.now() - timedelta(minutes=2))
    assert "進度停住時重新啟動" in page(client, address, "batch", batch.pk)
