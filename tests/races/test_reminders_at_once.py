"""Two runs of the daily job at once, and a stop in the middle of one, with real threads on PostgreSQL."""

import threading
import time

import pytest

from notifications.models import Message
from registry import deadlines
from registry.models import DeadlineExtension
from review.reminders import actions, printing, sending
from review.reminders.audience import fingerprint_of
from review.reminders.models import ReminderOptOut, ReminderSent, ReminderSlipBatch
from review.reminders.optout import opt_out
from tests.accounts.factories import registrar_of
from tests.races.threads import at_once, kinds_of
from tests.review.factories import class_before_deadline, days_ahead, started, student_in

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school(monkeypatch):
    monkeypatch.setattr(sending, "CHUNK", 3)
    school_class = class_before_deadline(14)
    for n in range(10):
        student_in(school_class, f"a{n}@example.com", f"b{n}@example.com")
    return school_class.school


@pytest.fixture
def registrar(school):
    return registrar_of(school)


def test_runs_at_once_mail_everybody_once(school, registrar):
    started(school, by=registrar)

    outcomes = at_once(*[sending.send_due] * 4)

    assert sum(one.mails for one in outcomes) == 20
    assert not any(one.failed for one in outcomes)
    assert ReminderSent.objects.count() == Message.objects.count() == 20
    assert Message.objects.values("to").distinct().count() == 20


@pytest.fixture
def in_the_middle(monkeypatch):
    """Set while a chunk is written and not committed yet; the chunk takes its time."""
    begun = threading.Event()
    record = sending.log.record

    def slowly(event, **about):
        record(event, **about)
        if event == "reminders.sent":
            begun.set()
            time.sleep(0.5)

    monkeypatch.setattr(sending.log, "record", slowly)
    return begun


def test_a_stop_in_the_middle_of_a_run_leaves_nothing_waiting(school, registrar, in_the_middle):
    started(school, by=registrar)

    def stop():
        in_the_middle.wait(10)
        return actions.stop(school=school, by=registrar)

    _sent, stopped = at_once(sending.send_due, stop)

    assert stopped == Message.objects.count() > 0
    assert not Message.objects.filter(state=Message.State.QUEUED).exists()
    assert sending.send_due().mails == 0


def test_opting_out_in_the_middle_of_a_run_is_heeded(school, registrar, in_the_middle):
    started(school, by=registrar)
    student = school.students.order_by("pk").first()

    def enough():
        in_the_middle.wait(10)
        opt_out(student=student, address=fingerprint_of("a0@example.com"))

    at_once(sending.send_due, enough)

    assert ReminderOptOut.objects.count() == 1
    assert Message.objects.get(to="a0@example.com").state == Message.State.STOPPED
    assert Message.objects.filter(state=Message.State.QUEUED).count() == 19


def test_two_give_one_student_one_extension(school, registrar):
    student = school.students.first()

    outcomes = at_once(
        *[lambda day=day: deadlines.extend(target=student, until=days_ahead(day), by=registrar) for day in (20, 30)]
    )

    assert kinds_of(outcomes) == ["DeadlineExtension"] * 2
    assert DeadlineExtension.objects.count() == 1


def test_two_first_settings_are_one_ladder(school, registrar):
    how = {"school": school, "deadline": school.binding_deadline, "days": [7], "by": registrar}

    outcomes = at_once(*[lambda: actions.write_ladder(**how)] * 3)

    assert kinds_of(outcomes) == ["ReminderLadder"] * 3


def test_a_double_click_makes_one_batch_of_slips(school, registrar):
    how = {"school": school, "who": ReminderSlipBatch.Who.ALL, "by": registrar}

    at_once(*[lambda: printing.request_batch(**how)] * 3)

    assert ReminderSlipBatch.objects.count() == 1
