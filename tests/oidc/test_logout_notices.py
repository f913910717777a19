"""Logout tokens on their way: heard once, tried again, and led nowhere else."""

import socket
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from core import safe_http
from oidc import logout_notices
from oidc.models import Client, LogoutNotice, SignOn
from tests.oidc.factories import client_of
from tests.oidc.listener import Listener

pytestmark = pytest.mark.django_db
State = LogoutNotice.State


@pytest.fixture
def listener():
    one = Listener()
    yield one
    one.stop()


@pytest.fixture
def notice(alice, listener):
    client = client_of("繳費", host="pay.example.tw", backchannel_logout_uri=listener.url + "/out?x=1")
    return LogoutNotice.objects.create(
        client=client, sign_on=SignOn.objects.create(user=alice), retry_until=timezone.now() + timedelta(hours=12)
    )


def reload(notice):
    notice.refresh_from_db()
    return notice


def test_the_worker_delivers_it_once(notice, listener, capsys):
    call_command("send_mail", "--once")
    call_command("send_mail", "--once")

    [(path, form)] = listener.heard
    assert path == "/out?x=1"
    assert form["logout_token"][0].count(".") == 2
    assert reload(notice).state == State.SENT
    assert notice.sent_at


def test_what_is_not_heard_is_tried_again_later(notice, listener):
    listener.status = 503

    assert logout_notices.deliver_due() == 0
    assert logout_notices.deliver_due() == 0
    assert (reload(notice).state, notice.last_error, len(listener.heard)) == (State.QUEUED, "HTTP 503", 1)
    assert 50 < (notice.next_attempt_at - timezone.now()).total_seconds() < 70

    listener.status = 200
    LogoutNotice.objects.update(next_attempt_at=timezone.now())
    assert logout_notices.deliver_due() == 1
    first, second = (form["logout_token"][0] for _path, form in listener.heard)
    assert first != second


def test_nobody_at_home_is_tried_again(notice, listener):
    listener.stop()

    logout_notices.deliver_due()

    assert (reload(notice).state, notice.last_error) == (State.QUEUED, "ConnectionRefusedError")


def test_it_is_given_up_in_the_end(notice, listener):
    listener.status = 500
    LogoutNotice.objects.update(retry_until=timezone.now())

    logout_notices.deliver_due()

    assert reload(notice).state == State.DEAD


def test_a_redirect_is_not_followed(notice, listener):
    elsewhere = Listener()
    listener.status, listener.headers = 307, {"Location": elsewhere.url}

    logout_notices.deliver_due()
    elsewhere.stop()

    assert not elsewhere.heard
    assert reload(notice).last_error == "HTTP 307"


def test_a_long_answer_is_not_read(notice, listener):
    listener.length = 50_000_000
    began = time.monotonic()

    assert logout_notices.deliver_due() == 1
    assert time.monotonic() - began < 3


def test_an_answer_that_drips_is_cut_off(notice, listener, settings):
    settings.LOGOUT_NOTICE_SECONDS = 1
    listener.drips = True
    began = time.monotonic()

    logout_notices.deliver_due()

    assert time.monotonic() - began < 3
    assert reload(notice).state == State.QUEUED


def test_a_client_that_was_switched_off_hears_nothing(notice, listener):
    Client.objects.update(is_active=False)

    logout_notices.deliver_due()

    assert not listener.heard
    assert reload(notice).state == State.DEAD


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_no_private_address_is_posted_to(address, settings, monkeypatch):
    settings.ALLOW_LOCAL_CLIENTS = False
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: [(2, 1, 6, "", (address, 443))])

    with pytest.raises(safe_http.Refused, match="public"):
        safe_http.post_form("https://pay.example.tw/out", {}, seconds=1)


def test_one_private_address_among_public_ones_is_enough(settings, monkeypatch):
    settings.ALLOW_LOCAL_CLIENTS = False
    both = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: both)

    with pytest.raises(safe_http.Refused, match="public"):
        safe_http.post_form("https://pay.example.tw/out", {}, seconds=1)


@pytest.mark.parametrize(
    "address", ["http://pay.example.tw/", "ftp://pay.example.tw/", "https://a@b/", "https:///x", "file:///etc/passwd"]
)
def test_only_https_to_a_plain_host(address, settings):
    settings.ALLOW_LOCAL_CLIENTS = False

    with pytest.raises(safe_http.Refused):
        safe_http.post_form(address, {}, seconds=1)


def test_it_connects_to_the_address_it_looked_at(settings, monkeypatch):
    """A name that means another machine the second time (DNS rebinding) leads nowhere new."""
    settings.ALLOW_LOCAL_CLIENTS = False
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: [(2, 1, 6, "", ("8.8.8.8", 443))])
    connected = []

    def connect(address, *args, **more):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(ConnectionRefusedError):
        safe_http.post_form("https://pay.example.tw/out", {}, seconds=1)
    assert connected == [("8.8.8.8", 443)]
