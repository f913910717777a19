"""Nobody passes a door without a log-in, a password of their own and, for staff, a second factor."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from accounts import doors


class DoorMiddleware(LoginRequiredMiddleware):
    """Log-in by default; what is still owed (password, second factor) is asked before any other page."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        request.is_private = True
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        if getattr(view_func, "is_before_the_door", False):
            return None
        owed = doors.what_is_owed(request.user)
        return redirect(owed) if owed else None

    def process_response(self, request, response):
        """On a computer that others use too, the back button shows nothing after the log-out."""
        if getattr(request, "is_private", False) and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def handle_no_permission(self, request, view_func):
        login_url = doors.login_url_for(request.resolver_match)
        came_for = request.get_full_path() if request.method == "GET" else None
        return redirect_to_login(came_for, login_url) if came_for else redirect(login_url)
