"""The tests themselves: a name that a template was not given does not pass unseen."""

from datetime import date

import pytest
from django.template import engines


def render(text, **given):
    return engines["jinja2"].from_string(text).render(given)


@pytest.mark.parametrize(
    "text",
    [
        "{{ child }}",
        "{{ child.name }}",
        "{{ family.child }}",
        "{{ family.child.name }}",
        "{{ family.child|upper }}",
        "{% for one in children %}{{ one }}{% endfor %}",
        "{% with one=child %}{{ one }}{% endwith %}",
        "{% trans %}家長 {{ child }}{% endtrans %}",
        "{{ children|length }}",
        "{{ word.upper }}",
        "{{ nothing }}",
        "{{ day }}",
    ],
)
def test_a_missing_name_or_a_method_that_is_not_called_fails_the_test(text):
    with pytest.raises(pytest.fail.Exception):
        render(text, family={}, word="a", nothing=None, day=date(2026, 9, 1))


@pytest.mark.parametrize(
    "text",
    [
        "{% if child %}有{% endif %}",
        "{% if child.name.first %}有{% endif %}",
        "{{ child or '' }}",
        "{% for one in family.children or '' %}{{ one }}{% endfor %}",
    ],
)
def test_a_name_that_may_be_missing_is_empty(text):
    assert render(text, family={}) == ""


def test_values_are_filtered_and_escaped_as_ever():
    assert render("{{ child|upper }}", child="<a>") == "&lt;A&gt;"
    assert render("{{ child|safe }}", child="<a>") == "<a>"
    assert render("{{ child }}", child="") == ""
    assert render("{{ child|linebreaks }}", child="<a>\n\nb") == "<p>&lt;a&gt;</p>\n\n<p>b</p>"
    assert render("{% trans child=child %}家長 {{ child }}{% endtrans %}", child="<a>") == "家長 &lt;a&gt;"
    assert render("{{ _(child) }}", child="<a>") == "&lt;a&gt;"
