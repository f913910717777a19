"""Versions of the privacy notice: drafts change, what is published and answered does not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from consent.actions import EffectiveInThePast, NotADraft, publish, record_decision
from consent.models import ConsentDecision, ConsentText, ConsentTranslation
from core.identity import is_in
from tests.accounts.factories import city_admin, family_of
from tests.consent.factories import draft_text, published_text
from tests.registry.factories import StudentFactory
from tests.support.refusals import EMPTY, REPLACE, refuses

pytestmark = pytest.mark.django_db
REPLACED = REPLACE % ("consent_consentdecision", "consent_consentdecision")


class TestPublishing:
    def test_says_who_published_what_and_leaves_an_event(self):
        text, admin = draft_text(translated_into=["en", "vi"]), city_admin()

        text = publish(text=text, by=admin)

        event = Event.objects.get(event="consent_text.published")
        assert (text.published_by, event.actor_id) == (admin, admin.pk)
        assert event.data["digests"].keys() == {"zh-hant", "en", "vi"}
        assert event.data["digests"]["vi"] == text.in_language("vi").digest

    def test_happens_once(self):
        text = published_text()

        with pytest.raises(NotADraft):
            publish(text=text, by=text.published_by)

    def test_not_for_days_gone_by(self):
        text = draft_text(effective_on=timezone.localdate() - timedelta(days=1))

        with pytest.raises(EffectiveInThePast):
            publish(text=text, by=city_admin())

    def test_is_read_from_its_day_on(self):
        first = ConsentText.objects.current()
        draft_text(version="draft")
        tomorrow = published_text(version="tomorrow", effective_on=timezone.localdate() + timedelta(days=1))
        assert ConsentText.objects.current() == first

        today = published_text(version="today")

        assert ConsentText.objects.current() == today
        assert tomorrow.is_published


class TestWords:
    @pytest.mark.parametrize("language", ["zh-hant", "en", "vi", "id"])
    def test_the_first_version_is_whole_in_each_language(self, language):
        text = ConsentText.objects.get(version="109-1").in_language(language)

        assert text.language == language
        assert text.digest == text.made_digest
        assert [one.level for one in text.paragraphs].count(1) == 6
        assert len(text.paragraphs) == 18
        assert all(part.words and part.label for part in text.summary)
        for code in ("109", "136", "137", "157", "158", "159", "175", "C001", "C003", "C011"):
            assert code in text.body
        assert not is_in(text.body)

    def test_the_digest_covers_summary_and_text(self):
        text = draft_text()
        before = text.digest

        text.rights = "別的說法"
        text.save()

        assert text.digest != before

    def test_contents_name_the_parts(self):
        titles = [one.title for one in ConsentText.objects.current().paragraphs if one.anchor]

        assert titles[:3] == ["一、依個人資料保護法第八條規定", "（一）蒐集機關名稱", "（二）蒐集之目的"]
        assert titles[4] == "（四）個人資料利用之期間、對象、地區及方式"
        assert len(titles) == 9


class TestWhatTheDatabaseRefuses:
    @pytest.fixture(autouse=True)
    def _text(self):
        self.text = published_text(translated_into=["en"])

    @pytest.mark.parametrize(
        "deed",
        [
            "UPDATE consent_consenttext SET body = 'x' WHERE version = '115-1'",
            "UPDATE consent_consenttext SET effective_on = '2020-01-01' WHERE version = '115-1'",
            "UPDATE consent_consenttext SET published_at = NULL",
            "DELETE FROM consent_consenttext WHERE version = '115-1'",
            EMPTY % "consent_consenttext",
            REPLACE % ("consent_consenttext", "consent_consenttext"),
            "UPDATE consent_consenttranslation SET rights = 'x'",
            "DELETE FROM consent_consenttranslation",
            EMPTY % "consent_consenttranslation",
        ],
    )
    def test_a_published_text_and_its_translations_stay(self, deed):
        refuses(deed, "is frozen")

    def test_no_translation_is_added_to_a_published_text(self):
        columns = "language, body, digest, what, why, who, how_long, rights, otherwise"
        values = ", ".join(["'vi'", *["'x'"] * 8])

        refuses(
            f"INSERT INTO consent_consenttranslation (text_id, {columns}) VALUES ({self.text.pk}, {values})",  # noqa: S608
            "is frozen",
        )

    def test_no_translation_is_moved_to_a_published_text(self):
        draft_text(version="next", translated_into=["vi"])

        refuses(f"UPDATE consent_consenttranslation SET text_id = {self.text.pk} WHERE language = 'vi'", "is frozen")  # noqa: S608

    @pytest.mark.parametrize(
        "deed",
        [
            "UPDATE consent_consentdecision SET answer = 'agreed'",
            "DELETE FROM consent_consentdecision",
            EMPTY % "consent_consentdecision",
        ],
    )
    def test_an_answer_stays(self, deed):
        student = StudentFactory()
        record_decision(student=student, answer="declined", text=self.text, by=family_of(student))

        refuses(deed, "append-only")

    def test_a_draft_may_be_changed_and_thrown_away(self):
        draft = draft_text(version="next", translated_into=["vi"])
        draft.body = "改過的內文"
        draft.save()
        draft.translations.update(rights="x")

        draft.delete()

        assert not ConsentTranslation.objects.filter(language="vi", text__version="next").exists()


def test_a_decision_says_in_which_language_it_was_read():
    student, text = StudentFactory(), ConsentText.objects.current()

    record_decision(student=student, answer="agreed", text=text, by=family_of(student), language="id")

    decision = ConsentDecision.objects.get()
    assert (decision.language, decision.text_digest) == ("id", text.in_language("id").digest)
