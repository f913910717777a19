"""Bills for other systems, as far as a parent agreed: docs/bills_api.md."""

from functools import wraps

from django.conf import settings
from django.http import JsonResponse
from django.urls import reverse

from accounts import rations
from accounts.pauses import Paused
from billing.api.bills import as_told, with_facts
from billing.api.models import SCOPE
from billing.bills.models import Bill
from oidc.bearer import bearer_only, problem

MOST = 100
USUAL = 50
STATES = {"open": Bill.State.ISSUED, "paid": Bill.State.PAID}


def readers(view):
    """Open to clients with the scope, so many times in a while about one parent."""

    @wraps(view)
    def opened(request, *args, **kwargs):
        who = f"{request.client.pk}/{request.user.pk}"
        try:
            rations.consume("bills", who, limit=settings.BILLS_API_LIMIT, minutes=settings.BILLS_API_MINUTES)
        except Paused as paused:
            return _too_many(paused)
        return view(request, *args, **kwargs)

    return bearer_only(SCOPE)(opened)


class Wrong(Exception):
    """A parameter is not what it may be."""


@readers
def bills(request):
    """The latest first; `next` is the address of the rest."""
    try:
        state, limit, cursor = _asked(request.GET)
    except Wrong as wrong:
        return problem(400, str(wrong), error="invalid_request")
    found = Bill.objects.of_parent(request.user)
    if state:
        found = found.filter(state=STATES[state])
    if cursor:
        found = found.filter(pk__lt=cursor)
    page = list(with_facts(found).order_by("-pk")[: limit + 1])
    shown = page[:limit]
    body = {
        "bills": [as_told(one, request.client) for one in shown],
        "next": _address(state, limit, shown[-1].pk) if len(page) > limit else None,
    }
    return JsonResponse(body)


@readers
def bill(request, pk):
    found = with_facts(Bill.objects.of_parent(request.user).filter(pk=pk)).first()
    if found is None:
        return problem(404, "There is no such bill of a child that is bound to this parent.")
    return JsonResponse(as_told(found, request.client))


def _asked(query):
    """(state, limit, cursor), each None or 0 where it was not given; raises Wrong."""
    state = query.get("state", "")
    if state and state not in STATES:
        raise Wrong("state is open or paid.")
    limit = _number(query.get("limit", str(USUAL)), "limit")
    if not 1 <= limit <= MOST:
        raise Wrong(f"limit is a number from 1 to {MOST}.")
    return state, limit, _number(query.get("cursor", "0"), "cursor")


def _number(text, name):
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Wrong(f"{name} is not a number.")
    return int(text)


def _address(state, limit, cursor):
    query = {"state": state, "limit": limit, "cursor": cursor}
    told = "&".join(f"{name}={value}" for name, value in query.items() if value)
    return f"{settings.SITE_URL}{reverse('billing:api-bills')}?{told}"


def _too_many(paused):
    response = problem(429, f"Come again in {paused.minutes} minutes.")
    response["Retry-After"] = str(paused.seconds)
    return response
