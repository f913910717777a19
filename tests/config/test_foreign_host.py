"""A request for a host that is not ours: 400, and one short line in the log, by the logging that production runs."""

import io
import logging
import logging.config

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """What the real LOGGING writes, line by line; the logging of before is back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logging.config.dictConfig(settings.LOGGING)
    stream = io.StringIO()
    [console] = [one for one in root.handlers if type(one) is logging.StreamHandler]
    console.setStream(stream)
    yield lambda: stream.getvalue().splitlines()
    root.handlers, root.level = before


@pytest.mark.parametrize("method", ["get", "post", "head"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:81", "x" * 3000, "a b", "<script>", ""])
def test_it_is_one_short_warning(lines, method, host):
    response = getattr(Client(), method)("/", HTTP_HOST=host)

    assert response.status_code == 400
    [line] = lines()
    assert " WARNING django.security.DisallowedHost a request for a foreign host: '" in line
    assert len(line) < 220


def test_it_is_so_before_the_redirect_to_https_too(lines, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get("/", HTTP_HOST="evil.example").status_code == 400
    assert len(lines()) == 1


def test_other_bad_requests_are_still_said(lines):
    Client().get("/admin/", {"p": "1"}, HTTP_HOST="localhost")
    Client().get("/nowhere/at/all/", HTTP_HOST="localhost")

    assert any("Not Found: /nowhere/at/all/" in one for one in lines())
