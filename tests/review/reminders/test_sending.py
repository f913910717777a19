"""The daily job: one mail a rung, caught up once, nothing after the deadline, stopped at once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Event
from notifications import delivery, retries
from notifications.models import Message
from registry import deadlines
from registry.models import School
from review.decisions import return_for_changes
from review.reminders import actions, mails, sending
from review.reminders.audience import fingerprint_of
from review.reminders.management.commands import send_reminders
from review.reminders.models import ReminderLadder, ReminderSent
from review.reminders.optout import opt_out
from review.reminders.sending import send_due
from tests.accounts.factories import registrar_of, teacher_of
from tests.binding.factories import sent_application
from tests.review.factories import class_before_deadline, days_ahead, started, student_in

pytestmark = pytest.mark.django_db

State = Message.State


@pytest.fixture
def school_class():
    return class_before_deadline(14, name="301")


@pytest.fixture
def school(school_class):
    return school_class.school


@pytest.fixture
def registrar(school):
    return registrar_of(school)


@pytest.fixture
def student(school_class):
    return student_in(school_class, "bob@example.com", "carol@example.com")


@pytest.fixture
def ladder(school, student, registrar):
    return started(school, by=registrar)


def run(days_later=0):
    """How many mails a run writes so many days from now."""
    return send_due(today=timezone.localdate() + timedelta(days=days_later)).mails


class TestMail:
    def test_says_what_is_left_and_names_nobody_but_the_child(self, ladder, student, school):
        run()

        to_bob = Message.objects.get(to="bob@example.com")
        assert (to_bob.school_id, to_bob.student_id, to_bob.kind) == (school.pk, student.pk, "reminder")
        for part in (to_bob.text, to_bob.html):
            for words in [
                "301 班 尹〇妍",
                "確認學生相關資訊",
                "還有 14 天",
                f"/{school.slug}/login/",
                "/reminders/stop/",
            ]:
                assert words in part
            for word in [student.name, student.identity_number, "王大明", "carol", student.student_number]:
                assert word not in part

    def test_carries_the_link_that_mail_programs_offer(self, ladder, student, settings):
        settings.SITE_URL = "https://binding.tp.edu.tw"
        run()
        delivery.deliver_due()

        [letter, _other] = mail.outbox
        assert letter.extra_headers["List-Unsubscribe"].startswith("<https://binding.tp.edu.tw/")
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert letter.extra_headers["List-Unsubscribe"].strip("<>") in letter.body

    def test_speaks_the_language_of_the_application(self, school_class, registrar):
        application = sent_application(student_in(school_class))
        application.language = "en"
        application.save()
        return_for_changes(applicant=application.applicants.get(), reason="x", revision=1, by=teacher_of(school_class))
        started(school_class.school, by=registrar)
        run()

        reminder = Message.objects.get(kind="reminder")
        assert '<html lang="en">' in reminder.html
        assert timezone.localdate().strftime("%Y") in reminder.subject, "a year that readers of English know"

    def test_is_not_tried_after_the_deadline(self, school_class, registrar, student):
        School.objects.update(binding_deadline=days_ahead(1))
        school_class.school.refresh_from_db()
        started(school_class.school, by=registrar)
        run()

        assert timezone.localtime(Message.objects.first().retry_until).date() == days_ahead(1)


class TestOnce:
    def test_each_rung_once_an_address(self, ladder):
        written = [run(day) for day in range(17)]

        assert written == [2, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0]
        assert set(ReminderSent.objects.values_list("rung", flat=True)) == {14, 7, 2}

    def test_a_second_run_on_the_day_writes_nothing(self, ladder):
        assert [run(), run(), run()] == [2, 0, 0]

    def test_days_that_were_missed_are_one_mail(self, ladder):
        assert [run(9), run(10)] == [2, 0]

    def test_nothing_after_the_deadline_and_the_ladder_ends(self, ladder):
        assert run(14) == 2, "the last day is one of grace"

        assert run(15) == 0
        ladder.refresh_from_db()
        assert not ladder.is_on
        assert Event.objects.filter(event="reminders.ended").count() == 1

    def test_next_years_deadline_starts_nothing_by_itself(self, ladder, school):
        run(15)
        School.objects.filter(pk=school.pk).update(binding_deadline=days_ahead(370))

        assert run(360) == 0

    def test_what_waits_at_the_deadline_stays(self, ladder):
        run()
        send_due(today=days_ahead(15))

        assert {one.state for one in Message.objects.all()} == {State.STOPPED}

    def test_the_database_refuses_a_rung_twice(self, ladder, student):
        run()
        row = ReminderSent.objects.first()
        row.pk = row.message = None

        with pytest.raises(IntegrityError, match=r"reminded_once_a_rung|UNIQUE"), transaction.atomic():
            row.save(force_insert=True)

    def test_a_run_that_breaks_leaves_neither_mail_nor_mark(self, ladder, student, monkeypatch):
        monkeypatch.setattr(sending.log, "record", lambda *args, **data: 1 / 0)

        assert send_due().failed == [ladder.pk]
        assert not Message.objects.exists()
        assert not ReminderSent.objects.exists()

    def test_chunks_reach_everybody_once(self, ladder, school_class, monkeypatch):
        monkeypatch.setattr(sending, "CHUNK", 2)
        for n in range(5):
            student_in(school_class, f"a{n}@example.com")

        assert [run(), run()] == [7, 0]

    @pytest.mark.parametrize("size", [3, 30])
    def test_a_chunk_costs_the_same_queries(self, ladder, school_class, django_assert_num_queries, size):
        for n in range(size):
            student_in(school_class, f"a{n}@example.com")

        with django_assert_num_queries(17):
            sending.send_chunk(ladder.pk, 0, timezone.localdate())
        assert Message.objects.count() == size + 2


class TestDeadlineMoves:
    def test_rungs_count_against_the_students_new_date(self, ladder, student, registrar):
        run()
        deadlines.extend(target=student, until=days_ahead(28), by=registrar)

        assert [run(day) for day in (7, 13, 14, 21, 26, 27)] == [0, 0, 2, 2, 2, 0]

    def test_a_class_with_more_time_keeps_the_ladder_alive(self, ladder, school_class, registrar):
        deadlines.extend(target=school_class, until=days_ahead(28), by=registrar)

        assert [run(15), run(29)] == [2, 0]

    def test_no_second_mail_on_the_day_that_it_moves(self, ladder, student, registrar):
        run(7)
        deadlines.extend(target=student, until=days_ahead(21), by=registrar)

        assert [run(7), run(8)] == [0, 2]


class TestStopping:
    def test_holds_back_what_waits_and_mails_no_more(self, ladder, school, registrar):
        run()
        assert actions.stop(school=school, by=registrar) == 2

        delivery.deliver_due()
        assert mail.outbox == []
        assert [run(1), run(7)] == [0, 0]
        assert actions.stop(school=school, by=registrar) == 0
        assert Event.objects.filter(event="reminders.stopped").count() == 1

    def test_one_in_a_workers_hands_is_sent_or_not_tried_again(self, ladder, school, registrar):
        run()
        sent, failed = delivery.claim_next("one"), delivery.claim_next("other")
        actions.stop(school=school, by=registrar)
        retries.settle_sent(sent)
        retries.settle_failure(failed, "ConnectionRefusedError")

        assert Message.objects.get(pk=sent.pk).state == State.SENT
        assert Message.objects.get(pk=failed.pk).state == State.STOPPED

    def test_other_mails_and_other_schools_go_on(self, ladder, school, registrar):
        other = class_before_deadline(14)
        student_in(other, "eve@example.com")
        started(other.school, by=registrar_of(other.school))
        Message.objects.create(
            kind="x", to="x@example.com", subject="x", text="x", html="x", retry_until=timezone.now()
        )
        run()
        actions.stop(school=school, by=registrar)

        waiting = Message.objects.filter(state=State.QUEUED).values_list("to", flat=True)
        assert sorted(waiting) == ["eve@example.com", "x@example.com"]

    def test_opting_out_holds_back_what_waits(self, ladder, student):
        run()
        opt_out(student=student, address=fingerprint_of("bob@example.com"))
        opt_out(student=student, address=fingerprint_of("bob@example.com"))

        assert list(Message.objects.filter(state=State.QUEUED).values_list("to", flat=True)) == ["carol@example.com"]
        assert run(7) == 1
        assert Event.objects.filter(event="reminders.opted_out").count() == 1


class TestSwitches:
    def test_is_off_until_somebody_starts_it(self, school, student):
        assert actions.ladder_of(school).days == [14, 7, 2]
        assert run() == 0

    def test_starts_only_what_was_looked_at(self, school, registrar):
        seen = actions.version_of(actions.ladder_of(school), school)
        actions.write_ladder(school=school, deadline=days_ahead(20), days=[14], by=registrar)

        with pytest.raises(actions.Changed):
            actions.start(school=school, version=seen, by=registrar)

    @pytest.mark.parametrize("days", [None, -1])
    def test_needs_a_deadline_ahead(self, school, student, registrar, days):
        deadline = None if days is None else days_ahead(days)
        School.objects.update(binding_deadline=deadline)
        school.binding_deadline = deadline
        version = actions.version_of(actions.ladder_of(school), school)

        with pytest.raises(actions.NoDeadline):
            actions.start(school=school, version=version, by=registrar)

    def test_a_change_stops_it_and_saving_the_same_does_not(self, ladder, school, registrar):
        same = {"school": school, "deadline": school.binding_deadline, "by": registrar}
        assert actions.write_ladder(days=[14, 7, 2], **same).is_on

        assert not actions.write_ladder(days=[14, 7], **same).is_on
        assert run() == 0

    def test_starting_twice_is_one_event(self, ladder, school, registrar):
        actions.start(school=school, version=actions.version_of(ladder, school), by=registrar)

        assert Event.objects.filter(event="reminders.started").count() == 1

    def test_a_school_that_left_is_not_mailed(self, ladder, school):
        School.objects.update(is_active=False)

        assert run() == 0


class TestCommand:
    def test_says_what_it_did(self, ladder, capsys):
        call_command("send_reminders")

        assert capsys.readouterr().out == "2 mails, 1 schools\n"

    @pytest.mark.parametrize(("hour", "mails"), [(7, 0), (8, 2), (19, 2), (20, 0)])
    def test_disturbs_nobody_at_night(self, ladder, monkeypatch, hour, mails):
        now = timezone.localtime().replace(hour=hour)
        monkeypatch.setattr(send_reminders.timezone, "localtime", lambda *_: now)

        call_command("send_reminders", "--by-day")

        assert Message.objects.count() == mails

    def test_one_school_that_fails_is_told_and_the_next_has_its_turn(self, ladder, school, monkeypatch):
        failing = school
        other = class_before_deadline(14)
        student_in(other, "eve@example.com")
        started(other.school, by=registrar_of(other.school))
        say = mails.reminder.say
        monkeypatch.setattr(
            mails.reminder,
            "say",
            lambda family, to, school: 1 / 0 if school == failing else say(family, to=to, school=school),
        )

        with pytest.raises(CommandError, match="1 schools failed"):
            call_command("send_reminders")
        assert [one.to for one in Message.objects.all()] == ["eve@example.com"]

    def test_stops_between_two_chunks(self, ladder, school_class, monkeypatch):
        monkeypatch.setattr(sending, "CHUNK", 1)
        student_in(school_class, "eve@example.com")
        asked = iter([False, False, True])

        assert send_due(should_stop=lambda: next(asked)).mails == 2
        assert ReminderLadder.objects.get().is_on
