"""What a list is made of: columns, filters, the words one may type; and what of them a page draws."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

ALL = "all"  # what an address says for all, where a filter has another default
Words = str | Promise


@dataclass(frozen=True)
class Column:
    """A column: what a file says of a row (`value`; None: not in the file), and by what it sorts.

    `order`: fields for a queryset, or a function of the row for a list in memory; nothing: not sorted by.
    `is_shown` False: in the file only. `is_silent`: its head is read aloud only, as that of boxes to tick.
    """

    key: str
    heading: Words
    value: Callable[[Any], Any] | None = None
    order: Sequence[str] | Callable[[Any], Any] = ()
    is_number: bool = False
    nulls_last: bool = False
    is_shown: bool = True
    is_silent: bool = False
    width: int = 16


@dataclass(frozen=True)
class Filter:
    """A way to narrow: the field, or a function of rows and value, and its choices (value, word).

    `choices` None: a key (a whole number) that only a link brings, as of one student; shown with the way to let it go.
    `default`: chosen where the address says nothing; then all of them is the value "all". `counts`: {value: rows} for
    filters that are drawn as links (`is_links`).
    """

    key: str
    label: Words
    narrow: str | Callable[[Any, str], Any]
    choices: Sequence[tuple[Any, Words]] | None = None
    default: str = ""
    all_words: Words = ""
    offers_all: bool = True
    is_links: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def all_value(self) -> str:
        """What the address says for all of them."""
        return ALL if self.default else ""


@dataclass(frozen=True)
class Search:
    """Words that are typed: the label of the field, and how they narrow the rows. `instead`: said where they hold what
    may be an ID number."""

    label: Words
    narrow: Callable[[Any, str], Any]
    instead: Words = ""


@dataclass(frozen=True)
class Choice:
    value: str
    word: Words
    url: str
    is_chosen: bool
    count: int | None


@dataclass(frozen=True)
class Head:
    """The head of a column: `url` sorts by it ("": it does not sort), `direction` as aria-sort has it, or ""."""

    column: Column
    url: str
    direction: str
