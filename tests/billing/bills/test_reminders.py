"""Mails before the last day and after it: to the parents bound today, once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from billing.bills import reminders
from billing.bills.models import Bill, BillNotice
from billing.collection.counter import take_cash
from billing.signals import bills_voided
from binding.actions.ending import end_binding
from binding.models import Binding
from notifications.models import Message
from tests.accounts.factories import registrar_of
from tests.billing.families import LEO, ZOE, bill_of, child_of, parent_of
from tests.billing.money import cashier_of, void

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    parent_of(ZOE)
    parent_of(LEO)
    return child_of(ZOE, LEO)


def mails():
    kinds = ["bill-due-soon", "bill-overdue"]
    return list(Message.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", "to"))


def on(days):
    """The job on another day; bills are overdue by the calendar of that day."""
    return reminders.send_due(today=timezone.localdate() + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "kind"),
    [(4, None), (3, "bill-due-soon"), (1, "bill-due-soon"), (0, "bill-due-soon")]
    + [(-1, "bill-overdue"), (-7, "bill-overdue"), (-8, None)],
)
def test_goes_out_by_the_last_day(child, days, kind):
    bill_of(child, days=days, issued_days_ago=20)

    count = reminders.send_due()

    assert count == (2 if kind else 0)
    assert mails() == ([(kind, ZOE["email"]), (kind, LEO["email"])] if kind else [])


def test_each_is_sent_once_however_often_the_job_runs(child):
    bill_of(child, days=3, issued_days_ago=20)

    assert [on(day) for day in range(7)] == [2, 0, 0, 0, 2, 0, 0]
    assert BillNotice.objects.count() == 4


def test_who_was_sent_the_bill_within_those_days_has_just_heard_of_it(child):
    bill_of(child, days=3, issued_days_ago=0)
    bill_of(child, days=2, issued_days_ago=1)

    assert reminders.send_due() == 0


def test_a_parent_bound_later_gets_an_own_mail(child):
    bill_of(child, days=3, issued_days_ago=20)
    leos = Binding.objects.get(student=child, account__user__email=LEO["email"])
    Binding.objects.filter(pk=leos.pk).update(first_day=timezone.localdate() + timedelta(days=1))
    assert reminders.send_due() == 1

    Binding.objects.filter(pk=leos.pk).update(first_day=None)

    assert reminders.send_due() == 1
    assert mails()[-1] == ("bill-due-soon", LEO["email"])


def test_only_open_bills_of_bound_children(child):
    paid, cancelled, empty = (bill_of(child, days=3, issued_days_ago=20, amount=n) for n in (5, 6, 7))
    Bill.objects.filter(pk=empty.pk).update(amount=0)
    take_cash(bill=paid, amount=5, receipt="1", by=cashier_of(paid.school))
    void(cancelled)
    draft = bill_of(child, days=3, issued_days_ago=20)
    Bill.objects.filter(pk=draft.pk).update(state="draft", issued_at=None)
    left = bill_of(child_of(ZOE), days=3, issued_days_ago=20)
    binding = Binding.objects.get(student=left.student)
    end_binding(binding=binding, reason=Binding.EndReason.REGISTRAR, by=registrar_of(left.school))

    assert reminders.send_due() == 0


def test_says_which_bill_and_nothing_too_much(child):
    bill = bill_of(child, days=3, issued_days_ago=20, amount=12345)

    reminders.send_due()

    mail = Message.objects.filter(kind="bill-due-soon").first()
    for part in (mail.text, mail.html):
        assert "12,345" in part
        assert "還有 3 天" in part
        assert f"/billing/bills/{bill.pk}/" in part
        assert child.name in part  # this parent's mailbox is proved
        assert bill.write_off_number not in part
        assert bill.virtual_account not in part
    assert timezone.localdate(mail.retry_until) <= bill.due_on


def test_a_mail_that_still_waits_is_stopped_by_the_payment(child):
    bill, other, cancelled = (bill_of(child, days=3, issued_days_ago=20) for _n in range(3))
    reminders.send_due()

    take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier_of(bill.school))
    with transaction.atomic():
        bills_voided.send(Bill, bills=[cancelled])

    waiting = Message.objects.filter(kind="bill-due-soon", state="queued")
    assert {one.about_id for one in waiting} == {str(other.pk)}


def test_chunks_leave_nobody_out(child, monkeypatch):
    for n in range(7):
        bill_of(child, days=3, issued_days_ago=20, amount=n + 1)
    monkeypatch.setattr(reminders, "CHUNK", 3)

    assert reminders.send_due() == 14
    assert BillNotice.objects.count() == 14


def test_queries_do_not_grow_with_the_bills(child, django_assert_max_num_queries):
    for n in range(40):
        bill_of(child, days=3, issued_days_ago=20, amount=n + 1)

    with django_assert_max_num_queries(16):
        assert reminders.send_due() == 80


def test_the_process_that_reminds_families_does_it(child, capsys):
    bill_of(child, days=3, issued_days_ago=20)

    for _twice in range(2):
        call_command("send_reminders")

    assert len(mails()) == 2
    assert "2 mails" in capsys.readouterr().out
