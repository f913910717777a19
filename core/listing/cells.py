"""What of a row goes into a file."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import formats, identity


def cell(value: Any) -> Any:
    """What a workbook takes: numbers as they are, days as people write them, texts without ID numbers."""
    if value is None or isinstance(value, bool):
        return "" if not value else _("是")
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{formats.roc_short(local.date())} {local:%H:%M}"
    if isinstance(value, date):
        return formats.roc_short(value)
    return value if isinstance(value, int | float) else identity.blot_out(str(value))
