"""One student on the desk of the class: notes of the staff, a reminder to one family, the form once more."""

import re
from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from notifications.models import Message
from review.models import StudentNote
from review.reminders.audience import fingerprint_of
from review.reminders.one_family import BETWEEN
from review.reminders.optout import opt_out
from tests.accounts.factories import family_of, log_in, registrar_of, staff, teacher_of
from tests.binding.factories import answered_family, sent_application
from tests.registry.factories import StudentFactory, make_identity
from tests.review.factories import class_before_deadline, days_ahead, student_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return class_before_deadline(name="301")


@pytest.fixture
def teacher(client, school_class):
    user = teacher_of(school_class)
    log_in(client, user)
    return user


@pytest.fixture
def student(school_class):
    return student_in(school_class, "bob@example.com", "carol@example.com", seat_number=7)


def address(student, name="student"):
    return reverse(f"review:{name}", args=[student.school.slug, student.pk])


class TestNote:
    def write(self, client, student, text):
        return client.post(address(student, "student-note"), {"text": text}, follow=True).content.decode()

    def test_is_kept_with_who_and_when_and_stands_on_board_and_application(
        self, client, student, teacher, school_class
    ):
        application = sent_application(student)
        page = self.write(client, student, "已電話提醒  週五交")
        board = client.get(reverse("review:class", args=[school_class.school.slug, school_class.pk]))
        own = client.get(reverse("review:application", args=[school_class.school.slug, application.pk]))

        note = StudentNote.objects.get()
        assert (note.text, note.by) == ("已電話提醒 週五交", teacher)
        for shown in (page, board.content.decode(), own.content.decode()):
            assert "已電話提醒 週五交" in shown
        assert Event.objects.get(event="student_note.written").data == {}

    def test_refuses_an_id_number_and_keeps_what_was_typed(self, client, student, teacher):
        page = self.write(client, student, f"母親 {make_identity(5)}")

        assert "請不要在這裡寫身分證統一編號" in page
        assert not StudentNote.objects.exists()

    @pytest.mark.parametrize("text", ["", "  ", "x" * 201])
    def test_says_something_short(self, client, student, teacher, text):
        assert 'class="error-summary' in self.write(client, student, text)
        assert not StudentNote.objects.exists()

    def test_twice_is_once_and_it_can_be_removed(self, client, student, teacher):
        for _twice in range(2):
            self.write(client, student, "週五交")
        note = StudentNote.objects.get()

        page = client.post(address(student, "student-note"), {"remove": note.pk}, follow=True).content.decode()
        again = client.post(address(student, "student-note"), {"remove": note.pk}, follow=True).content.decode()

        assert "已刪除備註" in page
        assert "已刪除備註" not in again
        assert not StudentNote.objects.exists()

    def test_of_another_student_is_not_removed(self, client, student, teacher, school_class):
        other = StudentFactory(school=school_class.school)
        note = StudentNote.objects.create(student=other, text="x", by=teacher)

        client.post(address(student, "student-note"), {"remove": note.pk})

        assert StudentNote.objects.exists()
        assert client.post(address(other, "student-note"), {"text": "y"}).status_code == 404

    def test_no_family_sees_it(self, client, student, teacher):
        self.write(client, student, "只有學校看得到的話")
        log_in(client, family_of(student))

        page = client.get(reverse("binding:tasks", args=[student.school.slug])).content.decode()

        assert "只有學校看得到的話" not in page
        assert client.get(address(student)).status_code == 404


class TestReminder:
    def press(self, client, student):
        return client.post(address(student, "student-remind"), follow=True).content.decode()

    def test_goes_to_whom_the_ladder_writes(self, client, student, teacher):
        page = self.press(client, student)

        assert "已寄提醒到 2 個信箱" in page
        assert sorted(Message.objects.values_list("to", flat=True)) == ["bob@example.com", "carol@example.com"]
        assert Event.objects.get(event="reminders.sent_to_family").data == {"mails": 2}

    def test_who_stopped_reminders_is_left_alone(self, client, student, teacher):
        opt_out(student=student, address=fingerprint_of("bob@example.com"))
        self.press(client, student)
        assert [one.to for one in Message.objects.all()] == ["carol@example.com"]

        Message.objects.all().delete()
        opt_out(student=student, address=fingerprint_of("carol@example.com"))
        assert "請改印提醒單" in self.press(client, student)
        assert not Message.objects.exists()

    def test_a_second_one_waits_for_three_days(self, client, student, teacher):
        self.press(client, student)
        assert "三天內已經提醒過" in self.press(client, student)
        Message.objects.update(created_at=timezone.now() - BETWEEN - timedelta(minutes=1))

        assert "已寄提醒" in self.press(client, student)
        assert Message.objects.count() == 4

    def test_nobody_is_reminded_after_the_deadline(self, client, student, teacher):
        student.school.binding_deadline = days_ahead(-1)
        student.school.save(update_fields=["binding_deadline"])

        assert "截止日已經過了" in self.press(client, student)
        assert not Message.objects.exists()

    def test_who_is_done_is_not_reminded(self, client, student, teacher):
        answered_family(student, answer="declined")

        assert "不必提醒" in self.press(client, student)
        assert not Message.objects.exists()


@pytest.mark.parametrize("language", ["zh-hant", "vi", "en", "id"])
def test_the_form_of_one_student_is_printed_in_the_familys_language(client, student, teacher, language):
    response = client.get(address(student, "student-form"), {"language": language})

    sheets = pypdfium2.PdfDocument(response.content)
    assert len(sheets) == 1
    assert Event.objects.get(event="paper_forms.printed").data == {"language": language}
    assert client.get(address(student, "student-form"), {"language": "xx"}).status_code == 404


def test_the_familys_own_language_stands_first_in_one_control(client, student, teacher):
    family_of(student)
    User.objects.filter(student=student).update(language="vi")

    page = client.get(address(student)).content.decode()

    select = page[page.index('<select name="language"') :].partition("</select>")[0]
    assert re.findall(r'value="([\w-]+)"( selected)?', select) == [
        ("vi", " selected"),
        ("zh-hant", ""),
        ("en", ""),
        ("id", ""),
    ]
    assert "這個家庭的語言" in select
    assert page.count(address(student, "student-form")) == 1


def test_without_a_known_language_chinese_is_chosen(client, student, teacher):
    page = client.get(address(student)).content.decode()

    assert '<option value="zh-hant" selected>' in page
    assert "這個家庭的語言" not in page


def test_the_language_of_the_application_is_known(client, student, teacher):
    sent_application(student)
    student.applications.update(language="id")

    assert '<option value="id" selected>' in client.get(address(student)).content.decode()


def test_nobody_elses_student(client, student, teacher):
    other = StudentFactory(school=student.school)
    for name in ("student", "student-form"):
        assert client.get(address(other, name)).status_code == 404
    assert client.post(address(other, "student-remind")).status_code == 404
    log_in(client, staff(student.school, account="nobody"))
    assert client.get(address(student)).status_code == 404
    log_in(client, registrar_of(student.school))
    assert client.get(address(student)).status_code == 200
