"""The service as gunicorn serves it, and beside it in the same worker a bare page and a bare hash.

A request with X-Count-Queries is answered with the number of its queries.
"""

from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpResponse
from django.test.utils import override_settings
from django.urls import path

from benchmarks.people import PASSWORD
from config.wsgi import application as service


def bare_page(request):
    return HttpResponse("<!doctype html><title>bare</title><p>A page that asks nobody.")


def bare_hash(request):
    return HttpResponse(str(check_password(PASSWORD, _encoded())))


@cache
def _encoded():
    return make_password(PASSWORD)


urlpatterns = [path("bare/", bare_page), path("bare/hash/", bare_hash)]


class Bare(WSGIHandler):
    """Django's handler without any middleware."""

    def get_response(self, request):
        request.urlconf = __name__
        return super().get_response(request)


with override_settings(MIDDLEWARE=[]):
    bare = Bare()


def application(environ, start_response):
    if environ["PATH_INFO"].startswith("/bare/"):
        return bare(environ, start_response)
    if "HTTP_X_COUNT_QUERIES" not in environ:
        return service(environ, start_response)
    return _counted(environ, start_response)


def _counted(environ, start_response):
    def start(status, headers, *rest):
        return start_response(status, [*headers, ("X-Queries", str(len(connection.queries_log)))], *rest)

    connection.ensure_connection()
    connection.force_debug_cursor = True
    try:
        return service(environ, start)  # which empties the log first
    finally:
        connection.force_debug_cursor = False
