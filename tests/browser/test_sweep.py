"""No page wider than the screen, and WCAG 2.2 AA: every page as narrow as can be, some of each kind in every circumstance.

`make sweep`, for every night, looks at every page in every circumstance and in every language.
"""

import os
from itertools import groupby

import pytest
from playwright.sync_api import Error

from tests.browser.states import places_of_families, places_of_roles, session_cookie
from tests.browser.sweep import HEIGHT, PHONE, Sweep
from tests.support.world import ALL, OPEN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IS_WHOLE = bool(os.environ.get("SWEEP"))
# A list, a form, a long text, a table, figures, a door: what the other pages are made of.
REPRESENTATIVE = {
    ("family, draft", "binding:consent"), ("family, draft", "binding:check"), ("family, returned", "binding:tasks"),
    ("family, returned", "binding:sign"), ("family", "binding:evidence"), ("parent", "binding:sso-home"),
    ("parent", "billing:home"), ("parent", "billing:bill-codes"), ("anonymous", "accounts:school"),
    ("anonymous", "help:guide"),
}  # fmt: skip


def is_of_everybody(place):
    """Looked at once, as nobody in particular; the gallery, which is long, as one of the staff."""
    if place.page == "gallery":
        return place.role != "teacher"
    return place.role != "anonymous" and OPEN.get(place.page) == ALL


def swept(world, chromium, live_server, settings, places, language, look):
    """{"role: page": what is wrong} after `look(sweep)` on each of `places`."""
    wrong = {}
    for role, some in groupby(places, lambda one: one.role):
        context = chromium.new_context(viewport={"width": PHONE, "height": HEIGHT}, base_url=live_server.url)
        cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
        if person := world["people"][role]:
            cookies.append(session_cookie(person, live_server.url))
        context.add_cookies(cookies)
        sweep = Sweep(context.new_page())
        for place in some:
            try:
                if sweep.open(place, f"{role}: {place.page}"):
                    look(sweep)
            except Error as error:
                if "Download is starting" not in str(error) and "net::ERR" not in str(error):
                    raise
        wrong |= sweep.found
        context.close()
    return wrong


def test_pages_of_families_and_parents(world, chromium, live_server, settings):
    settings.SITE_URL = live_server.url
    roles = places_of_roles(world, {"anonymous", "family", "other_family", "parent"})
    places = [*places_of_families(world), *(one for one in roles if not is_of_everybody(one))]
    chosen = places if IS_WHOLE else [one for one in places if (one.role, one.page) in REPRESENTATIVE]
    narrow = Sweep.widths if IS_WHOLE else Sweep.narrow

    wrong = {"zh-hant": swept(world, chromium, live_server, settings, chosen, "zh-hant", Sweep.everything)}
    for language in ("en", "vi", "id") if IS_WHOLE else ("vi",):  # the longest words
        wrong[language] = swept(world, chromium, live_server, settings, places, language, narrow)

    assert {language: pages for language, pages in wrong.items() if pages} == {}
    assert len(chosen) >= len(REPRESENTATIVE)


@pytest.mark.skipif(not IS_WHOLE, reason="each night: test_pages.py looks at the desks each time")
def test_pages_of_desks(world, chromium, live_server, settings):
    settings.SITE_URL = live_server.url
    roles = places_of_roles(world, {"teacher", "registrar", "cashier", "helpdesk", "school_admin", "city_admin"})
    places = [one for one in roles if not is_of_everybody(one)]

    wrong = {"zh-hant": swept(world, chromium, live_server, settings, places, "zh-hant", Sweep.desk)}
    wrong["en"] = swept(world, chromium, live_server, settings, places, "en", Sweep.widths)

    assert {language: pages for language, pages in wrong.items() if pages} == {}
