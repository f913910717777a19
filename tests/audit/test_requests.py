"""Where a request came from, and what a report of an error gives away."""

import logging
import sys

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.views.debug import ExceptionReporter

from audit.middleware import client_address
from audit.models import Event
from audit.reporting import HidingFormatter
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
    ],
)
def test_only_what_our_own_proxies_say_is_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", headers=headers)

    assert client_address(request) == address


@pytest.mark.django_db
def test_an_answer_carries_the_number_of_its_events(client):
    log_in(client, family_of(StudentFactory()))

    response = client.post(reverse("accounts:logout"), REMOTE_ADDR="10.0.0.9")

    event = Event.objects.get(event="logout")
    assert (event.request_id, event.address) == (response["X-Request-ID"], "10.0.0.9")


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


def test_a_log_line_loses_what_looks_like_an_id_number():
    try:
        raise ValueError("A123456789")
    except ValueError:
        record = logging.LogRecord(
            "x", logging.INFO, "x", 1, "GET /?q=%s %s", ("a123456789", 200), sys.exc_info()
        )

    line = HidingFormatter("%(message)s").format(record)

    assert line.startswith("GET /?q=（隱藏） 200")
    assert "123456789" not in line.splitlines()[-1]
