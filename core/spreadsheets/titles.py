"""The titles above a table as people write them, and which column each of them means."""

import re
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches

from core.spreadsheets.cells import tidy

# What stands beside a title and is no part of it.
ASIDE = re.compile(
    r"[(\[【〔](?:必填|選填|必要|可不填|可空白|民國年?|西元年?|[ymd年月日/.\-\s]+|元|新[臺台]幣|nt\$?|文字格式?"
    r"|[例如][:：如]?[^)\]】〕]*|required|optional)[)\]】〕]",
    re.IGNORECASE,
)
NO_PART = re.compile(r"[\s*＊※:：_\-]|必填$")
ALIKE = 0.6  # of 1; how like a title must be to be suggested


def fold_title(text: str) -> str:
    """A title as it is compared: without spaces, line breaks, * and (必填), half width, small letters."""
    return NO_PART.sub("", ASIDE.sub("", tidy(text))).casefold()


class Titles:
    """The titles that a reader knows: `aliases` {what people write: column}, `title_of(column)` what to call it."""

    def __init__(self, aliases: Mapping[str, str], title_of: Callable[[str], object]) -> None:
        self.columns = {fold_title(alias): column for alias, column in aliases.items()}
        self.title_of = title_of

    def column_of(self, text: str) -> str | None:
        """The column that a title means, or None."""
        return self.columns.get(fold_title(text))

    def nearest(self, text: str, besides: Collection[str | None] = ()) -> str:
        """The title, as we write it, that one nobody knows is most like; "" where it is like none.

        `besides`: columns that stand in the table already, so that they can't have been meant.
        """
        open_ones = [title for title, column in self.columns.items() if column not in besides]
        found = get_close_matches(fold_title(text), open_ones, n=1, cutoff=ALIKE)
        return str(self.title_of(self.columns[found[0]])) if found else ""
