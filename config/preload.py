"""What a web worker would load at its first pages: addresses with their views, templates, catalogues of words."""

from django.conf import settings
from django.template import engines
from django.urls import get_resolver
from django.utils import translation


def load_pages() -> None:
    """Load it before the workers are forked, so that they share it and answer at once."""
    _load_addresses(get_resolver())
    if not settings.DEBUG:  # while developing, templates are read anew for each page
        _load_templates()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("首頁")


def _load_addresses(resolver) -> None:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            _load_addresses(pattern)
    resolver._populate()


def _load_templates() -> None:
    environment = engines["jinja2"].env  # type: ignore[attr-defined]
    for template in environment.list_templates(extensions=["html"]):
        environment.get_template(template)
