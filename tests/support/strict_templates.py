"""What a page may not do in a test: write a name that nobody gave it, a method that it does not call, None or a bare date.

`{% if name %}` and `{{ name or "" }}` say that the name may be missing, and go on. The test client learns what a page was
given (`response.context`), as it does from templates of Django's own language.
"""

from datetime import date, timedelta
from types import BuiltinMethodType, MethodType

import pytest
from django.template.backends import jinja2 as backend
from django.test.signals import template_rendered

from config import pages


def be_strict():
    """Called once, before a page is drawn."""
    for way in ("__str__", "__html__", "__iter__", "__len__"):
        setattr(pages.Missing, way, _refuse_missing)
    made = pages.environment

    def environment(**options):
        return made(**options, finalize=_refuse_what_is_no_text)

    pages.environment = environment
    render = backend.Template.render

    def told(self, context=None, request=None):
        template_rendered.send(sender=self, template=self, context=dict(context or {}))
        return render(self, context, request)

    backend.Template.render = told


def _refuse_missing(self):
    pytest.fail(f"nobody gave {{{{ {self._undefined_name} }}}}")


def _refuse_what_is_no_text(value):
    if isinstance(value, (MethodType, BuiltinMethodType)):
        pytest.fail(f"{value.__qualname__} is written, but not called")
    if value is None or isinstance(value, (bool, date, timedelta)):
        pytest.fail(f"{value!r} is written as a machine has it")
    return value
