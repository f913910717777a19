"""Pages open after a complete log-in: a password of one's own and, for staff, a second factor."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_otp.middleware import OTPMiddleware

from accounts import device_cookie, languages, login_flow, pauses, saved_post, second_factor, sessions


class PersonMiddleware(AuthenticationMiddleware):
    """`request.user`, while the session was not left alone for too long."""

    def process_request(self, request):
        super().process_request(request)
        request.user = SimpleLazyObject(partial(sessions.person_of, request))


class SecondFactorMiddleware(OTPMiddleware):
    """`user.is_verified()`: the session names a confirmed device of this person's, read by a statement built once."""

    def _device_from_persistent_id(self, persistent_id):
        return second_factor.find_device(self._normalize_persistent_id(persistent_id))


class DeviceCookieMiddleware:
    """Tells the throttle whether this browser is known, and the browser that it is from now on."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = device_cookie.enter(device_cookie.read(request))
        try:
            response = self.get_response(request)
        finally:
            device_cookie.leave(token)
        device_cookie.write(request, response)
        return response


class PauseMiddleware:
    """Answers 429, with Retry-After, on the page that says to people that they have to wait."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        pauses.begin()
        response = self.get_response(request)
        paused = pauses.met()
        if paused and response.status_code in (200, 429):
            response.status_code = 429
            response["Retry-After"] = str(paused.seconds)
        return response

    def process_exception(self, request, exception):
        """Where no page of its own says so."""
        if isinstance(exception, pauses.Paused):
            return render(request, "429.html", {"minutes": exception.minutes}, status=429)
        return None


class LoginFlowMiddleware(LoginRequiredMiddleware):
    """Log-in by default; the next step (password, second factor) comes before any other page."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        request.is_private = True
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        languages.keep_to_offered(request)
        if getattr(view_func, "before_login_is_complete", False):
            return None
        step = login_flow.next_step_of(request.user)
        if step and step == login_flow.second_factor_url_of(request.user) and request.method == "GET":
            request.session.setdefault("came_for", request.get_full_path())
        return redirect(step) if step else None

    def process_response(self, request, response):
        """On a computer that others use too, the back button shows nothing after the log-out.

        Pages that everybody may open show to whom is logged in whose they are, and are private then.
        """
        if not response.has_header("Cache-Control") and is_private(request):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def handle_no_permission(self, request, view_func):
        """The log-in leads back to the page; what somebody sent too late is kept for them, and they hear of it.

        Where the session ran out in this browser, the page of log-in says so itself.
        """
        login_url = login_flow.login_url_for(request.resolver_match)
        if request.method == "GET":
            return redirect_to_login(request.get_full_path(), login_url)
        is_kept = request.method == "POST" and saved_post.keep(request)
        if not sessions.ran_out(request.session):
            kept, lost = (
                _("登入已逾時，請重新登入。剛才填的文字還在，登入後可以再送出。"),
                _("登入已逾時，請重新登入。"),
            )
            messages.info(request, kept if is_kept else lost)
        return redirect_to_login(reverse("accounts:saved-post"), login_url) if is_kept else redirect(login_url)


def is_private(request):
    """Whether the page is for one person, or was drawn for somebody who is logged in."""
    if getattr(request, "is_private", False):
        return True
    return request.session.accessed and request.user.is_authenticated
