"""Where a request came from, and what a report of an error gives away."""

import logging
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import path, reverse
from django.views.debug import ExceptionReporter

from audit.middleware import ip_address_of
from audit.models import Event
from audit.redaction import HIDDEN, HidingFormatter, blot_out
from tests.accounts.factories import family_of, log_in
from tests.registry.factories import StudentFactory


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.9"),
        (0, "", "10.0.0.9"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "1.2.3.4"),
        (1, "not an address", None),
        (1, "", "10.0.0.9"),
        (1, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_only_what_our_own_proxies_say_is_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", headers=headers)

    assert ip_address_of(request) == address


@pytest.mark.django_db
def test_an_answer_carries_the_number_of_its_events(client):
    log_in(client, family_of(StudentFactory()))

    response = client.post(reverse("accounts:logout"), REMOTE_ADDR="10.0.0.9")

    event = Event.objects.get(event="logout")
    assert (event.request_id, event.ip_address) == (response["X-Request-ID"], "10.0.0.9")


def test_a_report_of_an_error_gives_nothing_away():
    canary = "A" + "123456789"
    request = RequestFactory().post("/x/", {"identity_number": canary}, headers={"X-Canary": canary})
    request.COOKIES["canary"] = canary

    def fail():
        number = canary
        raise RuntimeError(len(number))

    try:
        fail()
    except RuntimeError:
        reporter = ExceptionReporter(request, *sys.exc_info())

    for report in (reporter.get_traceback_html(), reporter.get_traceback_text()):
        assert "fail" in report
        assert canary not in report


CANARY = "A" + "123456789"


def failing(request):
    number = request.POST["identity_number"]
    raise RuntimeError(f"about {number}")


failing.login_required = False
urlpatterns = [path("fail/", failing)]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
def test_an_error_page_gives_nothing_away_even_with_debug_on(client, settings, accept):
    settings.DEBUG = True
    client.raise_request_exception = False
    client.cookies["canary"] = CANARY
    picture = SimpleUploadedFile(f"{CANARY}.jpg", b"x")

    response = client.post(
        f"/fail/?number={CANARY}&name=尹小妍",
        {"identity_number": CANARY, "picture": picture},
        headers={"accept": accept, "x-canary": CANARY},
    )

    page = response.content.decode()
    assert response.status_code == 500
    assert "in failing" in page
    assert CANARY not in page
    assert "尹小妍" not in page
    assert f"{CANARY}.jpg" not in page


@pytest.mark.parametrize(
    "line", ["GET /?q=%20A123456789", "GET /?q=%0Aa123456789", repr("手機\nA123456789"), "A800000014。"]
)
def test_a_number_is_recognised_behind_an_escape_too(line):
    assert HIDDEN in blot_out(line)


@pytest.mark.parametrize(
    "line", ["bill-20261123456789", "A1234567890", "0f3a1234567890a123456789e4d2c6b7f8", "B2026-11-29"]
)
def test_other_numbers_stay_readable(line):
    assert blot_out(line) == line


def test_a_log_line_loses_what_looks_like_an_id_number():
    try:
        raise ValueError("A123456789")
    except ValueError:
        record = logging.LogRecord("x", logging.INFO, "x", 1, "GET /?q=%s %s", ("a123456789", 200), sys.exc_info())

    line = HidingFormatter("%(message)s").format(record)

    assert line.startswith("GET /?q=（隱藏） 200")
    assert "123456789" not in line.splitlines()[-1]
