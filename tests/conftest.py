"""What every test may count on."""

import os
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation

from tests.support import strict_templates

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps a loop in the test's thread
strict_templates.be_strict()


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _language(settings):
    """A page asked for in English leaves its thread so: the next test begins in Chinese."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _data_of_the_migrations(request):
    """A test with real transactions empties the tables when it ends: the next one needs their first rows again."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        import_module("consent.migrations.0002_first_text").publish(apps, None)
        import_module("oidc.migrations.0002_first_services").add(apps, None)


@pytest.fixture(autouse=True)
def _postgres_only(request):
    if request.node.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL's row locks")
