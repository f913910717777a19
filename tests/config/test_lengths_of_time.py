"""How long something lasts is said as the settings have it: nothing on a page, in a mail or in code writes it out."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.urls import reverse

ROOT = Path(settings.BASE_DIR)
ROOMS = ["accounts", "audit", "billing", "binding", "consent", "core", "notifications", "registry", "review"]
# A number before a length of time, in words that people read; "{{ days }} 天" and "%(days)d 天" have none.
WRITTEN_OUT = re.compile(r"(?:(?<![\d.,{(])\d{1,3}|十|二十|三十|七|十四) ?(?:天內|天後|天以上|天可|分鐘內|小時內|日內)")
TEXT = re.compile(r"_?\(?[\"'](?P<text>[^\"'\n]*[\u4e00-\u9fff][^\"'\n]*)[\"']")


def texts():
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in (".html", ".txt"):
            yield path, path.read_text(encoding="utf-8")
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts and "demo" not in path.parts:
                words = TEXT.finditer(path.read_text(encoding="utf-8"))
                yield path, "\n".join(one["text"] for one in words)


def test_no_length_of_time_is_written_out():
    found = [f"{path.relative_to(ROOT)}: {match[0]}" for path, text in texts() for match in WRITTEN_OUT.finditer(text)]

    assert found == []


def test_the_search_finds_what_it_looks_for():
    for words in ["30 天內可以恢復", "收到信後 14 天內有效", "十分鐘內有效", "待審 7 天以上", "72 小時內"]:
        assert WRITTEN_OUT.search(words)
    for words in ["{{ days }} 天內", "%(days)d 天內", "還有 {n} 天"]:
        assert not WRITTEN_OUT.search(words)


def test_a_page_says_what_the_setting_says(settings):
    settings.CLOSURE_GRACE_DAYS = 44
    page = engines["jinja2"].from_string('{{ setting("CLOSURE_GRACE_DAYS") }}').render()

    assert page == "44"


def test_no_page_reads_anything_else_of_the_settings():
    with pytest.raises(ValueError, match="no length of time"):
        engines["jinja2"].from_string('{{ setting("SECRET_KEY") }}').render()


@pytest.mark.django_db
def test_who_failed_to_log_in_reads_the_days_of_the_initial_password(client, settings):
    settings.SSO_INITIAL_DAYS = 21
    from tests.accounts.factories import with_captcha

    page = client.post(
        reverse("accounts:sso-login"), with_captcha(account="bob@example.com", password="wrong")
    ).content.decode()

    assert "21 天內有效" in page
