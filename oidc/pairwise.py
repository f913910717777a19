"""Names that mean a person to one sector only: two sectors can't tell that they speak of the same one.

HMAC-SHA256 with PAIRWISE_SALT, as OpenID Connect Core 8.1 suggests; 43 characters, URL-safe.
"""

import base64
import hashlib
import hmac

from django.conf import settings


def subject(user, client):
    """The `sub` of a parent at this client and at every other one of its sector."""
    return _name(f"parent|{client.sector}|{user.pk}")


def student(student, client):
    """The name of a student there: the same for both parents."""
    return _name(f"student|{client.sector}|{student.pk}")


def _name(text):
    digest = hmac.new(settings.PAIRWISE_SALT.encode(), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
