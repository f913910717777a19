"""The mailbox of development: found by newest first, safe to look at, absent elsewhere."""

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse

from config.urls import MAILS_OF_DEVELOPMENT
from config.urls import urlpatterns as pages
from notifications import delivery
from notifications.mailbox import MailboxBackend, open_mailbox
from tests.notifications.factories import message

urlpatterns = [*MAILS_OF_DEVELOPMENT, *pages]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def _mailbox(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mail"


def post(n=1, **fields):
    """Deliver a mail to the mailbox; returns its key there."""
    before = set(open_mailbox().keys())
    delivery.compose(message(n, **fields), MailboxBackend()).send()
    return (set(open_mailbox().keys()) - before).pop()


def test_lists_what_was_sent(client):
    post(1)
    post(2)

    page = client.get(reverse("notifications:list")).content.decode()

    assert "信 1" in page
    assert "bob2@example.com" in page


def test_an_empty_mailbox_says_so(client):
    assert "還沒有寄出任何信件" in client.get(reverse("notifications:list")).content.decode()


def test_the_text_has_links_and_no_markup_of_others(client):
    key = post(text="<b>請到</b> http://localhost:8000/sso/login/ 登入")

    page = client.get(reverse("notifications:mail", args=[key]))

    assert '<a href="http://localhost:8000/sso/login/"' in page.content.decode()
    assert "<b>請到" not in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]


def test_the_html_is_shown_in_a_box_without_scripts(client):
    key = post(html="<p>您好</p><script>alert(1)</script>")

    page = client.get(reverse("notifications:html", args=[key]))

    assert "您好" in page.content.decode()
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


def test_a_mail_without_html_is_readable(client):
    MailboxBackend().send_messages([EmailMessage("只有文字", "您好", to=["bob@example.com"])])
    [key] = open_mailbox().keys()

    page = client.get(reverse("notifications:mail", args=[key]))

    assert page.status_code == 200
    assert "<iframe" not in page.content.decode()
    assert client.get(reverse("notifications:html", args=[key])).status_code == 404


@pytest.mark.parametrize("name", ["mail", "html"])
@pytest.mark.parametrize("key", ["nothing", "..", "cur"])
def test_unknown_keys_are_not_found(client, name, key):
    address = f"/mail/{key}/" + ("html/" if name == "html" else "")

    assert client.get(address).status_code == 404


def test_without_a_mailbox_the_pages_do_not_exist(client, settings):
    key = post()
    settings.MAILBOX_DIR = None

    for address in (
        reverse("notifications:list"),
        reverse("notifications:mail", args=[key]),
        reverse("notifications:html", args=[key]),
    ):
        assert client.get(address).status_code == 404
