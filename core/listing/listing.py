"""One list: its rows in the order and as far as the address asks, what is drawn around them, its file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import way_back
from core.listing.asked import Asked
from core.listing.cells import cell
from core.listing.declared import Choice, Column, Filter, Head, Search, Words
from core.spreadsheets.writing import build_list

CHUNK = 2_000  # rows read at a time for a file


class Listing(Asked):
    """One list as one address asks for it. `name` tells it from others in events, `prefix` from others on its page.

    `sort`: the column it begins with ("-seat" from the end). `kept`: names of parameters of the page that are not the list's. `decorate` makes of the rows of a page, or of
    a chunk of the file, what is shown of them.
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: Any,
        *,
        name: str,
        title: Words,
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        search: Search | None = None,
        sort: str = "",
        size: int = 50,
        prefix: str = "",
        kept: Sequence[str] = (),
        decorate: Callable[[list[Any]], Iterable[Any]] | None = None,
    ) -> None:
        super().__init__(
            request, name=name, columns=columns, filters=filters, search=search, sort=sort, prefix=prefix, kept=kept
        )
        self._rows, self.title, self.size, self._decorate = rows, title, size, decorate

    # What is drawn

    @property
    def element(self) -> str:
        """The id of what a search replaces: count, rows and pages."""
        return f"list-{self.prefix}{self.name}"

    @property
    def fields(self) -> list[tuple[Filter, list[Choice]]]:
        """The filters that the form asks for, with their choices."""
        return [(one, self.choices_of(one)) for one in self.filters if one.choices is not None and not one.is_links]

    @property
    def links(self) -> list[tuple[Filter, list[Choice]]]:
        """The filters that are a row of links."""
        return [(one, self.choices_of(one)) for one in self.filters if one.is_links]

    @property
    def let_go(self) -> list[tuple[Words, str]]:
        """(label, address without it) of the filters that a link brought."""
        brought = [one for one in self.filters if one.choices is None and self.values[one.key]]
        return [(one.label, self.address(**{one.key: None})) for one in brought]

    @property
    def hidden(self) -> dict[str, str]:
        """What the form carries on unseen."""
        asked_for = {self.prefix + one.key for one, _choices in self.fields}
        unseen = asked_for | {f"{self.prefix}words", way_back.FIELD}
        if self.sorts:
            unseen.add(f"{self.prefix}sort")
        return {name: value for name, value in self.asked.items() if name not in unseen}

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """(value, words) of each way to sort, for screens without the heads of columns."""
        sortable = [one for one in self.columns if one.order]
        turned = [(f"-{one.key}", _("%(column)s，由大到小") % {"column": one.heading}) for one in sortable]
        return [*((one.key, str(one.heading)) for one in sortable), *turned]

    @property
    def has_file(self) -> bool:
        return any(one.value for one in self.columns)

    @property
    def everything(self) -> str:
        """The address of the list as one comes to it first."""
        kept = {name: value for name, value in self.asked.items() if name in (*self._kept, way_back.FIELD)}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    @property
    def heads(self) -> list[Head]:
        return [self._head_of(one) for one in self.columns if one.is_shown]

    def _head_of(self, column: Column) -> Head:
        if not column.order:
            return Head(column, "", "")
        turned = f"-{column.key}" if self.sorting == column.key else column.key
        direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sorting, "")
        return Head(column, self.address(sort=None if turned == self.default_sort else turned), direction)

    def choices_of(self, one: Filter) -> list[Choice]:
        """The choices of a filter, all of them first."""
        everything = [(one.all_value, one.all_words or _("全部"))] if one.offers_all else []
        return [self._choice(one, str(value), word) for value, word in [*everything, *(one.choices or ())]]

    def _choice(self, one: Filter, value: str, word: Words) -> Choice:
        url = self.address(**{one.key: None if value == one.default else value})
        return Choice(value, word, url, self.values[one.key] == value, one.counts.get(value))

    # Rows

    @cached_property
    def rows(self) -> Any:
        """All rows that the address asks for, in its order."""
        rows = self._rows
        for one in self.filters:
            value = self.values[one.key]
            if value and not (one.offers_all and one.choices is not None and value == one.all_value):
                rows = rows.filter(**{one.narrow: value}) if isinstance(one.narrow, str) else one.narrow(rows, value)
        if self.search and self.text:
            rows = self.search.narrow(rows, self.text)
        return self._in_order(rows)

    def _in_order(self, rows: Any) -> Any:
        if not self.sorting:
            return rows
        column = next(one for one in self.columns if one.key == self.sorting.removeprefix("-"))
        turned = self.sorting.startswith("-")
        if callable(column.order):
            return sorted(rows, key=column.order, reverse=turned)
        orders = [_turned(name, column) if turned else _ahead(name, column) for name in column.order]
        return rows.order_by(*orders, "-pk" if turned else "pk")

    @cached_property
    def page_obj(self) -> Page:
        return Paginator(self.rows, self.size).get_page(self.request.GET.get(f"{self.prefix}page"))

    @property
    def page_number(self) -> int:
        return self.page_obj.number

    @property
    def count(self) -> int:
        return self.page_obj.paginator.count

    @cached_property
    def shown(self) -> list[Any]:
        """The rows of the page as they are shown."""
        rows = list(self.page_obj)
        return list(self._decorate(rows)) if self._decorate else rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.shown)

    # The file

    def workbook(self) -> bytes:
        """All rows of the filter, on however many pages, as Excel. No ID number is ever in it."""
        columns = [one for one in self.columns if one.value]
        header = [str(one.heading) for one in columns]
        return build_list(str(self.title), header, self._lines(columns), widths=[one.width for one in columns])

    def _lines(self, columns: Sequence[Column]) -> Iterator[list[Any]]:
        for chunk in self._chunks():
            for row in self._decorate(chunk) if self._decorate else chunk:
                yield [cell(one.value(row)) for one in columns if one.value]

    def _chunks(self) -> Iterator[list[Any]]:
        rows = self.rows.iterator(CHUNK) if isinstance(self.rows, QuerySet) else iter(self.rows)
        chunk: list[Any] = []
        for row in rows:
            chunk.append(row)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        yield chunk


def _ahead(name: str, column: Column) -> Any:
    return F(name).asc(nulls_last=True) if column.nulls_last else name


def _turned(name: str, column: Column) -> Any:
    if column.nulls_last:
        return F(name).desc(nulls_last=True)
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"
