"""Signing in to a service in a browser: log-in, consent, back at the service; the list of services; log-out."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from oidc import keys
from tests.accounts.factories import PASSWORD
from tests.browser.conftest import DESK, PHONE
from tests.oidc.factories import client_of, parent
from tests.oidc.relying_party import RelyingParty

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Callback(BaseHTTPRequestHandler):
    """The service's page that parents come back to."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(
            f"<!doctype html><html lang=zh><title>x</title><main><h1>回到服務</h1><p>{self.path.partition('?')[0]}</p></main>".encode()
        )

    def log_message(self, *args):
        pass


@pytest.fixture
def at_home():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Callback)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_parent_signs_in_to_a_service_and_out_of_everything(walker, at_home, viewport):
    keys.make_first()
    parent()
    client = client_of(
        "臺北市校園繳費系統", host="x", redirect_uris=f"{at_home}/callback", post_logout_redirect_uris=f"{at_home}/bye",
        is_service=True, line="查詢並繳納學雜費", launch_url=f"{at_home}/", mark="繳", backchannel_logout_uri="",
    )  # fmt: skip
    party = RelyingParty(client)
    walking = walker(viewport)
    address = f"{reverse('oidc:authorize')}?{urlencode(party.query(login_hint='alice@example.com'))}"

    walking.open(address).reads("家長登入（單一身分驗證）")
    assert walking.page.get_by_label("電子郵件", exact=True).input_value() == "alice@example.com"
    walking.fill("密碼", PASSWORD).press("登入")
    walking.reads("要讓「臺北市校園繳費系統」知道這些資料嗎")
    walking.press("同意並繼續").reads("回到服務")
    assert walking.page.url.startswith(f"{at_home}/callback?code=")

    walking.page.context.clear_cookies()
    walking.open(address).fill("密碼", PASSWORD).press("登入").reads("/callback")  # remembered: no question

    walking.open(reverse("binding:sso-home")).reads("查詢並繳納學雜費")
    walking.follow("我的帳號").follow("查看並解除連結").reads("您綁定的孩子")
    walking.press("解除連結 臺北市校園繳費系統", role="link").press("解除連結").reads("還沒有連結任何服務")

    query = urlencode({"client_id": client.client_id, "post_logout_redirect_uri": f"{at_home}/bye"})
    walking.open(f"{reverse('oidc:logout')}?{query}").reads("要登出嗎")
    walking.page.locator("button[value=leave]").click()
    walking.page.wait_for_load_state()
    walking.reads("/bye")
    walking.open(reverse("oidc:authorize")).reads("無法登入這個服務")
