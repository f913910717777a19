"""Fields for what people in Taiwan type: ID numbers, dates of either calendar, classes."""

from datetime import date

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import identity
from core.formats import parse_date
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


class DateOfRepublicField(forms.Field):
    """A date typed as people in Taiwan write it; clean value a date or None."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": "off", "class": "w-medium", "maxlength": 30})
        super().__init__(**{"widget": widget, **kwargs})

    def to_python(self, value):
        text = (value or "").strip()
        if not text:
            return None
        try:
            return parse_date(text)
        except ValueError:
            raise forms.ValidationError(gettext("日期格式無法辨識，請寫成 97/05/03 或 2008-05-03。")) from None

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, date) else value


class ClassField(forms.ModelChoiceField):
    """A class of the school's current year."""

    def __init__(self, **kwargs):
        super().__init__(**{"queryset": SchoolClass.objects.none(), "empty_label": _("請選擇"), **kwargs})

    def of(self, school):
        self.queryset = SchoolClass.objects.current().filter(school=school).in_order()
