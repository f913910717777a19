"""The sample service of docs/ against a running server: log-in, refresh, an ended binding, back-channel log-out."""

import importlib.util
import re
import sys
import threading

import pytest
import requests
from django.conf import settings
from django.urls import reverse

from binding.actions.ending import end_binding
from binding.models import Binding
from oidc import logout_notices
from oidc.models import LogoutNotice
from tests.accounts.factories import PASSWORD, teacher_of
from tests.binding.factories import approved_application
from tests.oidc.factories import client_of
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def sample():
    """docs/ is no package: the file is loaded as it lies there."""
    file = settings.BASE_DIR / "docs" / "sample_relying_party.py"
    spec = importlib.util.spec_from_file_location("sample_relying_party", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["sample_relying_party"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def teacher():
    return teacher_of(SchoolClassFactory(name="301"))


@pytest.fixture
def bob(teacher):
    student = StudentFactory(school=teacher.school, school_class=teacher.school.classes.get())
    approved_application(teacher, student)
    user = Binding.objects.get().account.user
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def service(sample, live_server, settings, bob):
    """The sample, registered and serving at a port of its own."""
    settings.SITE_URL = live_server.url
    server = sample.serve(None, 0)
    own_url = f"http://localhost:{server.server_port}"
    client = client_of(
        "範例", host="x", redirect_uris=f"{own_url}/callback", post_logout_redirect_uris=f"{own_url}/",
        backchannel_logout_uri=f"{own_url}/backchannel",
    )  # fmt: skip
    service = sample.Service(
        issuer=live_server.url, client_id=client.client_id, client_secret=client.told_secret, own_url=own_url
    )
    server.RequestHandlerClass.service = service
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield service
    server.shutdown()
    server.server_close()


class Parent:
    """A browser that follows redirects and fills in the forms it meets."""

    def __init__(self):
        self.http = requests.Session()

    def open(self, address):
        self.page = self.http.get(address, timeout=10)
        return self

    def send(self, **typed):
        [form] = [
            one for one in re.findall(r"<form.*?</form>", self.page.text, re.S) if all(f'name="{k}"' in one for k in typed)
        ]  # fmt: skip
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        hidden = {name: value.replace("&amp;", "&") for name, value in hidden.items()}
        action = re.search(r'<form action="([^"]*)"', form)
        address = requests.compat.urljoin(self.page.url, action[1] if action else "")
        self.page = self.http.post(address, {**hidden, **typed}, timeout=10)
        return self


@pytest.fixture
def browser(service):
    """Asked for after the server, so that it goes first: a line kept open keeps the server's database open."""
    parent = Parent()
    yield parent
    parent.http.close()


def test_the_sample_goes_all_the_way(service, browser, bob, teacher, capsys):
    browser.open(f"{service.own_url}/sign-in")
    browser.send(account="bob@example.com", password=PASSWORD)
    assert "要讓「範例」知道這些資料嗎" in browser.page.text
    browser.send(answer="allow")

    school = teacher.school
    assert browser.page.url == f"{service.own_url}/"
    assert "王大明" in browser.page.text
    printed = capsys.readouterr().out
    assert f"'school_code': '{school.code}', 'class': '301'" in printed
    assert bob.sso_account.identity_number not in printed

    [session] = service.sessions.values()
    first = session.tokens["refresh_token"]
    browser.open(f"{service.own_url}/refresh")
    assert session.tokens["refresh_token"] != first
    assert "王大明" in browser.page.text

    end_binding(binding=Binding.objects.get(), reason=Binding.EndReason.REGISTRAR, by=teacher)
    assert browser.open(f"{service.own_url}/refresh").page.status_code == 400
    assert logout_notices.deliver_due() == 1
    assert not service.sessions

    browser.open(f"{service.own_url}/sign-in")
    browser.send(account="bob@example.com", password=PASSWORD)
    assert "'children': []" in capsys.readouterr().out

    browser.http.get(service.log_out_address(next(iter(service.sessions.values()))), timeout=10)
    assert logout_notices.deliver_due() == 1
    assert not service.sessions
    assert set(LogoutNotice.objects.values_list("state", flat=True)) == {"sent"}
    assert "登入" in browser.open(service.issuer + reverse("binding:sso-home")).page.text


def test_it_believes_no_other_provider_and_no_other_browser(service, sample):
    session = sample.Session()
    service.begin(session)

    for answer in ("code=x&iss=https://evil.example", "code=x", f"error=access_denied&iss={service.issuer}"):
        with pytest.raises(sample.Refused):
            service.finish(session, f"{service.own_url}/callback?{answer}&state={session.state}")
    with pytest.raises(Exception, match="state"):
        service.finish(session, f"{service.own_url}/callback?code=x&state=other&iss={service.issuer}")
    assert requests.get(f"{service.own_url}/callback?code=x", timeout=5).status_code == 400
    assert requests.post(f"{service.own_url}/backchannel", {"logout_token": "x.y.z"}, timeout=5).status_code == 400
