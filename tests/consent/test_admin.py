"""The city writes, previews and publishes a version; what is published opens to no address of the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from consent.models import ConsentText
from tests.accounts.factories import city_admin, log_in, registrar_of
from tests.consent.factories import SUMMARY, draft_text, published_text
from tests.registry.factories import SchoolFactory

pytestmark = pytest.mark.django_db
CHANGE, PREVIEW = (f"admin:consent_consenttext_{page}" for page in ("change", "preview"))
PUBLISH = "city:text-publish"


@pytest.fixture
def admin(client):
    user = city_admin()
    log_in(client, user)
    return user


def typed(text=None, *, translation=None, **fields):
    rows = [translation] if translation else []
    data = {"version": "115-1", "effective_on": timezone.localdate().isoformat(), "body": "一、內文", **SUMMARY}
    data |= {"translations-TOTAL_FORMS": len(rows), "translations-INITIAL_FORMS": 0}
    for row in rows:
        data |= {f"translations-0-{name}": value for name, value in ({"body": "I. Text", **SUMMARY} | row).items()}
    return data | fields


def test_a_draft_with_a_translation(client, admin):
    client.post(reverse("admin:consent_consenttext_add"), typed(translation={"language": "vi"}))

    text = ConsentText.objects.get(version="115-1")
    event = Event.objects.get(event="consent_text.added")
    assert not text.is_published
    assert event.data["digests"] == {"zh-hant": text.digest, "vi": text.in_language("vi").digest}
    assert Event.objects.about(text).count() == 1


def test_the_chinese_is_no_translation(client, admin):
    response = client.post(reverse("admin:consent_consenttext_add"), typed(translation={"language": "zh-hant"}))

    assert "中文是正式文本，不是譯文" in response.content.decode()
    assert not ConsentText.objects.filter(version="115-1").exists()


def test_a_preview_reads_as_the_family_will(client, admin):
    text = draft_text(translated_into=["vi"])

    page = client.get(reverse(PREVIEW, args=[text.pk]), {"language": "vi"}).content.decode()

    assert "I. New (vi)" in page
    assert "草稿，家長還看不到" in page


def test_publishing_is_asked_and_then_done(client, admin):
    text = draft_text()
    page = client.get(reverse(PUBLISH, args=[text.pk])).content.decode()
    assert "都不能再修改或刪除" in page
    assert not ConsentText.objects.get(pk=text.pk).is_published

    client.post(reverse(PUBLISH, args=[text.pk]), {"seen": text.whole_digest})

    text.refresh_from_db()
    assert text.published_by == admin
    assert list(Event.objects.about(text).values_list("event", flat=True)) == ["consent_text.published"]


def test_a_day_gone_by_is_refused_in_words(client, admin):
    text = draft_text(effective_on=timezone.localdate() - timedelta(days=1))

    seen = {"seen": text.whole_digest}
    page = client.post(reverse(PUBLISH, args=[text.pk]), seen, follow=True).content.decode()

    assert "生效日已經過了" in page
    assert not ConsentText.objects.get(pk=text.pk).is_published


def test_a_draft_that_was_changed_after_it_was_looked_at_is_not_published(client, admin):
    text = draft_text(translated_into=["vi"])
    seen = text.whole_digest
    translation = text.translations.get()
    translation.body = "I. Khác"
    translation.save()

    for tried in ({"seen": seen}, {}):
        page = client.post(reverse(PUBLISH, args=[text.pk]), tried, follow=True).content.decode()
        assert "草稿又改過了" in page

    assert not ConsentText.objects.get(pk=text.pk).is_published


def test_who_may_not_write_texts_may_not_publish(client):
    text = draft_text()
    reader = User.objects.create_superuser("reader", password="seven quiet boats")
    User.objects.filter(pk=reader.pk).update(is_superuser=False)
    log_in(client, reader)

    assert client.post(reverse(PUBLISH, args=[text.pk]), {"seen": text.whole_digest}).status_code == 403
    assert not ConsentText.objects.get(pk=text.pk).is_published


class TestPublished:
    @pytest.fixture(autouse=True)
    def _text(self, admin):
        self.text = published_text(translated_into=["vi"])

    def test_its_page_has_no_fields(self, client):
        page = client.get(reverse(CHANGE, args=[self.text.pk])).content.decode()

        assert 'name="body"' not in page
        assert 'name="translations-0-body"' not in page

    def test_no_address_of_the_admin_changes_it(self, client):
        row = {"id": self.text.translations.get().pk, "text": self.text.pk, "language": "en"}
        for page in (CHANGE, "admin:consent_consenttext_delete"):
            response = client.post(reverse(page, args=[self.text.pk]), typed(translation=row, body="別的", post="yes"))
            assert response.status_code == 403

        list_page = reverse("admin:consent_consenttext_changelist")
        client.post(list_page, {"action": "delete_selected", "_selected_action": [self.text.pk], "post": "yes"})
        self.text.refresh_from_db()
        assert self.text.body == "一、新的內文"

    def test_publishing_again_says_so(self, client):
        page = client.post(reverse(PUBLISH, args=[self.text.pk]), follow=True).content.decode()

        assert "這個版本已經發布了" in page


@pytest.mark.parametrize("page", [CHANGE, PREVIEW, PUBLISH])
def test_nobody_else_comes_near(client, page):
    text = draft_text()
    log_in(client, registrar_of(SchoolFactory()))

    assert client.get(reverse(page, args=[text.pk]), follow=True).status_code == 404
    client.post(reverse(page, args=[text.pk]))
    assert not ConsentText.objects.get(pk=text.pk).is_published
