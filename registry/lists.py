"""A list of a desk is shown, searched or taken away: what `core.listing` makes of an address, answered."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import log
from core import way_back
from core.downloads import download
from core.listing import Listing


def show_list(
    request: HttpRequest, template: str, listing: Listing, context: dict[str, Any] | None = None, *, others: Any = ()
) -> HttpResponse:
    """The page of a list, an Excel of it, or, of words that were posted, the way to the page that shows them.

    The page has the list as `listing`. `others`: further lists of the page, in `context` by whatever names.
    """
    for one in (listing, *others):
        if one.is_posted:
            if one.refusal:
                messages.warning(request, one.refusal)
            return redirect(one.address(page=None))
        if one.wants_file:
            return _file(request, one)
    for one in (listing, *others):
        for problem in one.problems:
            messages.warning(request, problem)
    way_back.stand_at(request, listing.here)
    return render(request, template, {"listing": listing, **(context or {})})


def _file(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Personal data leave: which list, narrowed how, and how many rows is an event; what was typed is not."""
    data = {"list": listing.name, "rows": listing.count, "filters": listing.values, "searched": bool(listing.text)}
    workbook = listing.workbook()
    with transaction.atomic():
        log.record("list.exported", by=request.user, data=data)
    return download(workbook, f"{listing.title}.xlsx")
