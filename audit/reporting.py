"""Reports of errors tell where, never what: a form, a cookie or a variable may hold a national ID."""

from django.views.debug import SafeExceptionReporterFilter

HIDDEN = "（隱藏）"
SAFE_META = {"REQUEST_METHOD", "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "CONTENT_TYPE"}


class HideEverythingFilter(SafeExceptionReporterFilter):
    """Keeps the traceback, hides every value, with DEBUG on too."""

    def is_active(self, request):
        return True

    def get_post_parameters(self, request):
        return dict.fromkeys(request.POST, HIDDEN) if request else {}

    def get_traceback_frame_variables(self, request, tb_frame):
        return [(name, HIDDEN) for name in tb_frame.f_locals]

    def get_safe_cookies(self, request):
        return dict.fromkeys(request.COOKIES, HIDDEN) if hasattr(request, "COOKIES") else {}

    def get_safe_request_meta(self, request):
        if not hasattr(request, "META"):
            return {}
        return {name: value if name in SAFE_META else HIDDEN for name, value in request.META.items()}
