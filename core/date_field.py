"""The one field for dates on the forms of desks."""

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core import formats


class DateOfRepublicField(forms.Field):
    """A date typed as people in Taiwan write it, in either calendar; clean value a date or None.

    It is shown as it is typed, 115/09/14. Its hint says how, then `help_text`: what the day means, and what an empty
    field does. With scripts a calendar opens beside it, and what was read is said (static/js/enhance.js).
    """

    default_error_messages = {"invalid": _("日期格式無法辨識，請寫成 97/05/03 或 2008-05-03。")}

    def __init__(self, *, example: str = "115/09/14", help_text: str | Promise = "", **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "class": "w-medium", "maxlength": 30, "data-date": ""}
        hint = format_lazy("{}{}", format_lazy(_("例如 {example}。"), example=example), help_text)
        super().__init__(**{"widget": forms.TextInput(attrs=attrs), "help_text": hint, **kwargs})

    def to_python(self, value: object) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return formats.parse_date(text)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return formats.roc_short(value) if isinstance(value, date) else value
