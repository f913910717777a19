"""A school's own words for what it charges, in other languages: what its cashier gave, else what all schools call it.

The Chinese words are the ones that count; slips, receipts and gateways have them alone.
"""

import re
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext, gettext_noop

from core.languages import speaks_chinese
from registry.models import School

LONGEST = 80
BATCHES_LOOKED_AT = 20
PART_TITLE = gettext_noop("%(title)s（第 %(part)d 期，共 %(parts)d 期）")
A_PART = re.compile(r"(?P<title>.+)（第 (?P<part>\d) 期，共 (?P<parts>\d) 期）")
OTHER_LANGUAGES = [code for code, _name in settings.LANGUAGES if not code.startswith("zh")]
# Translated by our own catalogue where the cashier gave nothing.
COMMON = {
    gettext_noop("學雜費"), gettext_noop("學費"), gettext_noop("雜費"), gettext_noop("代收代辦費"),
    gettext_noop("代收費"), gettext_noop("代辦費"), gettext_noop("家長會費"), gettext_noop("學生團體保險費"),
    gettext_noop("平安保險費"), gettext_noop("教科書費"), gettext_noop("課後照顧費"), gettext_noop("社團費"),
    gettext_noop("冷氣費"), gettext_noop("午餐費"), gettext_noop("校外教學費"), gettext_noop("課業輔導費"),
    gettext_noop("電腦使用費"), gettext_noop("實習實驗費"), gettext_noop("制服費"), gettext_noop("書籍費"),
}  # fmt: skip


def of_part(title: str, part: int, parts: int) -> str:
    """學雜費（第 1 期，共 3 期）"""
    return PART_TITLE % {"title": title, "part": part, "parts": parts}


def which_part(part: int, parts: int) -> str:
    """第 1 期，共 3 期; "" of a whole bill."""
    return gettext("第 %(part)d 期，共 %(parts)d 期") % {"part": part, "parts": parts} if parts else ""


def for_reader(text: str, batch: Any) -> str:
    """`text` of a bill of `batch` in the reader's language, or as it is where nobody has said how."""
    if speaks_chinese():
        return text
    if found := A_PART.fullmatch(text):
        title = for_reader(found["title"], batch)
        return gettext(PART_TITLE) % {"title": title, "part": int(found["part"]), "parts": int(found["parts"])}
    given = batch.translations.get(get_language(), {}).get(text)
    return given or (gettext(text) if text in COMMON else text)


def is_foreign(text: str, shown: str) -> bool:
    """Whether what is shown is Chinese on a page that is not: it has to say so to a screen reader."""
    return shown == text and not speaks_chinese()


def known_at(school: School) -> dict[str, dict[str, str]]:
    """{language: {words: translation}} of the school's batches, the latest last: a semester repeats the one before."""
    known: dict[str, dict[str, str]] = {}
    latest = school.bill_batches.exclude(translations={}).order_by("-pk")
    for given in reversed(latest.values_list("translations", flat=True)[:BATCHES_LOOKED_AT]):
        for language, words in given.items():
            known.setdefault(language, {}).update(words)
    return known
