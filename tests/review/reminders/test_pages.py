"""The desk of reminders, and giving more time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.formats import roc_short
from notifications.models import Message
from registry import deadlines
from registry.models import DeadlineExtension
from registry.roles import Role
from review.reminders.models import ReminderLadder
from review.reminders.sending import send_due
from tests.accounts.factories import log_in, registrar_of, staff, teacher_of
from tests.binding.factories import sent_application
from tests.review.factories import class_before_deadline, days_ahead, started, student_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return class_before_deadline(20, name="301")


@pytest.fixture
def school(school_class):
    return school_class.school


@pytest.fixture
def registrar(client, school):
    user = registrar_of(school)
    log_in(client, user)
    return user


def press(client, school, name="reminders", **typed):
    return client.post(reverse(f"review:{name}", args=[school.slug]), typed, follow=True).content.decode()


def look(client, school):
    return client.get(reverse("review:reminders", args=[school.slug])).content.decode()


def iso(days):
    return days_ahead(days).isoformat()


def roc(day):
    return f"{day.year - 1911}/{day:%m/%d}"


class TestDesk:
    def test_shows_who_would_be_mailed_when_before_anybody_is(self, client, school, school_class, registrar):
        student_in(school_class, "bob@example.com", "carol@example.com")
        student_in(school_class, "dora@example.com")
        student_in(school_class)
        sent_application(student_in(school_class, "eve@example.com"))

        page = press(client, school, deadline=iso(20), days="１４、７")
        shown = [" ".join(row.split()) for row in page.split("<tr>")]

        for days in (14, 7):
            day = days_ahead(20) - timedelta(days=days)
            assert any(
                f'{roc(day)}</th><td class="num">{days} 天</td><td class="num">2</td><td class="num">3</td>' in row
                for row in shown
            )
        assert "自動提醒停止中" in page
        assert "開始提醒" in page
        assert not Message.objects.exists()
        assert send_due().mails == 0

    def test_counts_families_with_and_without_an_address(self, client, school, school_class, registrar):
        student_in(school_class, "bob@example.com")
        student_in(school_class)
        student_in(school_class)

        page = look(client, school)

        for number, label in [(3, "還沒完成的家庭"), (1, "有電子郵件"), (2, "沒有可用的電子郵件")]:
            assert f'<span class="count__number">{number}</span>\n  <span class="count__label">{label}' in page

    def test_starts_stops_and_says_so(self, client, school, school_class, registrar):
        student_in(school_class, "bob@example.com")
        press(client, school, deadline=iso(14), days="14、7、2")
        assert "已開始提醒" in press(client, school, "reminders-start", version=f"{iso(14)}/14,7,2")
        assert send_due().mails == 1

        assert "還沒寄出的 1 封提醒不會寄了" in press(client, school, "reminders-stop")

        page = look(client, school)
        assert "自動提醒停止中" in page
        assert f"{roc(days_ahead(14))} 前 14 天" in page

    @pytest.mark.parametrize("version", ["", "2026-01-01/14,7,2", "x" * 500])
    def test_an_older_preview_starts_nothing(self, client, school, school_class, registrar, version):
        student_in(school_class)

        assert "請再看一次預覽" in press(client, school, "reminders-start", version=version)
        assert not ReminderLadder.objects.filter(is_on=True).exists()

    def test_says_that_there_is_no_deadline_ahead(self, client, school, school_class, registrar):
        student_in(school_class)
        press(client, school, deadline="", days="7")

        assert "請先設定今天以後的截止日" in press(client, school, "reminders-start", version="/7")
        assert "請先設定綁定截止日" in look(client, school)

    def test_a_change_pauses_what_runs_and_says_so(self, client, school, school_class, registrar):
        student_in(school_class)
        started(school, by=registrar)

        assert "自動提醒先停下來了" in press(client, school, deadline=iso(20), days="10")
        assert not ReminderLadder.objects.get().is_on

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"days": "十四"}, "請只寫天數"),
            ({"days": ""}, "請至少寫一個天數"),
            ({"deadline": "2020-01-01"}, "這一天已經過了"),
            ({"deadline": "x"}, "id_deadline_error"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(self, client, school, registrar, typed, words):
        page = press(client, school, **{"deadline": iso(9), "days": "5、3", **typed})

        assert words in page
        assert ('value="5、3"' in page) == ("days" not in typed)
        school.refresh_from_db()
        assert school.binding_deadline == days_ahead(20)

    def test_a_deadline_that_passed_may_stay_while_the_days_change(self, client, school, registrar):
        school.binding_deadline = days_ahead(-3)
        school.save()

        assert "已儲存" in press(client, school, deadline=iso(-3), days="5")

    def test_a_school_admin_sees_numbers_and_no_child(self, client, school, school_class, registrar):
        student = student_in(school_class, "bob@example.com")
        deadlines.extend(target=student, until=days_ahead(30), by=registrar)
        log_in(client, staff(school, Role.SCHOOL_ADMIN, account="principal"))

        page = look(client, school)

        assert "有電子郵件" in page
        assert student.name not in page
        assert "製作提醒單" not in page

    def test_shows_what_became_of_the_mails(self, client, school, school_class, registrar):
        for n in range(4):
            student_in(school_class, f"a{n}@example.com")
        started(school, days=[30], by=registrar)
        send_due()
        for state, message in zip(["sent", "dead", "stopped"], Message.objects.order_by("pk"), strict=False):
            sent_at = timezone.now() if state == "sent" else None
            Message.objects.filter(pk=message.pk).update(state=state, sent_at=sent_at)

        page = look(client, school)

        cells = [f'<td class="num" data-label="{label}">{number}</td>' for label, number in
                 [("家庭", 4), ("已寄出", 1), ("等待寄送", 1), ("無法寄送", 1), ("已停止寄送", 1)]]  # fmt: skip
        assert all(cell in page for cell in cells)

    @pytest.mark.parametrize("size", [1, 12])
    def test_costs_the_same_queries_whatever_there_is(
        self, client, school, school_class, registrar, django_assert_max_num_queries, size
    ):
        for n in range(size):
            student = student_in(school_class, f"a{n}@example.com")
            deadlines.extend(target=student, until=days_ahead(30 + n), by=registrar)
        started(school, days=[60], by=registrar)
        send_due()

        with django_assert_max_num_queries(24):
            look(client, school)


class TestExtending:
    def address(self, target, name):
        return reverse(f"review:{name}-deadline", args=[target.school.slug, target.pk])

    def test_a_homeroom_teacher_gives_a_student_of_the_own_class_time(self, client, school_class):
        student, other = student_in(school_class), student_in(class_before_deadline(20))
        teacher = teacher_of(school_class)
        log_in(client, teacher)

        page = client.post(self.address(student, "student"), {"until": iso(30), "reason": "家長出國"}, follow=True)

        assert "已延長截止日" in page.content.decode()
        assert deadlines.deadline_of(student) == days_ahead(30)
        assert DeadlineExtension.objects.get().given_by == teacher
        assert client.get(self.address(school_class, "class")).status_code == 404
        assert client.get(self.address(other, "student")).status_code == 404

    def test_more_time_for_a_class_leaves_a_students_own_date_and_says_whose(self, client, school_class, registrar):
        student, other = student_in(school_class), student_in(school_class)
        deadlines.extend(target=student, until=days_ahead(25), by=registrar)
        address = self.address(school_class, "class")

        page = client.get(address).content.decode()
        client.post(address, {"until": iso(30), "reason": ""})

        assert f"{student.seat_number} 號 {student.name}" in page
        assert self.address(student, "student") in page
        assert self.address(other, "student") not in page
        assert deadlines.deadline_of(student) == days_ahead(25)
        assert deadlines.deadline_of(other) == days_ahead(30)

    def test_a_registrar_gives_a_class_time_and_takes_it_back(self, client, school_class, registrar):
        student = student_in(school_class)
        address = self.address(school_class, "class")

        client.post(address, {"until": f"{days_ahead(30):%Y}/{days_ahead(30):%m/%d}", "reason": ""})
        assert deadlines.deadline_of(student) == days_ahead(30)
        assert f'value="{roc_short(days_ahead(30))}"' in client.get(address).content.decode()

        for _twice in range(2):
            client.post(address, {"take_back": "1"})
        assert deadlines.deadline_of(student) == days_ahead(20)

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"until": ""}, "請選擇日期"),
            ({"until": iso(20)}, "要比原來的截止日"),
            ({"until": iso(19)}, "要比原來的截止日"),
            ({"until": iso(181)}, "最多延到 180 天以後"),
            ({"until": "13/45"}, "id_until_error"),
            ({"until": iso(30), "reason": "證號 A123456789"}, "請不要在這裡寫身分證統一編號"),
            ({"until": iso(30), "reason": "x" * 151}, "150"),
        ],
    )
    def test_wrong_input_is_told_beside_the_field_and_kept(self, client, school_class, registrar, typed, words):
        student = student_in(school_class)

        page = client.post(self.address(student, "student"), {"reason": "住院", **typed}).content.decode()

        assert words in page
        assert ("住院" in page) == ("reason" not in typed)
        assert not DeadlineExtension.objects.exists()

    def test_a_student_needs_more_than_the_class_has(self, client, school_class, registrar):
        student = student_in(school_class)
        deadlines.extend(target=school_class, until=days_ahead(30), by=registrar)

        page = client.post(self.address(student, "student"), {"until": iso(25)}).content.decode()

        assert "要比原來的截止日" in page

    def test_an_extension_of_a_date_that_passed_lies_ahead(self, client, school_class, registrar):
        school_class.school.binding_deadline = days_ahead(-5)
        school_class.school.save()
        student = student_in(school_class)

        page = client.post(self.address(student, "student"), {"until": iso(-1)}).content.decode()

        assert "這一天已經過了" in page

    def test_without_a_deadline_there_is_nothing_to_extend(self, client, school_class, registrar):
        school_class.school.binding_deadline = None
        school_class.school.save()
        student = student_in(school_class)

        page = client.post(self.address(student, "student"), {"until": iso(30)}).content.decode()

        assert "不需要延期" in page
        assert not DeadlineExtension.objects.exists()

    def test_who_left_has_no_deadline(self, client, school_class, registrar):
        student = student_in(school_class, status="left")

        assert client.get(self.address(student, "student")).status_code == 404

    def test_costs_few_queries(self, client, school_class, registrar, django_assert_max_num_queries):
        student = student_in(school_class)
        deadlines.extend(target=student, until=days_ahead(30), by=registrar)

        with django_assert_max_num_queries(10):
            client.get(self.address(student, "student"))
        with django_assert_max_num_queries(9):
            client.get(self.address(school_class, "class"))

    def test_the_class_board_leads_there(self, client, school_class, registrar):
        """For the class by its tools; for one student by the name and the student's page."""
        student = student_in(school_class)
        slug = school_class.school.slug
        board, of_one = (
            reverse("review:class", args=[slug, school_class.pk]),
            reverse("review:student", args=[slug, student.pk]),
        )

        page = client.get(board).content.decode()

        assert f'href="../../students/{student.pk}/"' in page
        assert self.address(school_class, "class") in page
        assert self.address(student, "student") in client.get(of_one).content.decode()
        log_in(client, teacher_of(school_class))
        page = client.get(board).content.decode()
        assert f'href="../../students/{student.pk}/"' in page
        assert self.address(student, "student") in client.get(of_one).content.decode()
        assert self.address(school_class, "class") not in page
