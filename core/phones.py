"""Telephone numbers of offices: one reading of what people type, one writing for pages, one for who dials.

Kept as `02-2321-6256#255,256`: the number with its area code, then the extensions.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.text import without_invisible

# Of Taiwan, the longest first; https://www.ncc.gov.tw (公眾電信網路號碼計畫). 09 is a mobile phone.
AREAS = ("0836", "0826", "082", "089", "037", "049", "02", "03", "04", "05", "06", "07", "08")
TAIPEI = "02"
LONGEST = 80  # characters, as kept
EXTENSIONS = re.compile(r"#|分機|轉|ext(?:ension)?\.?|,(?=\d{2,5}(?:\D|$))", re.IGNORECASE)
SIGNS = re.compile("[\\s\\-()./_\u00b7\u2010-\u2015\u2212]")


@dataclass(frozen=True)
class Phone:
    """`number` with its area code (02-2321-6256, or a short one as 1999); `extensions` to choose from."""

    number: str
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as people in Taiwan write it; without an area code it is one of Taipei. Raises ValidationError."""
        plain = unicodedata.normalize("NFKC", without_invisible(text)).strip()
        number, *extensions = EXTENSIONS.split(plain, maxsplit=1)
        found = tuple(filter(None, re.split(r"[\s,、,;/或#]+", extensions[0].strip()))) if extensions else ()
        written = _number(SIGNS.sub("", number))
        if written is None or not all(re.fullmatch(r"\d{1,6}", one, re.ASCII) for one in found):
            raise ValidationError(_("電話請寫成 02-2321-6256 分機 255、256 這樣，一格一支號碼。"), code="phone")
        return cls(written, found)

    def __bool__(self) -> bool:
        return bool(self.number)

    def __len__(self) -> int:
        """Characters as kept: what a form asks of a value that has a longest length."""
        return len(self.kept)

    @property
    def kept(self) -> str:
        return "#".join(filter(None, [self.number, ",".join(self.extensions)]))

    def __str__(self) -> str:
        """In the language of the reader: 02-2321-6256 分機 255、256"""
        if not self.extensions:
            return self.number
        several = pgettext("between telephone extensions", "、").join(self.extensions)
        return _("%(number)s 分機 %(extensions)s") % {"number": self.number, "extensions": several}

    def dialled(self, extension: str = "") -> str:
        """What a telephone dials: +886-2-2321-6256,255; the comma is a pause before the extension."""
        number = f"+886-{self.number[1:]}" if self.number.startswith("0") else self.number
        return ",".join(filter(None, [number, extension]))

    def __html__(self) -> SafeString:
        """The same words, to tap: one link for each extension, the first with the number."""
        first, *others = [(one, Phone(self.number, (one,) if one else ())) for one in self.extensions or ("",)]
        links = [(self.dialled(first[0]), str(first[1]), str(first[1]))]
        links += [(self.dialled(extension), str(phone), extension) for extension, phone in others]
        between = pgettext("between telephone extensions", "、")
        return format_html_join(between, '<a class="phone" href="tel:{}" aria-label="{}">{}</a>', links)


@dataclass(frozen=True)
class Contact:
    """Whom to call: the words for the office, and its telephone."""

    office: str
    phone: Phone

    def __bool__(self) -> bool:
        return bool(self.phone)

    def __str__(self) -> str:
        """網路中心 02-2321-6256 分機 255、256"""
        return f"{self.office} {self.phone}"

    def __html__(self) -> SafeString:
        return format_html("{} {}", self.office, self.phone)


def _number(digits: str) -> str | None:
    """02-2321-6256 of 23216256, 0223216256 or +886223216256; None where it is no number."""
    if not re.fullmatch(r"\+?\d+", digits, re.ASCII):
        return None
    digits = re.sub(r"^(?:\+|00)8860?", "0", digits)
    if re.fullmatch(r"1\d{2,3}", digits):
        return digits
    if re.fullmatch(r"[2-8]\d{7}", digits):
        digits = TAIPEI + digits
    if re.fullmatch(r"09\d{8}", digits):
        return f"{digits[:4]}-{digits[4:7]}-{digits[7:]}"
    area = next((one for one in AREAS if digits.startswith(one)), None)
    if area is None or not 5 <= len(digits) - len(area) <= 8 or len(digits) > 10:
        return None
    rest = digits[len(area) :]
    return "-".join([area, rest[:-4], rest[-4:]])


class PhoneInput(forms.CharField):
    """Clean value a `Phone`, of whatever `Phone.parse` reads."""

    def clean(self, value: Any) -> Phone:
        return Phone.parse(text) if (text := super().clean(value)) else Phone("")

    def prepare_value(self, value: Any) -> str:
        return str(value or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(str(initial or ""), data)


class _Read(DeferredAttribute):
    """What a row is given is read at once: an instance has a `Phone` from the beginning."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class PhoneField(models.CharField):
    """A `Phone`, kept as text."""

    descriptor_class = _Read

    def __init__(self, verbose_name: Any = None, **options: Any) -> None:
        super().__init__(verbose_name, **{"max_length": LONGEST, **options})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Phone):
            return value
        return Phone.parse(value) if value else Phone("")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Phone:
        number, _sign, extensions = (value or "").partition("#")
        return Phone(number, tuple(filter(None, extensions.split(","))))

    def get_prep_value(self, value: Any) -> str:
        return self.to_python(value).kept

    def value_to_string(self, obj: Any) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, *args: Any, **options: Any) -> Any:
        hint = gettext_lazy("例如 02-2321-6256 分機 255、256；沒有區碼就是 02。")
        return super().formfield(*args, **{"form_class": PhoneInput, "help_text": hint, **options})
