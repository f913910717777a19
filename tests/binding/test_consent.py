"""Step 2, first half: agreeing and declining, and changing one's mind."""

import pytest
from django.urls import reverse
from django.utils import timezone

from binding.models import Application, Binding
from consent.models import ConsentDecision, ConsentText
from core.formats import day_in_words
from notifications.models import Message
from tests.accounts.factories import log_in, teacher_of
from tests.binding.factories import answered_family, approved_application, confirmed_family, draft_application
from tests.consent.factories import published_text
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


def answer(client, user, choice="agreed", **more):
    log_in(client, user)
    box = {"agrees": "on"} if choice == "agreed" else {}
    typed = {"answer": choice, "text_digest": ConsentText.objects.current().digest, **box, **more}
    return client.post(reverse("binding:consent", args=[user.school.slug]), typed)


def test_the_whole_notice_is_on_the_page(client):
    user = confirmed_family()
    log_in(client, user)

    page = client.get(reverse("binding:consent", args=[user.school.slug])).content.decode()

    for words in [
        "109教育或訓練行政", "136資（通）訊與資料庫管理", "137資通安全與管理", "157調查", "158學生", "159學術研究", "175其他",
        "C001辨識個人者", "C003", "C011", "悠遊卡股份有限公司", "中華民國境內", "個人資料保護法第三條", "權益影響",
        "無論是否同意，均須回傳意願",
    ]:  # fmt: skip
        assert words in page


def test_agreeing_leads_to_the_application(client):
    user = confirmed_family()

    response = answer(client, user)

    decision = ConsentDecision.objects.get()
    text = ConsentText.objects.current()
    assert response.url == reverse("binding:apply", args=[user.school.slug])
    assert (decision.answer, decision.text, decision.text_digest) == ("agreed", text, text.digest)
    assert decision.language == "zh-hant"
    assert decision.decided_by == user


def test_declining_answers_the_census(client):
    user = confirmed_family()

    response = answer(client, user, "declined")

    assert response.url == reverse("binding:tasks", args=[user.school.slug])
    assert "已收到您的意願：無意參加" in client.get(response.url).content.decode()


def test_the_box_belongs_to_applying(client):
    page = answer(client, confirmed_family(), agrees="").content.decode()

    assert "請先勾選「本人同意」，再按「申辦帳號」" in page
    assert 'href="#id_agrees"' in page
    assert not ConsentDecision.objects.exists()


def test_declining_is_one_press_whatever_was_ticked(client):
    answer(client, confirmed_family(), "declined", agrees="on")

    assert ConsentDecision.objects.get().answer == "declined"


@pytest.mark.parametrize("choice", ["", "perhaps"])
def test_no_choice_is_asked_for(client, choice):
    assert "不申辦，請按「無意參加」" in answer(client, confirmed_family(), choice).content.decode()
    assert not ConsentDecision.objects.exists()


class TestLanguages:
    def page(self, client, language=None, user=None):
        user = user or confirmed_family()
        log_in(client, user)
        asked = {"language": language} if language else {}
        return client.get(reverse("binding:consent", args=[user.school.slug]), asked).content.decode()

    def test_the_chinese_is_official(self, client):
        page = self.page(client)

        assert "正式文本，以此為準" in page
        assert 'hreflang="vi"' in page

    def test_a_vietnamese_reader_reads_vietnamese_while_the_pages_are_chinese(self, client):
        page = self.page(client, "vi")

        assert "Bản dịch để tham khảo" in page
        assert "Công ty cổ phần EasyCard" in page
        assert "Tôi đồng ý cung cấp dữ liệu cá nhân" in page
        assert "中文" in page

    def test_an_english_page_has_the_english_text(self, client, settings):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

        assert "For reading; the Chinese text is binding." in self.page(client)

    def test_a_language_without_translation_reads_the_official_text(self, client):
        assert "正式文本，以此為準" in self.page(client, "xx")

    def test_the_decision_keeps_what_was_read(self, client):
        vietnamese = ConsentText.objects.current().in_language("vi")

        answer(client, confirmed_family(), language="vi", text_digest=vietnamese.digest)

        decision = ConsentDecision.objects.get()
        assert (decision.language, decision.text_digest) == ("vi", vietnamese.digest)
        assert decision.text == vietnamese.text

    def test_the_digest_has_to_be_the_one_of_the_language(self, client):
        user = confirmed_family()

        response = answer(client, user, language="vi")

        assert response.url == reverse("binding:consent", args=[user.school.slug])
        assert not ConsentDecision.objects.exists()


def test_who_answered_before_is_told_what_and_when(client):
    user = answered_family(answer="declined")
    log_in(client, user)

    page = client.get(reverse("binding:consent", args=[user.school.slug])).content.decode()

    assert f"您在 {day_in_words(timezone.localdate())} 選了「不同意」。想改變，請重新選擇。" in page
    assert "checked" not in page


def test_every_decision_is_kept(client):
    user = answered_family(answer="declined")

    answer(client, user)
    answer(client, user)
    answer(client, user, "declined")

    kept = ConsentDecision.objects.order_by("pk").values_list("answer", flat=True)
    assert list(kept) == ["declined", "agreed", "declined"]


def test_a_text_that_changed_meanwhile_is_read_again(client):
    user = confirmed_family()
    old = ConsentText.objects.current().digest
    published_text(body="新的內文")

    response = answer(client, user, text_digest=old)

    assert response.url == reverse("binding:consent", args=[user.school.slug])
    assert not ConsentDecision.objects.exists()


def test_declining_withdraws_what_waits(client):
    application = draft_application()

    answer(client, application.started_by, "declined")

    application.refresh_from_db()
    assert application.status == Application.Status.WITHDRAWN


class TestAfterBinding:
    @pytest.fixture
    def bound(self):
        student = StudentFactory()
        return approved_application(teacher_of(student.school_class), student).started_by

    def test_declining_asks_first(self, client, bound):
        response = answer(client, bound, "declined")

        assert "請先勾選「我知道了」" in response.content.decode()
        assert Binding.objects.active().exists()

    def test_declining_ends_nothing_and_asks_the_parent(self, client, bound):
        answer(client, bound, "declined", asks_bound="on")

        assert Binding.objects.get().is_active
        assert ConsentDecision.objects.latest_of(bound.student).is_agreed
        assert Message.objects.filter(kind="withdrawal-asked", to="bob@example.com").count() == 1
        assert not Message.objects.filter(kind="binding-ended").exists()
