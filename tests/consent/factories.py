"""Consent texts at the state that a test is about."""

from django.utils import timezone

from accounts.models import User
from consent.actions import publish
from consent.models import ConsentText, ConsentTranslation
from tests.accounts.factories import city_admin

SUMMARY = {part: f"{part}……" for part in ConsentText.PARTS}


def draft_text(*, translated_into=(), **fields):
    given = {"version": "115-1", "body": "一、新的內文", "effective_on": timezone.localdate(), **SUMMARY}
    text = ConsentText.objects.create(**given | fields)
    for language in translated_into:
        ConsentTranslation.objects.create(text=text, language=language, body=f"I. New ({language})", **SUMMARY)
    return text


def published_text(**fields):
    admin = User.objects.filter(is_superuser=True).first() or city_admin()
    return publish(text=draft_text(**fields), by=admin)
