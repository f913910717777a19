"""The way back: the list that somebody came from, carried from page to page and from form to form as `back`.

An address with its filters, sorting and page. It is taken from whoever sends it, so it has to be a page of this site and
of the same school; anything else is as if there were none. A list says where it is (`stand_at`): forms on it lead back
to itself. All other forms of a page carry on what the page was opened with; config.context_processors puts the field
beside the one against forgery, so that no form can leave it out.
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import identity

FIELD = "back"
LONGEST = 2_000  # characters; a list reached from a list carries both
NOT_CARRIED = {"export"}


def came_from(request: HttpRequest) -> str:
    """The address of the list that `request` came from, or ""."""
    kept = getattr(request, "_came_from", None)
    if kept is None:
        asked = request.POST.get(FIELD) or request.GET.get(FIELD) or ""
        kept = asked if is_ours(request, asked) else ""
        request._came_from = kept  # type: ignore[attr-defined]
    return str(kept)


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether `address` is a path of this site that belongs to the same school as the page of `request`."""
    if not address.startswith("/") or address.startswith("//") or len(address) > LONGEST:
        return False
    if any(ord(one) < 33 or one == "\\" for one in address) or identity.is_in(unquote(address)):
        return False
    try:
        match = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return False
    return match.kwargs.get("school_slug") == _school_of(request)


def _school_of(request: HttpRequest) -> str | None:
    """The short name of the school in the page's address; on pages of nobody's school, of the person's own."""
    match = request.resolver_match
    if match and "school_slug" in match.kwargs:
        return str(match.kwargs["school_slug"])
    school = getattr(getattr(request, "user", None), "school", None)
    return school.slug if school else None


def before(request: HttpRequest, address: str) -> str:
    """The list from which one came to the list at `address`, or ""."""
    back = dict(parse_qsl(urlsplit(address).query)).get(FIELD, "")
    return back if is_ours(request, back) else ""


def is_at(address: str, name: str) -> bool:
    """Whether `address`, which is ours, is of the page with this name."""
    return resolve(urlsplit(address).path).view_name == name


def stand_at(request: HttpRequest, address: str) -> None:
    """Say that the page is a list at `address`: forms on it lead back to it."""
    request._stands_at = address  # type: ignore[attr-defined]


def field_for(request: HttpRequest) -> SafeString:
    """The hidden field for each form of the page, or nothing."""
    back = getattr(request, "_stands_at", "") or came_from(request)
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, back) if back else SafeString("")


def carry(address: str, back: str) -> str:
    """`address` with `back` in it, in the place of one that it has; where both are too long, without."""
    parts = urlsplit(address)
    asked = [(name, text) for name, text in parse_qsl(parts.query, keep_blank_values=True) if name != FIELD]
    if back and len(back) <= LONGEST:
        asked.append((FIELD, back))
    query = urlencode(asked)
    return parts._replace(query=query).geturl()


def onward(request: HttpRequest, address: str) -> str:
    """`address`, one step further from the same list."""
    return carry(address, came_from(request)) if came_from(request) else address


def leading_back(request: HttpRequest, address: str) -> str:
    """`address`, opened from the list that the page of `request` is (`stand_at`)."""
    return carry(address, getattr(request, "_stands_at", "") or came_from(request))


def redirect_back(request: HttpRequest, to: Any, *args: Any, anchor: str = "") -> HttpResponseRedirect:
    """Back to the list, at the same filter, page and row (`anchor`: the id of an element); `to` where there is none.

    `to` and `args` are what `django.shortcuts.redirect` takes. A page below `to` is left for good, as that of a draft
    that was thrown away: one comes back to what that page came from.
    """
    default = resolve_url(to, *args)
    address = came_from(request)
    while address and _is_below(address, default):
        address = before(request, address)
    address = without(address or default, NOT_CARRIED)
    return HttpResponseRedirect(f"{address.partition('#')[0]}#{anchor}" if anchor else address)


def redirect_on(request: HttpRequest, to: Any, *args: Any) -> HttpResponseRedirect:
    """To the page `to`, which leads back to the same list; where `to` is that list, to it as it was."""
    address = resolve_url(to, *args)
    if urlsplit(came_from(request)).path == address:
        return redirect_back(request, address)
    return HttpResponseRedirect(onward(request, address))


def _is_below(address: str, other: str) -> bool:
    path = urlsplit(address).path
    return path != urlsplit(other).path and path.startswith(urlsplit(other).path)


def without(address: str, names: set[str]) -> str:
    """`address` without the parameters of these `names`."""
    parts = urlsplit(address)
    asked = [(name, text) for name, text in parse_qsl(parts.query, keep_blank_values=True) if name not in names]
    return parts._replace(query=urlencode(asked)).geturl()
