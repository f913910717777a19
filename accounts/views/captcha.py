from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache

from accounts import captchas


@never_cache
@login_not_required
def captcha_image(request, key):
    return HttpResponse(captchas.draw(_open(request, key)), content_type="image/png")


@never_cache
@login_not_required
def captcha_audio(request, key):
    return HttpResponse(captchas.speak(_open(request, key)), content_type="audio/wav")


def _open(request, key):
    captcha = captchas.find(request, key)
    if captcha is None:
        raise Http404
    return captcha
