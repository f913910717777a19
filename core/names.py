"""Names of people and of things on a bill: how they are kept, compared and masked."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import identity
from core.identity import BULLET
from core.text import without_invisible

# What people type for the dot inside a name (以莉‧高露), for an apostrophe and for a hyphen.
LOOK_ALIKES = str.maketrans(
    dict.fromkeys("\u2027\u30fb\uff65\uff0e\u2022\u2219\u22c5", "·")
    | dict.fromkeys("\u2018\u2019\u02bc\u02b9\u0060\u00b4\uff07\u2032", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d", "-")
)
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
IN_NAMES = {*map(chr, LOOK_ALIKES), "·", "'", "-", ".", ",", "(", ")", "（", "）", "〇"}
ANY_HAN = re.compile(f"[{HAN}]")
SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")


def tidy(name: str) -> str:
    """`name` as it is kept and printed: composed (NFC), nothing invisible, single spaces, none between Han characters."""
    composed = unicodedata.normalize("NFC", without_invisible(name))
    return SPACE_BETWEEN_HAN.sub("", " ".join(composed.split()))


def clean(name: str) -> str:
    """A person's name as it is kept. Raises ValidationError where nothing of it can be read, or an ID number can."""
    identity.refuse_in(name)
    name = tidy(name)
    if name and not any(one.isalpha() for one in name):
        raise ValidationError(_("姓名要有文字，請再輸入一次。"), code="no_letters")
    identity.refuse_in(name)
    return name


def is_unusual(name: str) -> bool:
    """Whether the tidied `name` is hardly a person's: one letter, or with digits or signs that no name has.

    A question to ask, never an error: 蕭 and 蕭123!! are, 以莉·高露, O'Neil and Suharto are not.
    """
    kinds = {unicodedata.category(one)[0] for one in name if one not in IN_NAMES}
    return len(name) == 1 or bool(kinds - {"L", "M", "Z"})


def fold(name: str) -> str:
    """What two writings of one name have in common: for comparing and searching, never for showing.

    Width, case, middle dots, apostrophes, hyphens and spaces beside Han characters or dots make no difference; the
    letters do (é is not e). Folding twice changes nothing.
    """
    plain = unicodedata.normalize("NFKC", without_invisible(name).translate(LOOK_ALIKES)).translate(LOOK_ALIKES)
    plain = re.sub(r"\s*·\s*", "·", tidy(plain))
    return unicodedata.normalize("NFKC", plain.casefold())


def mask(name: str) -> str:
    """A name that only who knows it recognises: 王大明 -> 王〇明, 王明 -> 王〇, Nguyen Thi Hoa -> N••• T•• H••."""
    name = tidy(name)
    if " " in name or not ANY_HAN.search(name):
        return " ".join(word[0] + BULLET * min(len(word) - 1, 3) for word in name.split())
    if len(name) <= 2:
        return name[:1] + "〇" * (len(name) - 1)
    return name[0] + "〇" * (len(name) - 2) + name[-1]
