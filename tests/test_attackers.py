"""What somebody who may work at one desk tries at all others: another school's rows, odd fields, ways out of the site."""

import re
from collections import Counter

import pytest
from django.db import transaction
from django.test import Client

from audit.models import Event
from registry.roles import Role
from tests.accounts.factories import log_in, staff
from tests.registry.factories import SchoolFactory
from tests.support.world import OPEN, POSTS, SCHOOL_PAGES, SCHOOL_STAFF, address_of, client_of

pytestmark = pytest.mark.django_db

AWAY = ["//evil.example", "/\\evil.example", "javascript:alert('evil.example')"]
ODD = ["\0<b>%s", "９" * 5000, "99999999999999999999999"]
LISTS_ASK = [
    "sort",
    "page",
    "words",
    "w",
    "q",
    "show",
    "class",
    "state",
    "order",
    "grade",
    "from",
    "to",
    "export",
    "listing",
]
NOBODYS = "987654321"  # the key of no row
OF_DESKS = {
    name for name, who in {**OPEN, **POSTS}.items() if who and who <= SCHOOL_STAFF | {"city_admin", "other_registrar"}
}


def with_another_row(address):
    return "/".join(NOBODYS if part.isdigit() else part for part in address.split("/"))


def test_another_schools_row_is_as_one_that_does_not_exist(world):
    """Somebody with every role at another school asks there for what belongs to the school of the world."""
    other = SchoolFactory(slug="elsewhere")
    client = log_in(Client(), staff(other, *Role, account="everything"))
    events = Event.objects.filter(school_id=world["school"].pk).count()
    found, tried = [], Counter()
    for name in sorted(OF_DESKS & SCHOOL_PAGES):
        there = address_of(name, world).replace(f"/{world['school'].slug}/", f"/{other.slug}/", 1)
        if there == with_another_row(there):
            continue  # no row is named
        for way in [client.post] if name in POSTS else [client.get, client.post]:
            tried[name] += 1
            answers = [way(one) for one in (there, with_another_row(there))]
            told = [(one.status_code, with_another_row(one.get("location", ""))) for one in answers]
            if told[0] != told[1] or told[0][0] == 200:
                found.append((name, way.__name__, told))

    assert not found, "\n".join(map(str, found))
    assert len(tried) > 80
    assert Event.objects.filter(school_id=world["school"].pk).count() == events


@pytest.fixture
def desks(world):
    """(name, address, a browser of somebody who may) of each page and deed of the desks."""
    browsers = {role: client_of(world["people"][role]) for role in sorted(SCHOOL_STAFF | {"city_admin"})}
    for one in browsers.values():
        one.raise_request_exception = False
    return [
        (name, address_of(name, world), next(browsers[role] for role in browsers if role in {**OPEN, **POSTS}[name]))
        for name in sorted(OF_DESKS)
    ]


def undone(ask):
    """The answer to `ask()`, whatever it wrote being taken back."""
    with transaction.atomic():
        answer = ask()
        body = b"".join(answer) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer, body.decode(errors="replace")


def test_no_way_back_leads_out_of_the_site(desks):
    found = []
    for name, address, client in desks:
        for away in AWAY:
            if name in OPEN:
                _answer, body = undone(lambda c=client, a=address, b=away: c.get(a, {"back": b, "next": b}))
                found += (
                    [(name, "page", away)]
                    if re.search(r'(href|action|value)="(?!/[a-z])[^"]*evil\.example', body)
                    else []
                )
            answer, body = undone(lambda c=client, a=address, b=away: c.post(a, {"back": b, "next": b}))
            if "evil.example" in answer.get("location", "") or re.search(
                r'(href|action|value)="(?!/[a-z])[^"]*evil\.example', body
            ):
                found.append((name, "post", away))

    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("odd", ODD)
def test_every_field_of_every_desk_takes_anything(desks, odd):
    found = []
    for name, address, client in desks:
        names = set()
        if name in OPEN:
            _answer, body = undone(lambda c=client, a=address: c.get(a))
            names = set(re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', body)) - {
                "csrfmiddlewaretoken"
            }
            asked = dict.fromkeys([*LISTS_ASK, *names], odd)
            answer, _body = undone(lambda c=client, a=address, t=asked: c.get(a, t))
            found += [(name, "get", answer.status_code)] if answer.status_code >= 500 else []
        typed = dict.fromkeys([*names, "answer", "decision", "keys", "students", "reason", "back"], odd)
        answer, _body = undone(lambda c=client, a=address, t=typed: c.post(a, t))
        found += [(name, "post", answer.status_code)] if answer.status_code >= 500 else []

    assert not found, "\n".join(map(str, found))
