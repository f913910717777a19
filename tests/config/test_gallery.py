"""The gallery shows every component, in words of our pages, to staff and on development servers."""

import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from config.gallery.samples import COMPONENTS, PATTERNS
from config.gallery.views import FOLDER
from registry.models import School
from tests.accounts.factories import family_of, log_in, registrar_of
from tests.registry.factories import SchoolFactory, StudentFactory

CALLED = re.compile(r"""_\(["'](.*?)["']\)""")


def test_every_component_has_a_place():
    assert {sample.component for sample in COMPONENTS} == {file.stem for file in FOLDER.glob("*.html")}


def test_samples_speak_with_words_of_our_pages():
    english = settings.BASE_DIR / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    with english.open("rb") as file:
        known = {message.id for message in read_po(file) if isinstance(message.id, str)}
    words = {word for sample in (*COMPONENTS, *PATTERNS) for word in CALLED.findall(sample.source)}

    assert sorted(words - known) == []


@pytest.mark.django_db
class TestWho:
    def test_staff_in_both_of_their_languages(self):
        client = log_in(Client(), registrar_of(SchoolFactory()))
        for language in settings.STAFF_LANGUAGES:
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            assert client.get(reverse("gallery")).status_code == 200
        assert client.get(reverse("gallery-mail")).status_code == 200

    def test_nobody_else_in_production(self):
        people = (Client(), log_in(Client(), family_of(StudentFactory())))
        for client in people:
            assert client.get(reverse("gallery")).status_code == 404
            assert client.get(reverse("gallery-mail")).status_code == 404

    def test_everybody_on_a_development_server(self, settings, tmp_path):
        settings.MAILBOX_DIR = tmp_path
        for language, _name in settings.LANGUAGES:
            client = Client(headers={"accept-language": language})
            assert client.get(reverse("gallery")).status_code == 200


def test_no_school_is_called_as_a_page_of_the_city():
    """A school's pages begin with its slug: one of the words that our own addresses begin with would never be found."""
    first = {str(one.pattern).partition("/")[0] for one in all_patterns(get_resolver())}
    (reserved,) = (one.regex for one in School._meta.get_field("slug").validators if getattr(one, "inverse_match", 0))

    ours = {word for word in first if re.fullmatch(r"[a-z][a-z0-9-]+", word)}
    assert {word for word in ours if not reserved.match(word)} == set()


def all_patterns(resolver):
    for one in resolver.url_patterns:
        if str(one.pattern) == "" and hasattr(one, "url_patterns"):
            yield from all_patterns(one)
        else:
            yield one
