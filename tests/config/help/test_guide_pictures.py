"""The guide shows every step as the reader sees it, and stays light."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import translation
from PIL import Image

from config.help import guide
from tests.accounts.factories import family_of, log_in
from tests.binding.factories import answered_family, confirmed_family, draft_application, sent_application
from tests.registry.factories import StudentFactory

OFFERED = list(dict(settings.LANGUAGES))
LARGEST, ALL = 48_000, 360_000  # bytes: a picture, all of a page; with the page itself it stays below 400 kB
SHOWN = re.compile(
    r'<img class="shot" [^>]*src="/static/([^"]+)" width="(\d+)" height="(\d+)" loading="lazy" alt="([^"]+)">'
)


def file_of(picture):
    found = finders.find(picture.file)
    assert found, f"{picture.file} is missing: make guide-pictures"
    return Path(found)


@pytest.mark.parametrize("language", OFFERED)
class TestEveryLanguage:
    def test_each_step_has_its_pictures(self, language):
        for step in guide.STEPS:
            assert step.pictures_in(language)
            for picture in step.pictures_in(language):
                assert f"/{language}/" in picture.file
                with Image.open(file_of(picture)) as drawn:
                    assert drawn.format == "WEBP"
                    assert drawn.size == (2 * picture.width, 2 * picture.height)

    def test_they_are_light(self, language):
        pictures = [one for step in guide.STEPS for one in step.pictures_in(language)]
        weights = {one.file: file_of(one).stat().st_size for one in pictures}

        assert {name: weight for name, weight in weights.items() if weight > LARGEST} == {}
        assert sum(weights.values()) <= ALL

    def test_the_page_shows_them_with_words_for_who_sees_none(self, client, db, language):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        shown = SHOWN.findall(client.get(reverse("help:guide")).content.decode())

        assert len(shown) == sum(len(step.pictures) for step in guide.STEPS)
        with translation.override(language):
            assert [alt for *_rest, alt in shown] == [str(one.alt) for step in guide.STEPS for one in step.pictures]


def test_no_picture_is_left_that_nobody_shows():
    known = {file_of(one) for step in guide.STEPS for language in OFFERED for one in step.pictures_in(language)}

    assert set((settings.BASE_DIR / "static" / "img" / "guide").rglob("*.webp")) == known
    assert set(json.loads(guide.HEIGHTS.read_text(encoding="utf-8"))) == set(OFFERED)


def test_a_language_without_pictures_reads_the_chinese_ones():
    assert guide.STEPS[0].pictures_in("th") == guide.STEPS[0].pictures_in("zh-hant")


@pytest.mark.django_db
class TestFoundFromThePagesOfTheWay:
    def anchor_on(self, client, family, name, *args):
        log_in(client, family)
        shown = client.get(reverse(name, args=[family.school.slug, *args])).content.decode()
        [anchor] = re.findall(f'href="{reverse("help:guide")}#([a-z-]+)"', shown)
        assert anchor in {step.name for step in guide.STEPS}
        return anchor

    def test_confirming(self, client):
        assert self.anchor_on(client, family_of(StudentFactory()), "binding:confirm") == "confirm"

    def test_agreeing(self, client):
        family = confirmed_family()

        assert self.anchor_on(client, family, "binding:consent") == "consent"
        assert (
            reverse("help:privacy") + f"?school={family.school.slug}"
            in client.get(reverse("binding:consent", args=[family.school.slug]))
            .content.decode()
            .partition("<footer")[0]
        )

    def test_applying(self, client):
        assert self.anchor_on(client, answered_family(), "binding:apply") == "apply"

    def test_checking_and_sending(self, client):
        assert self.anchor_on(client, draft_application().started_by, "binding:check") == "apply"
        assert self.anchor_on(client, sent_application().started_by, "binding:sign") == "send"
