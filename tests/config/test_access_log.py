"""What the web server writes down of a request."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from config.access_log import HidingLogger


@pytest.mark.parametrize(
    "path",
    [
        "/A123456789/",
        "/A123 456 789/",
        "/A12%33456789/",
        "/%2541123456789",
        "/Ａ１２３４５６７８９".encode().decode("latin-1"),
    ],
)
def test_a_number_in_a_path_is_blotted_out(path, capsys):
    config = Config()
    config.set("accesslog", "-")
    config.set("access_log_format", "%(h)s %(m)s %(U)s %(s)s %(M)sms")
    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": path, "SERVER_PROTOCOL": "HTTP/1.1", "PATH_INFO": path,
        "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip

    logger = HidingLogger(config)
    logger.access(
        SimpleNamespace(status="404 Not Found", headers=[], sent=0),
        SimpleNamespace(headers=[]),
        environ,
        timedelta(milliseconds=7),
    )

    line = capsys.readouterr().out
    assert "GET" in line
    assert "404 7ms" in line
    assert "•••" in line or "（隱藏）" in line
    assert "456" not in line
    assert "４５６" not in line


def test_gunicorn_is_told_of_it():
    settings: dict = {}
    with open("gunicorn.conf.py", encoding="utf-8") as file:
        exec(file.read(), settings)  # noqa: S102 – as gunicorn does

    assert settings["logger_class"] == "config.access_log.HidingLogger"
    assert "%(q)s" not in settings["access_log_format"]
    assert "%(r)s" not in settings["access_log_format"]
