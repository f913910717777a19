"""What every test may count on."""

import itertools
import os
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation

from accounts import captchas
from tests.support import databases, engines, pdf, strict_templates, worded_events
from tests.support.world import world

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps a loop in the test's thread
strict_templates.be_strict()
worded_events.be_strict()
pdf.draw_once()
numbers = itertools.count(1)
__all__ = ["world"]


def pytest_addoption(parser):
    parser.addoption(engines.ALL, action="store_true", help="leave out nothing on PostgreSQL")


def pytest_collection_modifyitems(config, items):
    if connection.vendor == "postgresql" and not config.getoption(engines.ALL):
        engines.leave_out(config, items, Path(__file__).parent)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path_factory):
    """A folder of its own, made by the first file that is kept in it: most tests keep none."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / f"media-{next(numbers)}"


@pytest.fixture(autouse=True)
def _language(settings):
    """A page asked for in English leaves its thread so: the next test begins in Chinese."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _no_sweep(monkeypatch):
    """Old captchas are swept away by chance: a test that counts statements can't bear it."""
    monkeypatch.setattr(captchas, "SWEPT", 10**9)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    with django_db_blocker.unblock():
        databases.prepare()


@pytest.fixture(autouse=True)
def _postgres_only(request):
    if request.node.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL's row locks")
