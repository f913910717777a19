"""What every template keeps to."""

import re

from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"


def test_no_form_loses_its_csrf_token():
    """`include … only` leaves the token out, and a browser's press is answered with 403; Django's test client isn't."""
    with_token = {
        str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html") if "csrf_token" in path.read_text()
    }
    included = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'{% include "([^"]+)"[^%]* only %}', path.read_text())
    }

    assert len(with_token) > 50
    assert len(included) > 10
    assert with_token & included == set()
