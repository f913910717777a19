"""Mobile numbers of Taiwan: one reading, wherever one is typed or imported."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.text import without_invisible

# Spaces, brackets, and whatever people type for a hyphen or a dot.
SIGNS = re.compile("[\\s\\-()./_\u00b7\u2010-\u2015\u2022\u2027\u2043\u2212\u30fb\u30fc]")


def normalize(text: str) -> str:
    """Ten digits starting with 09, from what people type: +886, spaces, hyphens, a zero that a spreadsheet dropped.

    Raises ValidationError.
    """
    plain = SIGNS.sub("", unicodedata.normalize("NFKC", without_invisible(text)))
    plain = "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in plain)
    plain = re.sub(r"^(\+|00)?8860?(?=9)|^(?=9\d{8}$)", "0", plain)
    if not re.fullmatch(r"09\d{8}", plain, re.ASCII):
        raise ValidationError(_("手機號碼應該是 09 開頭的十個數字，例如 0912-345-678。"), code="mobile")
    return plain


def mask(number: str) -> str:
    """0912-•••-•••: enough to recognise one's own."""
    return f"{number[:4]}-•••-•••" if number else number
