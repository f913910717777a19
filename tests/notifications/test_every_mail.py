"""Every mail in every language, as its function writes it for sample people; and nobody writes mails in another way.

A name that a template has not got fails here as in every test (tests/support/strict_templates.py).
"""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from config.mail_samples import CHILD, LINK, samples
from config.management.commands.draw_rooms import ROOMS
from config.urls import MAILS_OF_DEVELOPMENT
from config.urls import urlpatterns as pages
from notifications.mails import MAILS, ONE_TIME_LINK

urlpatterns = [*MAILS_OF_DEVELOPMENT, *pages]
pytestmark = pytest.mark.urls(__name__)
LANGUAGES = [code for code, _name in settings.LANGUAGES]
# They may reach a stranger: the address was wrong, or is not proved yet.
NAMELESS = {
    "person-corrected",
    "address-verify",
    "address-changed",
    "address-allowed",
    "account-left",
    "applicant-email-taken",
    "own-address-changed",
    "own-address-taken",
    "own-address-verify",
    "password-changed",
    "password-reset",
    "second-factor-changed",
    "sign-in-code",
}
OF_STAFF = {"staff-invited", "staff-password-link", "staff-password-asked"}  # who are called by their own name


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_written_without_the_database(language):
    messages = samples(language)

    assert {message.kind for message in messages} == set(MAILS)
    for message in messages:
        assert 0 < len(message.subject) <= 200
        assert "\n" not in message.subject
        assert message.pk is None
        for part in (message.text, message.html):
            assert CHILD.name not in part
            assert (CHILD.masked_name in part) == (message.kind not in NAMELESS | OF_STAFF), message.kind
            names = (CHILD.school.name, CHILD.school.english_name)
            assert message.school_id is None or any(name in part for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_says_all_that_the_html_says(language):
    for message in samples(language):
        text = message.text
        assert not re.search(r"<\w|&\w+;|\n{3}| \n|\t", text), text
        body = message.html.partition("</h1>")[2]
        for words in re.findall(r">\s*([^<>]*?)\s*<", body):
            assert words in text or "&" in words, (message.kind, words)
        for link in re.findall(r'href="((?!tel:)[^"]+)"', body):  # a number is there in words
            assert text.count(link) == 1, (message.kind, link)


@pytest.mark.parametrize("kind", MAILS)
def test_one_that_opens_an_account_is_sensitive(kind):
    """A link to a page that asks for a log-in opens none; what stops reminders opens nothing. One sample has it, at least."""
    messages = [one for one in samples("zh-hant") if one.kind == kind]
    has_secret = any(ONE_TIME_LINK.search(part) for one in messages for part in (one.text, one.html))

    assert MAILS[kind].is_sensitive == (has_secret or kind == "sign-in-code")
    assert not any(LINK in one.subject for one in messages)


def test_each_has_one_template_and_says_who_gets_it():
    templates = {path.stem for path in Path(settings.BASE_DIR, "templates/mail").iterdir() if path.name[0] != "_"}

    assert templates == set(MAILS)
    assert all(mail.__doc__ for mail in MAILS.values())


def test_nothing_but_a_function_of_mails_makes_a_mail():
    files = [path for room in ROOMS for path in Path(settings.BASE_DIR, room).rglob("*.py")]
    makers = {path.relative_to(settings.BASE_DIR).as_posix() for path in files if _makes_mails(path)}

    assert len(makers) > 5
    assert {maker for maker in makers if not maker.endswith("/mails.py")} == set()


def _makes_mails(path):
    """Whether a file names `Draft`, or calls what writes a mail of a kind given as a string."""
    return any(
        isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") == "Draft" or getattr(node.func, "attr", "") == "message_of")
        for node in ast.walk(ast.parse(path.read_text()))
    )


class TestPreview:
    def test_lists_every_mail(self, client):
        page = client.get("/mail/preview/").content.decode()

        assert all(reverse("mail-preview", args=[kind]) in page for kind in MAILS)

    def test_shows_a_mail_in_every_language(self, client):
        page = client.get(reverse("mail-preview", args=["second-factor-changed"]))

        for language in LANGUAGES:
            for number in (0, 1):
                address = reverse("mail-preview-html", args=["second-factor-changed", language, number])
                assert address in page.content.decode()
                assert "sandbox" in client.get(address)["Content-Security-Policy"]

    @pytest.mark.parametrize("address", ["nothing/", "bill-paid/xx/0/", "bill-paid/en/9/", "nothing/en/0/"])
    def test_what_is_not_there_is_not_found(self, client, address):
        assert client.get(f"/mail/preview/{address}").status_code == 404
