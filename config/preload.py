"""What a process would load or work out at its first pages, mails and tasks, for those who fork once it is there."""

import gc

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.template import engines
from django.urls import get_resolver
from django.utils import translation

from accounts import captcha_picture
from core.printing.glyphs import printable_points


def load_pages() -> None:
    """What web workers share: addresses with their views, models, words, the letters of print and captcha, templates."""
    captcha_picture.draw("0", b"")
    printable_points()
    _load_shared("")


def load_mails() -> None:
    """What workers behind the pages share: the same, of the templates those of mails, and no captcha.

    Nor the letters of print: they take ten megabytes, and only a task that prints reads them.
    """
    _load_shared("mail/")


def _load_shared(templates: str) -> None:
    _load_addresses(get_resolver())
    _load_models()
    if not settings.DEBUG:  # while developing, templates are read anew for each page
        _load_templates(templates)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("首頁")
    # What is loaded by now lives as long as the process: the collector does not look through it at every turn, and
    # processes forked from here share it.
    gc.collect()
    gc.freeze()


def _load_addresses(resolver) -> None:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            _load_addresses(pattern)
    resolver._populate()


def _load_models() -> None:
    """Django works out what a model is related to, and how its columns are named, at the first statement about it."""
    for model in apps.get_models():
        model._default_manager.filter(pk=1).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        _ = model._meta.related_objects, model._meta.fields_map


def _load_templates(under: str) -> None:
    environment = engines["jinja2"].env  # type: ignore[attr-defined]
    for template in environment.list_templates(extensions=["html"]):
        if template.startswith(under):
            environment.get_template(template)
