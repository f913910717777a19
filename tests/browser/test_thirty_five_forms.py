"""A homeroom teacher with the pile of a whole class: every press counted, families and mails compared after."""

import time

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from binding.models import Binding
from notifications.models import Message
from registry.paper_forms.codes import code_for
from review.models import Escalation, PaperForm
from review.paper_register import mark_paper_form
from tests.accounts.factories import family_of, log_in, registrar_of, teacher_of
from tests.binding.factories import Kind, answered_family, sent_application
from tests.browser.people import person, student_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COUNT_CLICKS = """
addEventListener("click", (event) => event.detail && sessionStorage.setItem("clicks", Number(sessionStorage.getItem("clicks")) + 1), true)
"""
# A click without detail is the one that Enter in a field makes: nobody pressed.
GUARDIAN, DECLINED, SILENT, LATE = 27, range(28, 31), range(31, 34), range(34, 36)


@pytest.fixture
def applications(school_class):
    """Seats 1–26 applied, 27 as guardian, 28–30 declined, 31–33 said nothing, 34 and 35 gave no paper."""
    sent = {}
    for seat in range(1, 36):
        student = student_of(school_class, seat, name=f"王{'甲乙丙丁戊己庚辛壬癸'[seat % 10]}明")
        if seat == GUARDIAN:
            sent[seat] = sent_application(student, kind=Kind.GUARDIAN, people=person(300))
        elif seat in DECLINED:
            answered_family(student, answer="declined")
        elif seat not in SILENT and seat not in LATE:
            sent[seat] = sent_application(student, people=person(300 + seat))
    return sent


def test_thirty_five_forms(enter, school_class, applications, record_property):
    teacher, registrar = teacher_of(school_class), registrar_of(school_class.school)
    walking = enter(teacher)
    walking.page.add_init_script(COUNT_CLICKS)
    board = reverse("review:class", args=[school_class.school.slug, school_class.pk])
    began = time.monotonic()

    register_the_pile(walking, board)
    assert PaperForm.objects.filter(answer="agree").count() == 27
    assert PaperForm.objects.filter(answer="decline").count() == 6

    walking.open(board)
    hand_one_back(walking, applications[5])
    walking.open(board)
    walking.follow("批次核可（26 份）").press("核可勾選的", exact=False).reads("已核可 25 位")
    walking.follow("回 301 班").follow("審核下一份（27 號）")
    walking.reads("證明文件").press("放大").press("右轉")
    walking.press("已檢視，轉註冊組").reads("已轉請註冊組審核")
    seconds = time.monotonic() - began
    clicks = int(walking.page.evaluate("sessionStorage.getItem('clicks')"))
    record_property("clicks", clicks)
    record_property("seconds", round(seconds, 1))
    print(f"{clicks} clicks, {seconds:.1f} s")  # noqa: T201 – told with -s
    assert clicks <= 30

    assert Escalation.objects.get().application == applications[GUARDIAN]
    office = enter(registrar)
    office.open(reverse("review:handed-over", args=[school_class.school.slug]))
    office.press(applications[GUARDIAN].student.name, role="link").press("核可", exact=False)
    assert Binding.objects.active().count() == 26
    what_families_see(applications, school_class)


def register_the_pile(walking, board):
    """Tick who said no and register them; then all that are left, but for the two who brought none."""
    walking.open(board)
    for seat in [*DECLINED, *SILENT]:
        walking.page.locator(f"#seat-{seat} input[type=checkbox]").check()
    with walking.page.expect_navigation():
        walking.page.locator("#board").get_by_role("button", name="已收（不同意）", exact=True).click()
    walking.follow("未收申請書", exact=False)
    walking.page.get_by_label("全選未登記 列出的學生").check()
    for seat in LATE:
        walking.page.locator(f"#seat-{seat} input[type=checkbox]").uncheck()
    with walking.page.expect_navigation():
        walking.page.locator("#board").get_by_role("button", name="已收（同意）", exact=True).click()
    walking.look().reads("已登記 27 位")
    walking.open(board).follow("只交紙本 3")
    walking.page.get_by_label("全選 列出的學生").check()
    walking.press("以紙本意願為準（家長不上網）").reads("3 位以紙本意願為準")


