"""Captchas: five digits as a picture and as speech, good for one answer from the browser they were drawn for."""

import secrets
import unicodedata
import uuid
from datetime import datetime, timedelta
from functools import cache

from captcha.audio import AudioCaptcha
from django.conf import settings
from django.db.models import F
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import captcha_picture
from accounts.models import Captcha
from accounts.pauses import Paused
from core.compiled import compiled

DIGITS = 5
HEARD = 20  # times at most: speaking is work
SWEPT = 100  # one captcha in so many is handed out by who sweeps first


def hand_out(request):
    """A new captcha for this browser. Those that nobody answered in time open nothing, and are swept away now and then."""
    get_token(request)  # the page will carry it: from now on the browser can be told from others
    now = timezone.now()
    if not secrets.randbelow(SWEPT):
        Captcha.objects.filter(expires_at__lt=now).delete()
    return Captcha.objects.create(
        key=uuid.uuid4(),
        browser=browser_of(request),
        code="".join(secrets.choice(captcha_picture.DIGITS) for _ in range(DIGITS)),
        expires_at=now + timedelta(minutes=settings.CAPTCHA_MINUTES),
    )


def find(request, key):
    """The captcha that was drawn for this browser, while it waits for an answer; else None."""
    return _waiting.first(browser=browser_of(request), key=key, at=timezone.now())


@compiled(browser=str, key=uuid.UUID, at=datetime)
def _waiting(browser, key, at):
    return Captcha.objects.filter(browser=browser, key=key, expires_at__gt=at)


def browser_of(request):
    """A digest of the browser's CSRF cookie, which all its tabs share; "" for one that has none."""
    cookie = request.META.get("CSRF_COOKIE")
    return salted_hmac("captcha", cookie, algorithm="sha256").hexdigest() if cookie else ""


def answer(request, key, typed):
    """True for the right answer to a captcha of this browser not answered before; it is used up either way."""
    captcha = find(request, key)
    if captcha is None:
        return False
    used_up, _rows = Captcha.objects.filter(key=key).delete()
    typed = "".join(unicodedata.normalize("NFKC", typed).split())
    return bool(used_up) and secrets.compare_digest(captcha.code.encode(), typed.encode())


def draw(captcha):
    """The picture, PNG bytes. A second look shows the same one: several of the same digits would be easier to read."""
    return captcha_picture.draw(captcha.code, salted_hmac("captcha picture", captcha.key.hex).digest())


def speak(captcha):
    """The digits spoken over noise, WAV bytes. Raises `Paused` after as many times as the captcha may be heard."""
    if not Captcha.objects.filter(pk=captcha.pk, heard__lt=HEARD).update(heard=F("heard") + 1):
        raise Paused((captcha.expires_at - timezone.now()).total_seconds())
    return bytes(_speaker().generate(captcha.code))


@cache
def _speaker():
    speaker = AudioCaptcha()
    speaker.load()
    return speaker
