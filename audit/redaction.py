"""Reports of errors tell where, never what: a form, a cookie or a variable may hold a national ID."""

import logging

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from core import identity
from core.failures import trace_of

HIDDEN = "（隱藏）"
SAFE_META = {"REQUEST_METHOD", "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "CONTENT_TYPE"}


def blot_out(text):
    """`text` without ID numbers, also where an escape stands before one (the \\n of a repr) or in it (%20)."""
    return identity.blot_out(text, HIDDEN)


class HidingFormatter(logging.Formatter):
    """The last line of defence: what looks like an ID number is blotted out; tracebacks tell where, in no values."""

    def format(self, record):
        return blot_out(super().format(record))

    def formatException(self, exc_info):  # noqa: N802 – the library's name
        """A database quotes the row that it refuses, and not all who log an exception are ours."""
        return trace_of(exc_info[1])


class ShortForeignHost(logging.Filter):
    """A request for a host that is not ours is nobody's fault here: one line without a traceback."""

    def filter(self, record):
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = "a request for a foreign host: %.80r", (foreign_host_of(record),)
        record.exc_info = record.exc_text = None
        return True


class ForeignHostOnce(logging.Filter):
    """Django tells of a foreign host twice: the second line is left out."""

    def filter(self, record):
        return foreign_host_of(record) is None


def foreign_host_of(record):
    """The host that the request of this line asked for, where it is none of ours; else None."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest):
        return None
    try:
        request.get_host()
    except DisallowedHost:
        return str(request.META.get("HTTP_HOST", ""))
    return None


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


class HidingReporter(ExceptionReporter):
    """Hides what no filter is asked about: the query, names of uploaded files, the user, and any ID number."""

    def get_traceback_data(self):
        data = super().get_traceback_data()
        if self.request is not None:
            data |= {
                "request_GET_items": [(name, HIDDEN) for name in self.request.GET],
                "request_FILES_items": [(name, HIDDEN) for name in self.request.FILES],
                "request_insecure_uri": self.request.path,
                "user_str": HIDDEN,
            }
        return data

    def get_traceback_html(self):
        return blot_out(super().get_traceback_html())

    def get_traceback_text(self):
        return blot_out(super().get_traceback_text())
