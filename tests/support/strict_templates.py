"""A name that a template of ours writes or loops over and nobody gave it fails the test; a page would show nothing there.

`{% if name %}`, `{% firstof name %}` and `{{ name|default:… }}` say that the name may be missing, and go on.
Templates of Django and of libraries are left alone.
"""

import copy

import pytest
from django.conf import settings
from django.template import base, defaulttags
from django.template.defaultfilters import default

OURS = f"{settings.BASE_DIR / 'templates'}/"


def be_strict():
    """Called once, before a template is compiled."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = MISSING
    base.FilterExpression = Expression
    defaulttags.ForNode = Loop


class Missing(str):
    """What Django puts in the place of a missing value: empty, as ever, yet told from every other empty text."""

    def __contains__(self, part):
        """`{% blocktranslate %}` asks this, of a name that it has not got and of nothing else."""
        pytest.fail("a {% blocktranslate %} writes a name that nobody gave it")


MISSING = Missing()


class Expression(base.FilterExpression):
    """Keeps a strict twin of itself, whose first filter lets no missing value through."""

    def __init__(self, token, parser):
        super().__init__(token, parser)
        self.strict = None
        origin = str(parser.origin)
        may_be_missing = default in (function for function, _arguments in self.filters)
        if self.is_var and origin.startswith(OURS) and not may_be_missing:
            self.strict = copy.copy(self)
            self.strict.filters = [(_refusal(token, origin.removeprefix(OURS)), []), *self.filters]

    def resolve(self, context, ignore_failures=False):
        if self.strict and not ignore_failures:
            return self.strict.resolve(context)
        return super().resolve(context, ignore_failures)


def _refusal(token, template):
    def refuse_missing(value):
        if value is MISSING:
            pytest.fail(f"{template}: nobody gave {{{{ {token} }}}}")
        return value

    return refuse_missing


class Loop(defaulttags.ForNode):
    def __init__(self, loopvars, sequence, *args, **kwargs):
        super().__init__(loopvars, Required(sequence), *args, **kwargs)


class Required:
    """An expression that its tag would take for empty when it is missing."""

    def __init__(self, expression):
        self.expression = expression

    def resolve(self, context, ignore_failures=False):
        return self.expression.resolve(context)
