"""The homeroom teacher's desk in a browser: the board, the pile of forms, all that is ready at once."""

import pytest

from registry.models import Student
from registry.paper_forms.codes import code_for
from review.paper_register import mark_paper_form
from tests.accounts.factories import teacher_of
from tests.binding.factories import Kind, answered_family, sent_application
from tests.browser.people import person, student_of, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def teacher(school_class):
    user = teacher_of(school_class)
    for seat in range(1, 9):
        student = student_of(school_class, seat, name="王小明")
        if seat < 5:
            sent_application(student, people=person(100 + seat))
            mark_paper_form(student=student, answer="agree", by=user)
    guardian = sent_application(student_of(school_class, 9), kind=Kind.GUARDIAN, people=person(200))
    mark_paper_form(student=guardian.student, answer="agree", by=user)
    declined = answered_family(student_of(school_class, 10), answer="declined").student
    mark_paper_form(student=declined, answer="agree", by=user)
    return user


def test_ten_minutes_of_a_homeroom_teacher(enter, school_class, teacher):
    school = school_class.school
    walking = enter(teacher)
    visit(walking, school, ["review:class", school_class.pk])

    walking.page.get_by_label("王小明").nth(5).check()
    walking.page.get_by_label("王小明").nth(6).check()
    with walking.page.expect_navigation():
        walking.page.locator("#board").get_by_role("button", name="已收（同意）", exact=True).click()
    walking.look().reads("已登記 2 位").press("復原剛才的登記").reads("已復原剛才的登記")

    walking.page.get_by_text("用條碼機或座號登記申請書").click()
    walking.page.get_by_label("回收碼或座號").focus()
    for seat in (8, 7):  # one after another, as a barcode reader types: nobody touches the mouse between
        student = Student.objects.get(school_class=school_class, seat_number=seat)
        walking.page.keyboard.type(code_for(student))
        walking.page.keyboard.press("Enter")
        walking.page.get_by_text(f"301 班 {seat} 號").wait_for()
        walking.look()
    every = walking.page.locator("[data-check-all]:has-text('全選未登記') input")  # the board was renewed around it
    every.check()
    assert walking.page.locator("#board input[name=students]:checked").count() > 0
    every.uncheck()
    assert walking.page.locator("#board input[name=students]:checked").count() == 0

    walking.follow("批次核可（5 份）").reads("請一份一份看").reads("以其他關係者身分申請")
    walking.press("核可勾選的", exact=False).reads("已核可 4 位").follow("回 301 班")
    walking.follow("紙本與線上不同 1").reads("10")
