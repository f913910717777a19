"""All pages on one sheet to look at: `make contact-sheet`, or `make contact-sheet ROLES="family parent" IN=vi DARK=1`.

PAGES="review:home registry:student" takes these alone.

Opens every page of every role, and of families at each stage, at phone's and desk's width, and writes the pictures and
index.html into var/contact-sheet/. Run by pytest for its world, its server and its browser; no test, and never run as one.
"""

import html
import os
import shutil
import sys
from itertools import groupby

import pytest
from django.conf import settings
from playwright.sync_api import Error

from tests.browser.conftest import DESK, PHONE
from tests.browser.states import places_of_admin, places_of_families, places_of_roles, session_cookie

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = settings.BASE_DIR / "var" / "contact-sheet"
LANGUAGE = os.environ.get("IN") or settings.LANGUAGE_CODE
ROLES = os.environ.get("ROLES", "").split()
PAGES = os.environ.get("PAGES", "").split()
SCHEME = "dark" if os.environ.get("DARK") else "light"
HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Contact sheet</title><style>
body { font: 14px sans-serif; margin: 16px; background: #888; }
section { display: flex; flex-wrap: wrap; gap: 16px; align-items: start; }
figure { margin: 0; background: #fff; padding: 8px; }
img { display: block; width: auto; max-height: 640px; }
</style>"""


def test_contact_sheet(world, chromium, live_server, settings):
    settings.SITE_URL = live_server.url
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    places = [*places_of_families(world), *places_of_roles(world), *places_of_admin(world)]
    if ROLES:
        places = [one for one in places if one.role.partition(",")[0] in ROLES]
    if PAGES:
        places = [one for one in places if one.page.partition(",")[0] in PAGES]
    pictures = []
    for size in (PHONE, DESK):
        for role, some in groupby(places, lambda one: one.role):
            context = chromium.new_context(viewport=size, base_url=live_server.url, color_scheme=SCHEME)
            person = world["people"][role]
            language = {"name": settings.LANGUAGE_COOKIE_NAME, "value": LANGUAGE, "url": live_server.url}
            context.add_cookies([language, *([session_cookie(person, live_server.url)] if person else [])])
            page = context.new_page()
            for place in some:
                if picture := take(page, place, size):
                    pictures.append((place, picture))
            context.close()
    write_index(pictures)
    sys.stdout.write(f"\n{len(pictures)} pictures: {FOLDER}/index.html\n")


def take(page, place, size):
    """The name of the picture; None where what came is no page."""
    try:
        answer = page.goto(place.address)
    except Error:  # a file: "Download is starting", or an address of another site
        return None
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return None
    name = f"{place.role}.{place.page}.{size['width']}.png".replace(":", "-").replace(", ", "-").replace(" ", "-")
    page.screenshot(path=str(FOLDER / name), full_page=True)
    return name


def write_index(pictures):
    lines = [HEAD]
    for (role, name), some in groupby(sorted(pictures, key=lambda one: one[0][:2]), lambda one: one[0][:2]):
        lines.append(f"<h2>{html.escape(role)}: {html.escape(name)}</h2><section>")
        lines += [
            f'<figure><a href="{file}"><img loading="lazy" src="{file}" alt=""></a><figcaption>{file}</figcaption></figure>'
            for _place, file in some
        ]
        lines.append("</section>")
    (FOLDER / "index.html").write_text("\n".join(lines), encoding="utf-8")
