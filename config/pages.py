"""The language of our pages and mails: Jinja2, with what each room gives to it (`for_pages` of the room).

Django's own template language draws its admin site alone (config/templates/admin).
"""

import itertools
from collections.abc import Callable, Iterable, MutableMapping
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.template import defaultfilters
from django.templatetags.static import static
from django.urls import get_urlconf, reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from jinja2 import ChainableUndefined, Environment, FileSystemBytecodeCache
from markupsafe import Markup, escape

import accounts.for_pages
import billing.for_pages
import binding.for_pages
import registry.for_pages
import review.for_pages
import staff.for_pages
from accounts.languages import offered_to
from config import desks
from config.environment import PRODUCTION, VAR_DIR
from config.first_steps import first_days, first_steps_url

ROOMS: tuple[Any, ...] = (
    registry.for_pages,
    accounts.for_pages,
    binding.for_pages,
    billing.for_pages,
    review.for_pages,
    staff.for_pages,
)
HAN = "zh-hant"


def environment(**options: Any) -> Environment:
    """Called by Django's backend once a process (TEMPLATES in config/settings.py)."""
    options |= {
        "autoescape": True,
        "bytecode_cache": _kept_bytecode("checked" if "finalize" in options else "plain"),
        "cache_size": -1,
        "extensions": ["jinja2.ext.i18n"],
        "lstrip_blocks": True,
        "undefined": Missing,
    }
    made = Pages(**options)  # noqa: S701 # nosec B701 - escaping is turned on above
    made.policies["ext.i18n.trimmed"] = True
    made.newstyle_gettext = True  # type: ignore[attr-defined]
    made.globals.update(_=word, gettext=sentence, ngettext=sentence_of_number, pgettext=translation.pgettext)
    made.globals.update(url=url, static=static_url, language=html_language, languages=languages, ui=Components(made))
    made.globals.update(back_words=desks.back_words, desk_groups=desks.desk_groups, has_desk=desks.has_desk)
    made.globals.update(desk_finds=desks.desk_finds)
    made.globals.update(told_of=desks.told_of, first_days=first_days, first_steps_url=first_steps_url)
    made.filters.update(DJANGO_FILTERS, regroup=regroup)
    for room in ROOMS:
        made.filters.update(room.FILTERS)
        made.globals.update(getattr(room, "FUNCTIONS", {}))
    return made


class Pages(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The same dictionary for all templates: Jinja2 makes a ChainMap of it, and looks through that at each include."""
        return super().make_globals(d) if d else self.globals


def _kept_bytecode(kind: str) -> FileSystemBytecodeCache | None:
    """Compiling all templates takes seconds: servers do it once before they fork, other processes start often.

    `kind`: what else is compiled into them; tests add checks.
    """
    if PRODUCTION:
        return None
    folder = VAR_DIR / "templates" / kind
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


class Missing(ChainableUndefined):
    """A name that nobody gave: `{% if name %}` may ask for it, and a page shows nothing there. Tests refuse it."""

    def __call__(self, *args: Any, **kwargs: Any) -> "Missing":  # type: ignore[override]
        return self


class Components:
    """`ui.pill(…)` is the macro `pill` of templates/components/pill.html.

    Those that stand in every row of a list, and follow from a state alone, are drawn once.
    """

    KEPT = ("mark", "pill")

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        macro = getattr(self._environment.get_template(f"components/{name}.html").module, name)
        if name in self.KEPT:
            macro = lru_cache(maxsize=512, typed=True)(macro)  # typed: "<b>" is not Markup("<b>")
        setattr(self, name, macro)
        return macro


# Words


class Words(dict[str, str]):
    """The texts of one language that were asked for before: gettext takes longer than a page has."""

    MOST = 10_000

    def __missing__(self, message: str) -> str:
        text = translation.gettext(message)
        if len(self) < self.MOST:
            self[message] = text
        return text


_words: dict[str | None, Words] = {}


def word(message: str) -> str:
    """`{{ _("班級") }}`"""
    language = translation.get_language()
    words = _words.get(language)
    if words is None:
        words = _words[language] = Words()
    return words[str(message)]


def sentence(message: str, /, **values: Any) -> Markup:
    """`{% trans name=… %}{{ name }} 班{% endtrans %}`; our sentences may have markup, values are escaped."""
    return Markup(word(message) % {name: escape(value) for name, value in values.items()})  # noqa: S704 # nosec B704


def sentence_of_number(one: str, many: str, number: int, /, **values: Any) -> Markup:
    """The same, in the plural form that the language has for `number`."""
    text = translation.ngettext(one, many, number)
    return Markup(text % {"num": number, **{name: escape(value) for name, value in values.items()}})  # noqa: S704 # nosec B704


def html_language() -> str:
    """What `<html lang>` says."""
    code = translation.get_language()
    return "zh-Hant" if code == HAN or code is None else code


class Language(NamedTuple):
    code: str
    html: str
    name: str  # in itself
    is_current: bool


def languages(user: Any) -> list[Language]:
    """The languages that `user` may choose from: see `accounts.languages.offered_to`."""
    return _languages(translation.get_language(), tuple(offered_to(user)))


@lru_cache(maxsize=16)
def _languages(current: str | None, offered: tuple[str, ...]) -> list[Language]:
    names = dict(settings.LANGUAGES)
    return [Language(code, "zh-Hant" if code == HAN else code, names[code], code == current) for code in offered]


# Addresses


@lru_cache(maxsize=256)
def static_url(path: str) -> str:
    """A file's address with the digest of its contents, which changes with a release only."""
    return static(path)


def url(name: str, /, *args: Any, **kwargs: Any) -> str:
    """`{{ url("review:class", school.slug, pk) }}`; raises NoReverseMatch."""
    return _reversed(get_urlconf(), name, args, tuple(kwargs.items()))


@lru_cache(maxsize=4096)
def _reversed(urlconf: str | None, name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> str:
    return reverse(name, urlconf, args or None, dict(kwargs) or None)


# Filters of Django's language that a page or a mail needs


def _of_text(filter_: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Django's filter, which knows no Markup, escapes what is not safe."""

    def filtered(text: Any) -> Any:
        return filter_(mark_safe(str(text)) if hasattr(text, "__html__") else str(text))  # noqa: S308 # nosec B308 B703

    return filtered


def _local(moment: Any) -> Any:
    return timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment


DJANGO_FILTERS: dict[str, Callable[..., Any]] = {
    "date": lambda day, form: defaultfilters.date(_local(day), form),
    "filesizeformat": defaultfilters.filesizeformat,
    "iso": lambda moment: _local(moment).isoformat(
        timespec="seconds"
    ),  # for <time datetime>, which takes no microseconds
    "linebreaks": _of_text(defaultfilters.linebreaks_filter),
    "timesince": defaultfilters.timesince_filter,
    "truncatechars": defaultfilters.truncatechars,
    "urlize": _of_text(defaultfilters.urlize),
}


class Group(NamedTuple):
    grouper: Any
    list: list[Any]


def regroup(rows: Iterable[Any], name: str) -> list[Group]:
    """Neighbouring rows with the same `name`; unlike `groupby` nothing is sorted."""
    return [Group(key, list(some)) for key, some in itertools.groupby(rows, attrgetter(name))]
