"""Tokens of links and cookies are made and digested in one place; one that was used opens nothing."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import EmailToken
from config.management.commands.draw_rooms import ROOMS
from core.one_time_links import digest_of, link_to
from tests.accounts.factories import registrar_of, sso_parent
from tests.registry.factories import SchoolFactory

HERE = "core/one_time_links.py"
MAKES_A_TOKEN = re.compile(r"token_urlsafe|token_hex|sha256\(\w*(token|secret|key)\w*\.encode|class LinkOver")
NAMES = {
    "config/synthetic_city/renewing.py",
    "oidc/logout_notices.py",
    "oidc/models/sign_ons.py",
}  # numbers that clients are told, no secrets


def test_nobody_else_makes_tokens():
    base = Path(settings.BASE_DIR)
    files = [file for room in ROOMS for file in (base / room).rglob("*.py")]
    makers = {file.relative_to(base).as_posix() for file in files if MAKES_A_TOKEN.search(file.read_text())}

    assert makers - NAMES == {HERE}


@pytest.mark.django_db
class TestUsedOnce:
    @pytest.fixture
    def handed_out(self):
        user = sso_parent(by=registrar_of(SchoolFactory()))
        return EmailToken.replace(user, EmailToken.Purpose.RESET, lasts=timedelta(hours=1))

    def test_only_the_digest_is_kept(self, handed_out):
        row, token = handed_out

        assert row.digest == digest_of(token)
        assert EmailToken.objects.usable().by_token(token).get() == row

    def test_is_used_once(self, handed_out):
        row, token = handed_out

        assert (row.use(), row.use()) == (True, False)
        assert not EmailToken.objects.usable().by_token(token).exists()

    def test_ends_by_its_time(self, handed_out):
        row, token = handed_out

        EmailToken.objects.update(expires_at=timezone.now())

        assert not EmailToken.objects.usable().by_token(token).exists()
        assert not row.use()


def test_a_link_is_a_full_url():
    assert link_to("accounts:come-back", "abc") == f"{settings.SITE_URL}/sso/account/back/?token=abc"