def hand_one_back(walking, application):
    walking.press(application.student.name, role="link")
    walking.page.get_by_text("退回修正或不通過").click()
    walking.page.get_by_label("手機", exact=True).check()
    walking.page.get_by_label("常用的原因").select_option(index=2)
    walking.press("退回修正").reads("已退回")


def what_families_see(applications, school_class):
    Message.objects.filter(state="queued").update(next_attempt_at=timezone.now())
    call_command("send_mail", "--once")
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert len(letters) == len(mail.outbox) == 27
    for seat, application in applications.items():
        words = "退回修正" if seat == 5 else "已通過"
        page = log_in(Client(), family_of(application.student)).get(
            reverse("binding:tasks", args=[school_class.school.slug])
        )
        assert words in page.content.decode(), seat
        letter = letters[application.applicants.get().email]
        assert ("修正" in letter.subject) == (seat == 5)


def test_a_pile_by_barcode_and_every_application_by_itself(enter_at_any_size, school_class, record_property):
    """No press a form, about one an application: 34 approved, one handed back."""
    sent = {seat: sent_application(student_of(school_class, seat), people=person(300 + seat)) for seat in range(1, 36)}
    walking = enter_at_any_size(teacher_of(school_class))
    walking.page.add_init_script(COUNT_CLICKS)
    walking.page.goto(reverse("review:class", args=[school_class.school.slug, school_class.pk]))

    walking.page.get_by_text("用條碼機或座號登記申請書").click()
    walking.page.get_by_label("回收碼或座號").focus()
    for application in sent.values():  # a reader types faster than a server answers, and waits for nothing
        walking.page.keyboard.type(code_for(application.student))
        walking.page.keyboard.press("Enter")
    walking.page.get_by_text("301 班 35 號").wait_for()
    for_the_pile = int(walking.page.evaluate("sessionStorage.getItem('clicks')"))
    assert PaperForm.objects.filter(answer="agree").count() == 35
    assert for_the_pile == 1  # to open the field

    walking.page.get_by_role("link", name="審核下一份（1 號）").click()
    for seat in range(1, 36):
        walking.page.get_by_role("heading", name=f"301 班 {seat} 號", exact=False).wait_for()
        if seat == 5:
            walking.page.get_by_role("link", name="退回修正…").click()
            walking.page.get_by_label("手機", exact=True).check()
            walking.page.get_by_label("常用的原因").select_option(index=2)
            walking.page.get_by_role("button", name="退回修正", exact=True).click()
        else:
            walking.page.locator(".decision-bar").get_by_role("button", name="核可").click()
    walking.page.get_by_text("已核可", exact=False).first.wait_for()
    presses = (
        int(walking.page.evaluate("sessionStorage.getItem('clicks')")) - for_the_pile + 1
    )  # the choice of a reason
    record_property("presses", presses)
    print(f"{presses} presses for 35 applications")  # noqa: T201 – told with -s
    assert Binding.objects.active().count() == 34
    assert presses <= 45


def test_keys_are_off_until_they_are_switched_on_and_approve_after_a_question(enter_at_any_size, school_class):
    teacher = teacher_of(school_class)
    for seat in (1, 2):
        application = sent_application(student_of(school_class, seat), people=person(300 + seat))
        mark_paper_form(student=application.student, answer="agree", by=teacher)
    first = school_class.students.get(seat_number=1).applications.get()
    walking = enter_at_any_size(teacher)
    page = walking.page
    page.goto(reverse("review:application", args=[school_class.school.slug, first.pk]))

    page.keyboard.press("j")
    page.wait_for_timeout(300)
    page.get_by_role("heading", name="301 班 1 號").wait_for()
    page.keyboard.press("?")
    page.get_by_role("button", name="開啟鍵盤操作").click()
    page.get_by_role("button", name="關閉說明").click()
    page.keyboard.press("j")
    page.get_by_role("heading", name="301 班 2 號").wait_for()
    page.wait_for_timeout(100)
    page.keyboard.type("jkajka")  # as a reader of barcodes types
    page.wait_for_timeout(400)
    page.get_by_role("heading", name="301 班 2 號").wait_for()
    assert not Binding.objects.exists()
    page.keyboard.press("a")
    page.get_by_role("dialog").get_by_text("要核可").wait_for()
    assert not Binding.objects.exists()
    page.keyboard.press("Enter")
    page.get_by_text("已核可", exact=False).first.wait_for()
    assert Binding.objects.active().count() == 1
