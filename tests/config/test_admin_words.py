"""The admin speaks the words of an office: every table, every column of its lists, every field of its forms."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.test import RequestFactory

from tests.accounts.factories import city_admin

pytestmark = pytest.mark.django_db
HAN = re.compile("[\u4e00-\u9fff]")
OF_A_STANDARD = {
    "oidc.Client.client_id"
}  # what OpenID Connect calls it, in the words that services read in their settings


def shown():
    request = RequestFactory().get("/admin/")
    request.user = city_admin()
    for model, one in admin.site._registry.items():
        if one.has_view_permission(request):
            yield request, model, one


def test_every_table_and_column_has_words():
    wrong = set()
    for request, model, one in shown():
        if not HAN.search(str(model._meta.verbose_name)):
            wrong.add(model._meta.label)
        for name in one.get_list_display(request):
            if not HAN.search(str(label_for_field(name, model, one))):
                wrong.add(f"{model._meta.label}.{name}")

    assert wrong == set()


def test_every_field_of_a_form_has_words():
    wrong = set()
    for request, model, one in shown():
        if not one.has_add_permission(request):
            continue  # what is read only is drawn without a form
        labels = {name: field.label for name, field in one.get_form(request).base_fields.items()}
        labels |= {name: label_for_field(name, model, one) for name in one.get_readonly_fields(request)}
        wrong |= {f"{model._meta.label}.{name}" for name, label in labels.items() if not HAN.search(str(label))}

    assert wrong - OF_A_STANDARD == set()
