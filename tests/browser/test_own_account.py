"""The account page on a phone and at a desk, and the question before a session ends."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from accounts import strength
from accounts.models import BrowserSession
from tests.accounts.factories import PASSWORD, change_password, teacher_of
from tests.binding.factories import approved_application
from tests.browser.conftest import DESK, PHONE
from tests.registry.factories import StudentFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bob():
    student = StudentFactory()
    application = approved_application(teacher_of(student.school_class), student)
    user = application.applicants.get().binding.account.user
    change_password(user=user, password=PASSWORD)
    return get_user_model().objects.get(pk=user.pk)


def enter(walking, user):
    walking.open(reverse("accounts:sso-login"))
    walking.fill("電子郵件", user.email).fill("密碼", PASSWORD).press("登入")
    return walking.reads("我的服務")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_own_account(walker, bob, viewport):
    walking = enter(walker(viewport), bob)
    enter(walker(viewport), bob)

    walking.open(reverse("binding:account")).reads("我的孩子與學校聯絡方式")
    walking.open(reverse("accounts:devices")).reads("登出所有其他裝置")
    walking.press("登出所有其他裝置").reads("已經登出")
    walking.open(reverse("accounts:email-change")).reads("7 天內可以還原")
    walking.open(reverse("accounts:own-second-factor")).fill("您的密碼", PASSWORD).press("下一步")
    walking.reads("設定第二道驗證")
    walking.open(reverse("binding:own-data")).fill("您的密碼", PASSWORD).press("在網頁上查看、列印")
    walking.reads("登入紀錄")
    walking.open(reverse("binding:leave")).reads("要停用您的帳號嗎")


def test_a_new_password_is_shown_and_its_strength_said(walker, bob):
    """The page counts as the server does."""
    walking = enter(walker(PHONE), bob).open(reverse("accounts:sso-password"))
    field = walking.page.get_by_label("新密碼", exact=True)
    for typed in (
        "short",
        "aaaaaaaaaaaaa",
        "blue lanterns",
        "seven blue lanterns over Tamsui",
        "ｃａｆé 夕陽 台北的貓咪",
        "河邊三盞藍燈籠亮",
        "河邊三盞藍燈籠",
    ):
        field.fill(typed)
        walking.reads(str(strength.words_for(typed, bob)))

    walking.page.get_by_role("button", name="顯示密碼").click()
    assert field.get_attribute("type") == "text"
    walking.look()
    walking.page.get_by_role("button", name="隱藏密碼").click()
    assert field.get_attribute("type") == "password"


def test_after_three_wrong_passwords_a_captcha(walker, bob):
    walking = walker(PHONE).open(reverse("accounts:sso-login"))
    for _ in range(3):
        walking.fill("電子郵件", bob.email).fill("密碼", "not it at all").press("登入")

    walking.reads("驗證碼")


def test_before_the_end_one_is_asked_and_what_was_typed_stays(walker, bob, settings):
    settings.IDLE_MINUTES = 2
    walking = enter(walker(PHONE), bob)
    walking.open(reverse("accounts:email-change")).reads("您還在嗎")
    settings.IDLE_MINUTES = 60
    walking.page.get_by_label("新的電子郵件").evaluate("field => field.value = 'new@example.com'")

    walking.page.get_by_role("button", name="我還在，繼續").click()
    walking.page.wait_for_selector("dialog[data-session]", state="hidden")

    assert walking.page.get_by_label("新的電子郵件").input_value() == "new@example.com"


def test_after_the_end_the_page_is_covered_until_the_same_person_is_back(walker, bob, settings):
    settings.IDLE_MINUTES = 0.05
    walking = enter(walker(PHONE), bob)
    settings.IDLE_MINUTES = 60
    walking.open(reverse("accounts:email-change"))
    page = walking.page
    page.get_by_label("新的電子郵件").fill("new@example.com")
    page.evaluate("localStorage.setItem(Object.keys(localStorage)[0], '0')")
    BrowserSession.objects.all().delete()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    walking.look().reads("您已經自動登出")

    page.get_by_role("button", name="我已登入，繼續").click()
    page.wait_for_selector("text=還沒有登入，或登入的是別的帳號")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="在新的分頁登入").click()
    other = opened.value
    other.get_by_label("電子郵件", exact=True).fill(bob.email)
    other.get_by_label("密碼", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="登入", exact=True).click()
    other.wait_for_url(f"**{reverse('binding:sso-home')}")
    page.bring_to_front()
    page.wait_for_selector("dialog[data-session]", state="hidden")

    walking.fill("您的密碼", PASSWORD).press("寄出驗證信").reads("已寄信到 new@example.com")
