from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts import captchas
from accounts.models import Captcha


@never_cache
@login_not_required
def captcha_image(request, key):
    return HttpResponse(captchas.draw(_open(key)), content_type="image/png")


@never_cache
@login_not_required
def captcha_audio(request, key):
    return HttpResponse(captchas.speak(_open(key)), content_type="audio/wav")


def _open(key):
    return get_object_or_404(Captcha, key=key, expires_at__gt=timezone.now())
