"""Fields for what people in Taiwan type: ID numbers, classes. Dates: core.date_field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core import identity
from core.text import half_width
from registry.models import SchoolClass
from registry.roster.cleaning import clean_cell


def cleaned_with(column, field=None):
    """A clean method that asks of a field what the roster asks of the same cell."""
    field = field or column
    return lambda form: clean_cell(column, half_width(form.cleaned_data[field]).strip())


class IdentityNumberField(forms.CharField):
    """An ID number typed as forgivingly as may be; clean value normalised and valid."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "w-medium"}
        )
        super().__init__(**{"max_length": 40, "widget": widget, **kwargs})

    def to_python(self, value):
        return identity.normalize(super().to_python(value) or "")

    def validate(self, value):
        super().validate(value)
        if value:
            identity.validate(value)


class ClassField(forms.ModelChoiceField):
    """A class of the school's current year."""

    def __init__(self, **kwargs):
        super().__init__(**{"queryset": SchoolClass.objects.none(), "empty_label": _("請選擇"), **kwargs})

    def of(self, school):
        self.queryset = SchoolClass.objects.current().filter(school=school).in_order()
