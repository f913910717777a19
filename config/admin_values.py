"""How Django's admin shows days, moments and numbers: in years of the Republic and grouped, as everywhere in the product.

The admin has two functions for that and no hook; ours stand before them (`tests/config/test_admin_words.py` looks at a list and
at a detail, so that a Django that calls them otherwise is noticed).
"""

import re
from datetime import date, datetime
from typing import Any

from django.contrib.admin import helpers
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.utils import display_for_field, display_for_value
from django.db.models import AutoField, Field
from django.template import Library

from core.languages import speaks_chinese
from core.school_year import ROC_OFFSET
from registry.for_pages import roc_datetime, roc_short

register = Library()
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def shown(value: Any) -> str | None:
    """115/09/14, 115/09/14 08:05 or 2,800; None for what is none of these."""
    if isinstance(value, datetime):
        return roc_datetime(value)
    if isinstance(value, date):
        return roc_short(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return None


def of_field(value: Any, field: Field, empty: str, *args: Any, **kwargs: Any) -> str:
    """A key is no quantity, and a choice has words."""
    is_plain = not field.choices and not isinstance(field, AutoField)
    words = shown(value) if is_plain else str(value) if isinstance(value, int) and not field.choices else None
    return words if words is not None else display_for_field(value, field, empty, *args, **kwargs)


def of_value(value: Any, empty: str, boolean: bool = False) -> str:
    words = None if boolean else shown(value)
    return words if words is not None else display_for_value(value, empty, boolean)


def install() -> None:
    """Once, when the admin site is made."""
    helpers.display_for_field = of_field  # type: ignore[attr-defined]
    admin_list.display_for_field = of_field  # type: ignore[attr-defined]
    admin_list.display_for_value = of_value  # type: ignore[attr-defined]


@register.filter
def roc_moment(moment: datetime) -> str:
    """Local time: 115/09/14 08:05"""
    return roc_datetime(moment)


@register.filter
def roc_years(words: str) -> str:
    """2026年12月 becomes 115年12月; for titles that Django has made words of already."""
    if not speaks_chinese():
        return str(words)
    return YEAR.sub(lambda year: str(int(year[0]) - ROC_OFFSET), str(words))
