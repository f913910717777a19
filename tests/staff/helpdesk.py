"""What tests of the helpdesk do."""

from django.conf import settings
from django.urls import reverse

from accounts import throttle
from tests.support.lists import search


def place(name, student, *args):
    return reverse(f"staff:helpdesk{name}", args=[student.school.slug, *args])


def lock(student):
    for _attempt in range(settings.LOGIN_FAILURE_LIMIT):
        throttle.consume("portal", f"{student.school_id}/{student.portal_account}")


def found_by(client, student, q):
    """The response after the helpdesk typed `q`."""
    return search(client, place("", student), "families", q)
