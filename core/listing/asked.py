"""Reads what an address asks of a list, and writes addresses that ask for more."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import identity, way_back, words_token
from core.listing.declared import Column, Filter, Search, Words
from core.text import without_invisible

LONGEST_WORDS = 60


class Asked:
    """What an address, or the form of a list, asks of its columns and filters; and the addresses that ask otherwise."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        name: str,
        columns: Sequence[Column],
        filters: Sequence[Filter],
        search: Search | None,
        sort: str,
        prefix: str,
        kept: Sequence[str],
    ) -> None:
        self.request, self.name, self.prefix = request, name, prefix
        self.columns, self.filters, self.search = columns, filters, search
        self.default_sort = sort
        self.problems: list[str] = []
        self._kept = kept
        self._asked = request.POST if self.is_posted else request.GET
        self.values = {one.key: self._value_of(one) for one in filters}
        self.sorting = self._sort()
        self.text = self._words()

    # What was asked

    @property
    def is_posted(self) -> bool:
        """Whether the form of this list was sent, with words and filters."""
        return self.request.method == "POST" and self.request.POST.get("listing") == self.prefix + self.name

    @property
    def wants_file(self) -> bool:
        return self.request.method == "GET" and self.request.GET.get(f"{self.prefix}export") == "xlsx"

    def _get(self, name: str) -> str:
        return str(self._asked.get(self.prefix + name, ""))

    def _value_of(self, one: Filter) -> str:
        value = self._get(one.key)
        if self.prefix + one.key not in self._asked:
            return one.default
        if one.choices is None:
            is_key = value.isascii() and value.isdigit() and len(value) < 19
            return value if is_key else self._left_out(one.label, value)
        if value in self._values_offered(one):
            return value
        if value:
            self._left_out(one.label, value)
        return one.default

    def _values_offered(self, one: Filter) -> set[str]:
        offered = {str(value) for value, _word in one.choices or ()}
        return offered | {one.all_value} if one.offers_all else offered

    def _left_out(self, label: Words, value: str) -> str:
        if value:
            self.problems.append(_("「%(label)s」沒有這個選項，列出的是沒有用它篩選的結果。") % {"label": label})
        return ""

    def _sort(self) -> str:
        asked = self._get("sort")
        if asked.removeprefix("-") in {one.key for one in self.columns if one.order}:
            return asked
        if asked:
            self.problems.append(_("沒有這種排序，依原來的順序列出。"))
        return self.default_sort

    def _words(self) -> str:
        if self.search is None:
            return ""
        if self.is_posted:
            text = without_invisible(self._get("q")).strip()[:LONGEST_WORDS]
            return "" if self.refusal else text
        token = self._get("words")
        opened = words_token.unseal(token, person=self._person) if token else ""
        if opened is None:
            self.problems.append(
                _("連結裡的搜尋文字只有搜尋的人自己看得到，過一段時間也會失效。需要的話，請再輸入一次。")
            )
        return opened or ""

    @cached_property
    def refusal(self) -> str:
        """Why the words that were posted are not searched for, or ""."""
        if self.search is None or not identity.may_be_in(self._get("q")):
            return ""
        return str(self.search.instead or _("請不要在這裡輸入證號，請用學號或姓名查詢。"))

    @property
    def _person(self) -> int:
        return int(getattr(self.request.user, "pk", 0) or 0)

    @property
    def is_narrowed(self) -> bool:
        """Whether less than everything that the list begins with is shown."""
        return bool(self.text) or any(self.values[one.key] != one.default for one in self.filters)

    @property
    def page_number(self) -> int:
        """Of the page that is shown; a list says how many there are."""
        raise NotImplementedError

    # Addresses

    @property
    def path(self) -> str:
        return self.request.path

    @property
    def asked(self) -> dict[str, str]:
        """What the address says, without the page: what a form of the list carries on hidden."""
        said = {self.prefix + key: value for key, value in self.values.items() if value != self._default_of(key)}
        if self.sorting != self.default_sort:
            said[self.prefix + "sort"] = self.sorting
        if self._token:
            said[self.prefix + "words"] = self._token
        others = {name: self._asked[name] for name in self._kept if self._asked.get(name)}
        back = way_back.came_from(self.request)
        return said | others | ({way_back.FIELD: back} if back else {})

    @cached_property
    def _token(self) -> str:
        if not self.text:
            return ""
        return words_token.seal(self.text, person=self._person) if self.is_posted else self._get("words")

    def _default_of(self, key: str) -> str:
        return next(one.default for one in self.filters if one.key == key)

    def address(self, **changes: Any) -> str:
        """The address of the list with `changes`; `page=2` another page. Without a page, of this one."""
        said = {**self.asked}
        if not changes and not self.is_posted and self.page_number > 1:
            said[f"{self.prefix}page"] = str(self.page_number)
        for name, value in changes.items():
            said.pop(self.prefix + name, None)
            if value is not None and value != 1:
                said[self.prefix + name] = str(value)
        return f"{self.path}?{urlencode(said)}" if said else self.path

    @cached_property
    def here(self) -> str:
        return self.address()

    @property
    def came_from(self) -> str:
        return way_back.came_from(self.request)

    @property
    def file_url(self) -> str:
        return self.address(export="xlsx")

    def link(self, address: str) -> str:
        """`address` of a row's page, which leads back to this list as it is."""
        return f"{address}{self._back}" if "?" not in address else way_back.carry(address, self.here)

    @cached_property
    def _back(self) -> str:
        return way_back.carry("", self.here)
