"""The tests themselves: a name that a template was not given does not pass unseen."""

import pytest
from django.conf import settings
from django.template import Context, Origin, Template
from django.template.engine import Engine


def render(text, origin="templates/page.html", **given):
    engine = Engine.get_default()
    template = Template(text, origin=Origin(f"{settings.BASE_DIR}/{origin}"), engine=engine)
    return template.render(Context(given))


@pytest.mark.parametrize(
    "text",
    [
        "{{ child }}",
        "{{ child.name }}",
        "{{ family.child }}",
        "{{ family.child|upper }}",
        "{{ child|default_if_none:'-' }}",
        "{% for one in children %}{{ one }}{% endfor %}",
        "{% with one=child %}{{ one }}{% endwith %}",
        "{% load i18n %}{% blocktranslate %}家長 {{ child }}{% endblocktranslate %}",
    ],
)
def test_a_missing_name_fails_the_test(text):
    with pytest.raises(pytest.fail.Exception):
        render(text, family={})


@pytest.mark.parametrize(
    "text",
    [
        "{% if child %}有{% endif %}",
        "{{ child|default:'' }}",
        "{% firstof child '' %}",
        "{% for one in family.children|default:'' %}{{ one }}{% endfor %}",
    ],
)
def test_a_name_that_may_be_missing_is_empty(text):
    assert render(text, family={}) == ""


def test_values_are_filtered_and_escaped_as_ever():
    assert render("{{ child|upper }}", child="<a>") == "&lt;A&gt;"
    assert render("{{ child|safe }}", child="<a>") == "<a>"
    assert render("{{ child }}", child="") == ""


def test_templates_of_libraries_are_left_alone():
    assert render("{{ child|upper }}", origin=".venv/lib/page.html") == ""
