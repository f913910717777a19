"""Captchas: five digits as a picture and as speech, good for one answer."""

import secrets
import unicodedata
import uuid
from datetime import timedelta
from functools import cache

from captcha.audio import AudioCaptcha
from captcha.image import ImageCaptcha
from django.conf import settings
from django.utils import timezone

from accounts.models import Captcha

DIGITS = 5


def hand_out():
    """A new captcha; those that nobody answered in time are swept away."""
    now = timezone.now()
    Captcha.objects.filter(expires_at__lt=now).delete()
    return Captcha.objects.create(
        key=uuid.uuid4(),
        code="".join(secrets.choice("0123456789") for _ in range(DIGITS)),
        expires_at=now + timedelta(minutes=settings.CAPTCHA_MINUTES),
    )


def answer(key, typed):
    """True for the right answer to a captcha that was not answered before; it is used up either way."""
    captcha = Captcha.objects.filter(key=key, expires_at__gt=timezone.now()).first()
    if captcha is None:
        return False
    used_up, _rows = Captcha.objects.filter(key=key).delete()
    typed = "".join(unicodedata.normalize("NFKC", typed).split())
    return bool(used_up) and secrets.compare_digest(captcha.code.encode(), typed.encode())


def draw(captcha):
    """The picture, PNG bytes."""
    return ImageCaptcha(width=200, height=72).generate(captcha.code).getvalue()


def speak(captcha):
    """The digits spoken over noise, WAV bytes."""
    return bytes(_speaker().generate(captcha.code))


@cache
def _speaker():
    speaker = AudioCaptcha()
    speaker.load()
    return speaker
