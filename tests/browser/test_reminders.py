"""Reminders in a browser: the registrar's desk from preview to stop, a slip, more time, and a parent who has enough."""

import pytest
from django.urls import reverse

from registry import deadlines
from review.reminders.audience import fingerprint_of
from review.reminders.models import ReminderLadder
from review.reminders.optout import token_for
from review.reminders.sending import send_due
from tests.accounts.factories import family_of, registrar_of, teacher_of
from tests.browser.people import student_of, visit
from tests.review.factories import days_ahead, finished_slips, guardian

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school(school_class):
    school = school_class.school
    school.binding_deadline = days_ahead(10)
    school.save()
    for seat in range(1, 6):
        student = student_of(school_class, seat, name="王小明")
        if seat < 4:
            guardian(student, f"a{seat}@example.com")
    return school


def test_a_registrar_looks_starts_and_stops(enter, school, school_class):
    registrar = registrar_of(school)
    walking = enter(registrar)
    deadlines.extend(target=school_class, until=days_ahead(14), reason="校外教學", by=registrar)
    visit(walking, school, ["review:reminders"])

    walking.fill("截止日前幾天提醒", "７、x").press("儲存，看預覽").reads("請只寫天數")
    walking.fill("截止日前幾天提醒", "１４、７").press("儲存，看預覽").reads("已儲存")
    walking.press("開始提醒").reads("已開始提醒")
    assert send_due().mails == 3
    walking.press("立即停止提醒").reads("還沒寄出的 3 封提醒不會寄了")
    assert not ReminderLadder.objects.get().is_on
    walking.press("製作提醒單").reads("正在背景製作")
    visit(walking, school, ["review:slips", finished_slips(school, by=registrar).pk])
    visit(walking, school, ["review:class-deadline", school_class.pk])


def test_a_teacher_gives_a_student_more_time(enter, school, school_class):
    walking = enter(teacher_of(school_class))
    visit(walking, school, ["review:class", school_class.pk])

    walking.follow("王小明").follow("延期").fill("延到哪一天", days_ahead(20).isoformat())
    walking.press("延期").reads("已延長截止日")


def test_a_family_sees_its_date_and_stops_reminders(enter, school, school_class):
    student = student_of(school_class, 9)
    walking = enter(family_of(student))
    visit(walking, school, ["binding:tasks"], ["accounts:school"])

    token = token_for(student, fingerprint_of("bob@example.com"))
    walking.open(reverse("review:reminder-stop", args=[school.slug, token]))
    walking.press("停止提醒").reads("已經停止提醒").press("恢復提醒").reads("不再收到提醒")
