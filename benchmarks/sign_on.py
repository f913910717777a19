"""Single sign-on: log-ins a second against the bare hash, token exchange and userinfo against a bare view.

    ENVIRONMENT=development DEBUG=off DATABASE_URL=… python -m benchmarks.sign_on

Makes a database of its own inside DATABASE_URL's server and drops it; one process, one thread, Django's test client.
"""

import os
import time
from urllib.parse import urlencode

SECONDS = 4
FORM = "application/x-www-form-urlencoded"


def rate(work):
    """How often a second."""
    work()
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        work()
        done += 1
    return done / (time.perf_counter() - began)


def rates(*works):
    """How often a second each, taken in turns: what else the machine does slows all of them."""
    spent = dict.fromkeys(works, 0.0)
    for work in works:
        work()
    rounds = 0
    while sum(spent.values()) < SECONDS * len(works):
        for work in works:
            began = time.perf_counter()
            work()
            spent[work] += time.perf_counter() - began
        rounds += 1
    return [rounds / spent[work] for work in works]


def queries_of(work):
    """The queries of the second time; BEGIN and COMMIT count as two."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    work()
    with CaptureQueriesContext(connection) as queries:
        work()
        return len(queries.captured_queries) or len(connection.queries)


def bare_view(request):
    from django.http import JsonResponse

    return JsonResponse({"status": "ok"})


def prepare():
    from django.test import Client as Browser

    from oidc import keys
    from tests.accounts.factories import log_in
    from tests.oidc.factories import client_of, parent
    from tests.oidc.relying_party import RelyingParty

    keys.make_first()
    alice = parent()
    return alice, RelyingParty(client_of("繳費", host="pay.example.tw"), log_in(Browser(), alice))


def measure_log_in(alice):
    from django.contrib.auth.hashers import check_password
    from django.test import Client as Browser
    from django.urls import reverse

    from tests.accounts.factories import PASSWORD

    alice.refresh_from_db()
    typed = urlencode({"account": alice.username, "password": PASSWORD, "next": ""})
    address = reverse("accounts:sso-login")

    browser = Browser()  # one: making it loads the middleware anew, which no server does

    def log_in():
        browser.cookies.clear()
        assert browser.post(address, typed, content_type=FORM).status_code == 302

    queries = queries_of(log_in)
    bare, whole = rates(lambda: check_password(PASSWORD, alice.password), log_in)
    print(f"bare Argon2id hash {bare:8.1f} /s")
    print(f"log-in             {whole:8.1f} /s   ratio {whole / bare:.2f} (target 0.8)   {queries} queries")


def measure_tokens(party):
    from django.test import Client as Browser

    bare = rate(lambda: Browser().get("/bare/"))
    print(f"bare view          {bare:8.1f} /s")
    tokens = party.sign_in()
    codes = [party.get_code() for _ in range(600)]
    queries = queries_of(lambda: party.exchange(codes.pop()))
    began = time.perf_counter()
    for code in codes:
        assert party.exchange(code).status_code == 200
    exchanges = len(codes) / (time.perf_counter() - began)
    print(f"token exchange     {exchanges:8.1f} /s   ratio {exchanges / bare:.2f}   {queries} queries")
    queries = queries_of(lambda: party.userinfo(tokens["access_token"]))
    asked = rate(lambda: party.userinfo(tokens["access_token"]))
    print(f"userinfo           {asked:8.1f} /s   ratio {asked / bare:.2f}   {queries} queries")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.contrib.auth.decorators import login_not_required
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment
    from django.urls import path

    import config.wsgi  # noqa: F401 – started as the server is
    from config import urls

    urls.urlpatterns.insert(0, path("bare/", login_not_required(bare_view)))
    setup_test_environment(debug=False)
    settings.MAILBOX_DIR = None
    name = connection.creation.create_test_db(verbosity=0)
    try:
        print(connection.vendor)
        alice, party = prepare()
        measure_log_in(alice)
        measure_tokens(party)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    main()
