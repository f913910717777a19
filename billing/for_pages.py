"""What the pages of money may write."""

from markupsafe import Markup, escape

from billing.bills import words
from billing.paper import slips


def in_fours(number):
    """7006 0200 0046 2711 as a list of its groups."""
    return slips.in_fours(number).split() if number else []


def school_words(text, batch):
    """Words of a school's bill for the reader; Chinese ones say that they are where the page is not."""
    shown = words.for_reader(text, batch)
    tag = '<span lang="zh-Hant">{}</span>' if words.is_foreign(text, shown) else "{}"
    return Markup(tag).format(escape(shown))  # noqa: S704 # nosec B704 – our own markup around escaped words


FILTERS = {"in_fours": in_fours, "school_words": school_words}
