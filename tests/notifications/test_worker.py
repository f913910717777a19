"""The mail worker goes on whatever fails, says so, and sends nothing that is over or not for its reader any longer."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from billing.api import webhooks
from billing.bills import notify
from billing.payments.gateway_notices import take_notice
from binding.actions.ending import end_binding
from binding.models import Binding, CourtOrder
from notifications import delivery, outbox, retries
from notifications.management.commands import send_mail
from notifications.models import Message
from notifications.signals import objections_asked, worker_looked
from tests.accounts.factories import registrar_of
from tests.billing.families import LEO, ZOE, bill_of, child_of, parent_of
from tests.billing.money import begun, notice_of
from tests.notifications.factories import message

pytestmark = pytest.mark.django_db
State = Message.State
ROW = "Failing row contains (王小明, A123456789)"


def look():
    command = send_mail.Command()
    return command.look(threading.Event()), command.failed


@pytest.fixture
def broken():
    def fail(sender, **kwargs):
        raise KeyError(ROW)

    worker_looked.connect(fail)
    yield
    worker_looked.disconnect(fail)


def test_under_a_supervisor_it_ends_once_it_sent_something():
    message()

    call_command("send_mail", "--until-sent")

    assert len(mail.outbox) == 1


class TestOneThatFails:
    def test_stops_no_other_queue_and_is_said_without_its_values(self, broken, caplog):
        message()

        assert look() == (1, 1)

        assert "a queue failed: KeyError" in caplog.text
        assert "in fail" in caplog.text
        assert "王小明" not in caplog.text

    def test_a_fault_of_ours_is_not_called_the_database(self, monkeypatch, caplog):
        def fail(**options):
            raise IntegrityError(ROW)

        monkeypatch.setattr(send_mail, "deliver_due", fail)

        assert look() == (0, 1)
        assert "does not answer" not in caplog.text
        assert "IntegrityError" in caplog.text
        assert "王小明" not in caplog.text

    def test_a_database_that_does_not_answer_is_called_so(self, monkeypatch, caplog):
        def fail(**options):
            raise OperationalError

        monkeypatch.setattr(send_mail, "deliver_due", fail)

        look()

        assert "does not answer" in caplog.text

    def test_once_fails_at_the_end(self, broken):
        message()

        with pytest.raises(CommandError, match="1 queues"):
            call_command("send_mail", once=True)
        assert len(mail.outbox) == 1

    def test_a_mail_that_fails_lets_the_next_one_go(self, monkeypatch, caplog):
        first, second = message(1), message(2)
        compose = delivery.compose

        def fail(row, server):
            if row == first:
                raise KeyError(ROW)
            return compose(row, server)

        monkeypatch.setattr(delivery, "compose", fail)

        assert look() == (1, 0)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, first.last_error, second.state) == (State.QUEUED, "KeyError", State.SENT)
        assert "王小明" not in caplog.text

    def test_a_row_of_another_queue_as_well(self, caplog):
        row = message()
        row.leased_by = "w"
        Message.objects.update(leased_by="w")

        def fail(_row):
            raise ValueError(ROW)

        assert retries.guarded(fail, row) is False
        row.refresh_from_db()
        assert (row.attempts, row.last_error) == (1, "ValueError")
        assert "王小明" not in caplog.text

    def test_every_queue_of_the_worker_is_guarded(self):
        assert webhooks.attempt.__code__.co_names == ("retries", "guarded", "_post")


class TestNotAfter:
    def test_a_mail_first_due_after_its_time_is_stopped(self):
        row = message(not_after=timezone.now() - timedelta(minutes=1))

        assert delivery.deliver_due() == 0

        row.refresh_from_db()
        assert (row.state, row.sent_at) == (State.STOPPED, None)
        assert not mail.outbox

    def test_one_without_an_end_goes_out_however_late(self):
        message(retry_until=timezone.now() - timedelta(days=1))

        assert delivery.deliver_due() == 1

    def test_one_in_time_goes_out(self):
        message(not_after=timezone.now() + timedelta(minutes=1))

        assert delivery.deliver_due() == 1

    def test_sending_again_is_too_late_as_well(self):
        row = message(state=State.DEAD, not_after=timezone.now() - timedelta(minutes=1))

        outbox.resend(message=row, by=None)

        row.refresh_from_db()
        assert row.state == State.DEAD
        assert not row.can_be_resent


class TestBillsAreToldToWhoIsBoundToday:
    @pytest.fixture
    def zoe(self):
        return parent_of(ZOE)

    @pytest.fixture
    def child(self, zoe):
        parent_of(LEO)
        child = child_of(ZOE, LEO)
        Message.objects.all().delete()
        return child

    def sent(self):
        delivery.deliver_due()
        return sorted(to for letter in mail.outbox for to in letter.to)

    def issue(self, child):
        notify.issued([bill_of(child)])

    def test_to_both(self, child):
        self.issue(child)

        assert self.sent() == ["leo@example.com", "zoe@example.com"]

    @pytest.mark.parametrize("reason", ["not_guardian", "mistake", "registrar", "asked"])
    def test_who_is_cut_off_while_the_mail_waits_hears_nothing(self, zoe, child, reason):
        self.issue(child)
        end_binding(binding=Binding.objects.get(account__user=zoe), reason=reason, by=registrar_of(child.school))
        Message.objects.exclude(kind="bill-issued").delete()

        assert self.sent() == ["leo@example.com"]
        assert Message.objects.get(to="zoe@example.com").state == State.STOPPED

    def test_nor_whose_last_day_is_past_though_nobody_wrote_it_down(self, zoe, child):
        self.issue(child)
        Binding.objects.filter(account__user=zoe).update(last_day=timezone.localdate() - timedelta(days=1))

        assert self.sent() == ["leo@example.com"]

    def test_who_has_another_address_by_now_is_not_taken_for_a_stranger(self, zoe, child):
        self.issue(child)
        zoe.email = zoe.username = "zoe.new@example.com"
        zoe.save()

        assert self.sent() == ["leo@example.com", "zoe@example.com"]

    @pytest.mark.parametrize(("reason", "hears"), [("graduated", True), ("left", True), ("not_guardian", False)])
    def test_who_paid_twice_and_whose_child_left_hears_of_the_own_money(self, zoe, child, reason, hears):
        bill = bill_of(child)
        first, second = begun([bill], zoe), None
        second = begun([bill], zoe, despite=[first.pk])
        take_notice(notice_of(first))
        end_binding(binding=Binding.objects.get(account__user=zoe), reason=reason, by=registrar_of(child.school))
        Message.objects.all().delete()

        take_notice(notice_of(second))

        assert Message.objects.filter(kind="payment-duplicate", to=zoe.email).exists() == hears
        assert self.sent() == ([zoe.email] if hears else [])

    def test_a_court_keeps_even_that_away(self, zoe, child):
        bill = bill_of(child)
        payment = begun([bill], zoe)
        registrar = registrar_of(child.school)
        end_binding(binding=Binding.objects.get(account__user=zoe), reason="graduated", by=registrar)
        CourtOrder.objects.create(
            student=child,
            account=zoe.sso_account,
            number="1",
            ordered_on=timezone.localdate(),
            effective_on=timezone.localdate(),
            entered_by=registrar,
        )
        second = begun([bill], zoe, despite=[payment.pk])
        take_notice(notice_of(payment))
        Message.objects.all().delete()

        take_notice(notice_of(second))

        assert not Message.objects.filter(to=zoe.email).exists()

    def test_mails_of_other_rooms_are_left_alone(self):
        row = message(kind="child-added")

        assert [answer for _receiver, answer in objections_asked.send(Message, message=row) if answer] == []
