"""The titles above a table as people write them, and which column each of them means."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches

from django.utils.translation import gettext_lazy

from core.spreadsheets.cells import tidy

# What stands beside a title and is no part of it.
ASIDE = re.compile(
    r"[(\[【〔](?:必填|選填|必要|可不填|可空白|民國年?|西元年?|[ymd年月日/.\-\s]+|元|新[臺台]幣|nt\$?|文字格式?"
    r"|[例如][:：如]?[^)\]】〕]*|required|optional)[)\]】〕]",
    re.IGNORECASE,
)
NO_PART = re.compile(r"[\s*＊※:：_\-]|必填$")
AGAIN = re.compile(r"#\d+$")
ALIKE = 0.6  # of 1; how like a title must be to be suggested


def fold_title(text: str) -> str:
    """A title as it is compared: without spaces, line breaks, * and (必填), half width, small letters."""
    return NO_PART.sub("", ASIDE.sub("", tidy(text))).casefold()


NOT_READ = ""  # the column of a title below which nothing is read: somebody chose so, or we wrote it ourselves
TO_MEND = gettext_lazy("要修正的原因")
WRITTEN_BY_US = ("要修正的原因", "What to correct")  # TO_MEND in every language of the desks


def keys_of(titles: Sequence[str]) -> list[str]:
    """What each of a line's titles is known by: as it is compared, with #2 where the same stands a second time."""
    times: Counter[str] = Counter()
    keys = []
    for title in titles:
        folded = fold_title(title)
        times[folded] += 1
        keys.append(folded if times[folded] == 1 else f"{folded}#{times[folded]}")
    return keys


class Titles:
    """The titles that a reader knows: `aliases` {what people write: column}, `title_of(column)` what to call it.

    `chosen` {key of a title: column} is what somebody said, and goes before what is known.
    """

    def __init__(
        self, aliases: Mapping[str, str], title_of: Callable[[str], object], chosen: Mapping[str, str] | None = None
    ) -> None:
        self.aliases = aliases
        self.columns = {fold_title(ours): NOT_READ for ours in WRITTEN_BY_US}
        self.columns |= {fold_title(alias): column for alias, column in aliases.items()}
        self.title_of = title_of
        self.chosen = chosen or {}

    def with_chosen(self, chosen: Mapping[str, str]) -> "Titles":
        """These titles, and what somebody said of others."""
        return Titles(self.aliases, self.title_of, {**self.chosen, **chosen})

    def column_of(self, text: str) -> str | None:
        """The column that a title means, or None."""
        folded = fold_title(text)
        return self.chosen.get(folded, self.columns.get(folded))

    def default_of(self, key: str) -> str | None:
        """The column of a title by its key (see `keys_of`), whatever somebody chose."""
        return self.columns.get(key, self.columns.get(AGAIN.sub("", key)))

    def columns_of(self, titles: Sequence[str]) -> list[str | None]:
        """The column of each of a line's titles; one that stands there again may have been chosen to mean another."""
        keys = keys_of(titles)
        return [
            self.chosen.get(key, self.columns.get(fold_title(title))) if title else None
            for key, title in zip(keys, titles, strict=True)
        ]

    def nearest(self, text: str, besides: Collection[str | None] = ()) -> str:
        """The title, as we write it, that one nobody knows is most like; "" where it is like none.

        `besides`: columns that stand in the table already, so that they can't have been meant.
        """
        open_ones = [title for title, column in self.columns.items() if column and column not in besides]
        found = get_close_matches(fold_title(text), open_ones, n=1, cutoff=ALIKE)
        return str(self.title_of(self.columns[found[0]])) if found else ""
