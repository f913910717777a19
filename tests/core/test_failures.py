"""A failure in the log says where and of which kind, and quotes nothing."""

import logging

from audit.redaction import HidingFormatter
from core.failures import log_failure

SECRET = "王小明 A123456789"


def fail():
    try:
        int(SECRET)
    except ValueError as error:
        raise KeyError(SECRET) from error


def test_types_and_places_are_told_and_values_are_not(caplog):
    try:
        fail()
    except KeyError as error:
        log_failure(logging.getLogger("x"), "roster %s failed", 7, error=error)

    (record,) = caplog.records
    assert record.getMessage().startswith("roster 7 failed: KeyError from ValueError\n")
    assert "in fail" in record.getMessage()
    assert not record.exc_info
    assert "王小明" not in record.getMessage()


def test_so_does_what_a_library_logs():
    try:
        fail()
    except KeyError as error:
        told = logging.LogRecord(
            "x", logging.ERROR, "x", 1, "Task failed", None, (KeyError, error, error.__traceback__)
        )

    line = HidingFormatter("{message}", style="{").format(told)

    assert line.startswith("Task failed\n")
    assert "in fail" in line
    assert "王小明" not in line
