"""Step 2, first half: agreeing and declining, and changing one's mind."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from binding.models import Application, Binding
from consent.models import ConsentDecision, ConsentText, digest_of
from notifications.models import Message
from tests.accounts.factories import log_in, teacher_of
from tests.binding.factories import answered_family, approved_application, confirmed_family, draft_application
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


def answer(client, user, choice="agreed", button="apply", **more):
    log_in(client, user)
    typed = {"answer": choice, "button": button, "text_digest": ConsentText.objects.current().digest, **more}
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
    assert (decision.answer, decision.text, decision.text_digest) == ("agreed", text, digest_of(text.body))
    assert decision.decided_by == user


def test_declining_answers_the_census(client):
    user = confirmed_family()

    response = answer(client, user, "declined", "decline")

    assert response.url == reverse("binding:tasks", args=[user.school.slug])
    assert "已收到您的意願：無意參加" in client.get(response.url).content.decode()


@pytest.mark.parametrize(("choice", "button"), [("agreed", "decline"), ("declined", "apply")])
def test_box_and_button_that_contradict_each_other_record_nothing(client, choice, button):
    response = answer(client, confirmed_family(), choice, button)

    assert "請確認您的意願後再按一次" in response.content.decode()
    assert not ConsentDecision.objects.exists()


def test_no_choice_is_asked_for(client):
    assert "請先勾選同意或不同意" in answer(client, confirmed_family(), "").content.decode()


def test_every_decision_is_kept(client):
    user = answered_family(answer="declined")

    answer(client, user)
    answer(client, user)
    answer(client, user, "declined", "decline")

    kept = ConsentDecision.objects.order_by("pk").values_list("answer", flat=True)
    assert list(kept) == ["declined", "agreed", "declined"]


def test_a_text_that_changed_meanwhile_is_read_again(client):
    user = confirmed_family()
    old = ConsentText.objects.current().digest
    ConsentText.objects.create(version="115-1", body="新的內文", published_at=timezone.now() - timedelta(1))

    response = answer(client, user, text_digest=old)

    assert response.url == reverse("binding:consent", args=[user.school.slug])
    assert not ConsentDecision.objects.exists()


def test_declining_withdraws_what_waits(client):
    application = draft_application()

    answer(client, application.started_by, "declined", "decline")

    application.refresh_from_db()
    assert application.status == Application.Status.WITHDRAWN


class TestAfterBinding:
    @pytest.fixture
    def bound(self):
        student = StudentFactory()
        return approved_application(teacher_of(student.school_class), student).started_by

    def test_declining_asks_first(self, client, bound):
        response = answer(client, bound, "declined", "decline")

        assert "要撤回同意請勾選這一項" in response.content.decode()
        assert Binding.objects.active().exists()

    def test_declining_ends_nothing_and_asks_the_parent(self, client, bound):
        answer(client, bound, "declined", "decline", asks_bound="on")

        assert Binding.objects.get().is_active
        assert ConsentDecision.objects.latest_of(bound.student).is_agreed
        assert Message.objects.filter(kind="withdrawal-asked", to="bob@example.com").count() == 1
        assert not Message.objects.filter(kind="binding-ended").exists()
