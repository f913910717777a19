"""Single sign-on: a log-in beside the bare Argon2 hash, token exchange and userinfo beside a bare view.

Goals: a log-in costs hardly more CPU than its hash; the others at most so many times the bare view, and so many queries.
"""

from benchmarks import people
from benchmarks.measure import Goal
from benchmarks.worker import Browser, Work, checked, figures_of, serving

GOALS = {
    "log-in": Goal(times=1.2, queries=8),
    "token exchange": Goal(times=18, queries=9),
    "userinfo": Goal(times=13, queries=2),
}
CODES_AT_ONCE = 6  # a code lives for a minute


def measure():
    from oidc import keys

    keys.make_first()
    with serving() as worker:
        log_in = {"log-in": Work(log_in_of(worker, Browser(worker)))}
        yield from figures_of(worker, log_in, bare="/bare/hash/", times=3, bare_times=3)
        yield from figures_of(worker, works_of(party_of(worker)), times=CODES_AT_ONCE)


def log_in_of(worker, browser):
    """From a computer that is known by its cookie, as most are."""
    from django.conf import settings
    from django.urls import reverse

    address = reverse("accounts:sso-login")
    typed = {"account": people.PARENT["email"], "password": people.PASSWORD}

    def log_in(headers):
        answer = checked(worker, address, browser.post(address, typed, headers), status=302)
        known = settings.KNOWN_DEVICE_COOKIE_NAME
        browser.cookies[known] = answer.cookies.get(known) or browser.cookies[known]
        return answer

    return log_in


def party_of(worker):
    """A client that gets its codes here, and asks the worker for everything else."""
    from django.test import Client

    from accounts.models import User
    from oidc.models import Connection
    from tests.accounts.factories import log_in
    from tests.oidc.factories import client_of
    from tests.oidc.relying_party import RelyingParty

    parent = User.objects.get(username=people.PARENT["email"])
    client = client_of("量測", host="bench.example.tw")
    Connection.objects.create(user=parent, client=client, scope="openid profile email children")
    party = RelyingParty(client, log_in(Client(), parent))
    party.direct = Browser(worker)  # type: ignore[assignment]  # asked in the same way
    return party


def works_of(party):
    codes: list[str] = []
    tokens = party.sign_in()

    def asked(headers, ask):
        party.direct.extra = headers
        answer = ask()
        assert answer.status_code == 200, answer.content
        return answer

    def get_codes(times):
        codes[:] = [party.get_code() for _time in range(times)]

    return {
        "token exchange": Work(lambda headers: asked(headers, lambda: party.exchange(codes.pop())), get_codes),
        "userinfo": Work(lambda headers: asked(headers, lambda: party.userinfo(tokens["access_token"]))),
    }
