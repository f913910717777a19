"""A service whose address leads on, over two more origins: Chromium holds a form's CSP against the whole chain."""

import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django_otp.oath import TOTP

from accounts import second_factor
from oidc import keys
from tests.accounts.factories import PASSWORD
from tests.oidc.factories import client_of, parent
from tests.oidc.relying_party import RelyingParty

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Hop(BaseHTTPRequestHandler):
    """One site of the chain: sends on to the next, the last one answers with a page."""

    def do_GET(self):
        if self.server.following:
            self.send_response(302)
            self.send_header("Location", self.server.following + self.path)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<!doctype html><html lang=zh><title>x</title><main><h1>到了</h1></main>".encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def chain():
    """The first and the last address of three origins that lead to each other."""
    servers, following = [], ""
    for host in ("127.0.0.1", "localhost", "127.0.0.1"):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Hop)
        server.following = following
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        following = f"http://{host}:{server.server_port}"
    yield following, f"http://127.0.0.1:{servers[0].server_port}"
    for server in servers:
        server.shutdown()


@pytest.fixture
def service(chain):
    keys.make_first()
    first, _last = chain
    return client_of(
        "學習平臺", host="x", redirect_uris=f"{first}/callback", post_logout_redirect_uris=f"{first}/bye",
        backchannel_logout_uri="",
    )  # fmt: skip


@pytest.fixture
def address(service):
    return f"{reverse('oidc:authorize')}?{urlencode(RelyingParty(service).query())}"


@pytest.fixture
def arrives(chain):
    def check(walking, path):
        walking.page.wait_for_url(f"{chain[1]}{path}**", timeout=5000)
        walking.reads("到了")

    return check


def log_in(walking, address, password=PASSWORD):
    walking.page.goto(address)
    walking.fill("電子郵件", "alice@example.com").fill("密碼", password)
    walking.page.get_by_role("button", name="登入", exact=True).click()
    walking.page.wait_for_load_state()


def press(walking, name):
    walking.page.get_by_role("button", name=name, exact=True).click()


def test_consent_leads_on(walker, address, arrives):
    parent()
    walking = walker()
    log_in(walking, address)

    press(walking, "同意並繼續")

    arrives(walking, "/callback?code=")


def test_a_refusal_leads_on(walker, address, arrives):
    parent()
    walking = walker()
    log_in(walking, address)

    press(walking, "不同意")

    arrives(walking, "/callback?error=access_denied")


def test_the_log_in_leads_on_where_consent_is_remembered(walker, address, arrives):
    parent()
    walking = walker()
    log_in(walking, address)
    press(walking, "同意並繼續")
    arrives(walking, "/callback")
    walking.page.context.clear_cookies()

    log_in(walking, address)

    arrives(walking, "/callback?code=")


def test_the_second_factor_leads_on(walker, address, arrives, service):
    alice = parent()
    device = second_factor.device_in_setup(alice)
    key = second_factor.readable_key(device).replace(" ", "")
    second_factor.enrol(device)
    service.kind, service.skip_authorization = "first_party", True
    service.save()
    walking = walker()
    log_in(walking, address)

    walking.page.locator("input[name=token]").fill(f"{TOTP(base64.b32decode(key)).token():06d}")
    press(walking, "繼續")

    arrives(walking, "/callback?code=")


def test_a_password_that_was_owed_leads_on(walker, address, arrives, service):
    alice = parent()
    alice.has_temporary_password = True
    alice.save()
    service.kind, service.skip_authorization = "first_party", True
    service.save()
    walking = walker()
    log_in(walking, address)
    for name, value in [
        ("old_password", PASSWORD),
        ("new_password", "quiet river 77"),
        ("confirmation", "quiet river 77"),
    ]:
        walking.page.locator(f"input[name={name}]").fill(value)

    press(walking, "修改密碼")

    arrives(walking, "/callback?code=")


def test_the_log_out_leads_on(walker, address, arrives, chain, service):
    parent()
    walking = walker()
    log_in(walking, address)
    query = {"client_id": service.client_id, "post_logout_redirect_uri": f"{chain[0]}/bye"}
    walking.page.goto(f"{reverse('oidc:logout')}?{urlencode(query)}")

    walking.page.locator("button[value=leave]").click()

    arrives(walking, "/bye")


def test_a_page_with_no_service_behind_it_still_holds_its_forms(walker, chain):
    walking = walker()
    walking.page.goto(reverse("accounts:sso-login"))
    walking.page.evaluate(f"document.querySelector('main form').action = '{chain[0]}/stolen'")
    walking.page.evaluate("document.querySelector('main form').submit()")
    walking.page.wait_for_timeout(500)

    assert walking.page.url.endswith(reverse("accounts:sso-login"))
