"""The main journey with real clicks: a parent on a phone, the teacher at a desk, the parent again."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_otp.oath import TOTP

from accounts.models import Authenticator
from consent.models import ConsentText
from notifications.models import Message
from registry.models import Student
from tests.accounts.factories import PASSWORD, teacher_of
from tests.browser.conftest import DESK
from tests.browser.keyboard import Keyboard
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory, make_identity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW_PASSWORD = "seven blue lanterns"


@pytest.fixture
def student():
    school = SchoolFactory(slug="erdai", name="臺北市立二代高級中學", short_name="二代高中")
    school_class = SchoolClassFactory(school=school, name="301", homeroom="t301")
    teacher_of(school_class)
    for seat in range(1, 6):
        StudentFactory(school=school, school_class=school_class, seat_number=seat, name=f"王小{'一二三四五'[seat - 1]}")
    return StudentFactory(
        school=school, school_class=school_class, seat_number=8, student_number="10630008", name="尹書妍"
    )


def test_from_the_school_page_to_single_sign_on(walker, student):
    parent = walker()
    apply_as_a_parent(parent, student)
    teacher = walker(DESK)
    approve_as_the_teacher(teacher, student)
    Message.objects.update(next_attempt_at=timezone.now())
    call_command("send_mail", "--once")
    sign_in_with_what_the_mail_says(parent)


def test_from_log_in_to_sent_with_the_keyboard_alone(walker, student):
    apply_as_a_parent(walker(DESK, hands=Keyboard), student)


def apply_as_a_parent(parent, student):
    parent.open("/").follow(student.school.name).follow("家長登入")
    parent.fill("家長帳號", "p10630008").fill("密碼", "wrong").solve_captcha().press("登入")
    parent.reads("帳號或密碼不正確").reads(str(student.school.helpdesk_contact))
    parent.fill("密碼", student.identity_number).solve_captcha().press("登入")
    parent.reads("第一次登入請先變更密碼")
    parent.fill("新密碼", "short").fill("確認密碼", "short").press("修改密碼").reads("密碼至少要有 12 個字")
    parent.fill("新密碼", NEW_PASSWORD).fill("確認密碼", NEW_PASSWORD)  # the old one was typed a moment ago
    parent.press("修改密碼").reads("未確認").reads("未設定").reads("未送出")

    parent.follow("確認學生相關資訊").press("填答送出").reads("請勾選「資訊正確」")
    parent.follow("資訊有誤").follow("回前頁")
    parent.tick("資訊正確").press("填答送出").reads("或居留證的統一證號")
    parent.tick("本人同意提供", exact=False).press("申辦帳號")
    parent.tick("雙親為監護人，一位申辦").press("下一步")
    parent.press("下一步").reads("請填寫申請人姓名")
    number = make_identity(555)
    parent.fill("申請人姓名", "王大明").tick("父親").fill("身分證統一編號", number[:-1] + "x")
    parent.fill("手機", "0912-345-678").fill("電子郵件", "Bob@Example.com")
    parent.fill("再輸入一次電子郵件", "bob@example.com").press("下一步").reads("證號")
    parent.fill("身分證統一編號", number.lower()).press("下一步")
    parent.reads("0912-345-678").reads(number).press("確認送出")
    parent.reads(number).reads("申請還沒有送出").press("登出").reads("申請還沒有送出")
    parent.fill("家長帳號", "p10630008").fill("密碼", NEW_PASSWORD).solve_captcha().press("登入")
    parent.reads("申請還沒有送出").follow("同意簽署回傳").reads("送出申請")
    assert number not in parent.page.content()  # typed in another log-in
    parent.press("送出申請")
    parent.reads("申請已送出").reads("班導師").follow("完成").reads("等待導師審核")
    parent.press("登出").reads("已登出")


def approve_as_the_teacher(teacher, student):
    teacher.open("/erdai/login/staff/")
    teacher.fill("教職員帳號", "t301").fill("密碼", PASSWORD).solve_captcha().press("登入")
    teacher.reads("設定第二道驗證")
    device = Authenticator.objects.get()
    teacher.fill("驗證碼", f"{TOTP(device.secret).token():06d}").press("完成設定")
    teacher.reads("請收好這十組備用碼").follow("我已經收好，繼續")
    teacher.reads("301 班").follow(student.name)
    assert not teacher.page.get_by_role("button", name="核可").count()
    teacher.press("已收（同意）", exact=False).press("核可", exact=False).reads("已通過")


def sign_in_with_what_the_mail_says(parent):
    received, letter = mail.outbox
    assert received.to == letter.to == ["bob@example.com"]
    assert "已收到您的申請" in received.subject
    assert "末六碼" in letter.body
    _direct, address = re.findall(r"http://\S+", letter.body)
    parent.open(address)
    last_six = make_identity(555)[-6:]
    parent.fill("電子郵件", "bob@example.com").fill("密碼", last_six).press("登入")
    call_command("send_mail", "--once")
    parent.reads("驗證碼已寄到").fill("信裡的驗證碼", re.search(r"\d{6}", mail.outbox[-1].body)[0]).press("繼續")
    parent.fill("新密碼", "a green bicycle bell").fill("確認密碼", "a green bicycle bell")
    parent.press("修改密碼").reads("尹書妍").reads("繳費單").reads("臺北酷課雲")
    parent.press("登出")


def test_texts_and_students_survive_the_browser_tests(student):
    """Guards the fixtures: the privacy notice of the migrations is there for the next test too."""
    assert ConsentText.objects.exists()
    assert Student.objects.count() == 6
