"""Enter in a field presses the first button of its form: on every page that is the main one."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import log_in
from tests.support.html_forms import forms_of, problem_of
from tests.support.pages import is_page, opened_pages, pressed_pages

pytestmark = pytest.mark.django_db


def problems_of(pages):
    looked_at, wrong = set(), {}
    for role, name, response in pages:
        if is_page(response):
            looked_at.add(name)
            for form in forms_of(response.content.decode()):
                if problem := problem_of(form):
                    wrong[f"{name} as {role}: {form.action}"] = problem
    return looked_at, wrong


def test_the_first_button_of_each_form_is_its_main_one(world):
    looked_at, wrong = problems_of(opened_pages(world))

    assert len(looked_at) > 100
    assert wrong == {}


def test_so_it_is_after_a_press_or_a_wrong_answer(world):
    pages = list(pressed_pages(world))
    looked_at, wrong = problems_of(pages)

    assert looked_at == {name for _role, name, _response in pages}
    assert wrong == {}


def test_so_it_is_in_the_citys_admin(world):
    client = log_in(Client(), world["people"]["city_admin"])
    pages = []
    for model in apps.get_models():
        if admin.site.is_registered(model):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            row = model._default_manager.first()
            pages.append(("city_admin", name, client.get(reverse(f"{name}_changelist"))))
            pages.append(("city_admin", f"{name} new", client.get(reverse(f"{name}_add"))))
            if row:
                change = reverse(f"{name}_change", args=[row.pk])
                pages.append(("city_admin", f"{name} one", client.get(change)))

    looked_at, wrong = problems_of(pages)

    assert len(looked_at) > 40
    assert wrong == {}


@pytest.mark.parametrize(
    ("form", "is_wrong"),
    [
        ('<input name="a"><button name="more">x</button><button class="button--primary">y</button>', True),
        ('<input type="checkbox"><button name="a" value="1">x</button><button name="a" value="2">y</button>', True),
        ('<input type="hidden"><button name="a" value="1">x</button><button name="a" value="2">y</button>', False),
        ('<input name="a"><button class="button--primary">y</button><button name="more">x</button>', False),
        ('<select name="a"></select><button>x</button>', False),
    ],
)
def test_the_sweep_tells_wrong_forms_from_right_ones(form, is_wrong):
    (read,) = forms_of(f"<form>{form}</form>")

    assert bool(problem_of(read)) == is_wrong
