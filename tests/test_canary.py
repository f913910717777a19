"""An ID number written in many ways, through every free text, file name, search field, header and path of the project."""

import ast
import contextlib
import importlib
import json
import logging
import pkgutil
import re
from copy import deepcopy
from datetime import timedelta
from html.parser import HTMLParser
from itertools import cycle

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from audit.redaction import HidingFormatter
from core import identity
from core.asking import AsksAboutEmails
from core.fields import EmailAddressField, FreeTextField, NameField
from registry.fields import IdentityNumberField
from registry.models import School
from tests.accounts.factories import city_admin
from tests.registry.factories import make_identity
from tests.support.world import OPEN, address_of, client_of

NUMBER = make_identity(7_654_321, letter="T", gender=2)
ROOMS = ["accounts", "audit", "billing", "binding", "config", "consent", "core", "notifications", "registry", "review"]


def ways(number):
    """The number as people write it, and as they might to get it past a guard."""
    letter, digits = number[0], number[1:]
    circled = "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(one)] for one in digits)
    return {
        "plain": number,
        "lower case": number.lower(),
        "full width": "".join(chr(ord(one) + 0xFEE0) for one in number),
        "hyphens": f"{number[:4]}-{number[4:7]}-{number[7:]}",
        "dots": ".".join(number),
        "spaces": f"{letter} {digits[:3]} {digits[3:6]} {digits[6:]}",
        "no-break spaces": "\u00a0".join(number),
        "thin spaces": "\u2009".join(number),
        "full-width spaces": "\u3000".join(number),
        "underscores": "_".join(number),
        "slashes": "/".join(number),
        "en and em dashes": f"{number[:3]}\u2013{number[3:6]}\u2014{number[6:]}",
        "zero width": "\u200b".join(number),
        "joiners": f"{number[:3]}\u200d{number[3:6]}\u200c{number[6:]}",
        "direction marks": f"\u202a{number[:5]}\u200e\u200f{number[5:]}\u202c",
        "turned around": "\u202e" + number[::-1] + "\u202c",
        "soft hyphen": "\u00ad".join(number),
        "variation selectors": "\ufe0f".join(number),
        "circled": letter + circled,
        "keycaps": letter + "".join(f"{one}\ufe0f\u20e3" for one in digits),
        "mathematical bold": chr(0x1D400 + ord(letter) - 65) + "".join(chr(0x1D7CE + int(one)) for one in digits),
        "Arabic-Indic": letter + "".join(chr(0x660 + int(one)) for one in digits),
        "Chinese numerals": letter + "".join("〇一二三四五六七八九"[int(one)] for one in digits),
        "line breaks": f"{number[:5]}\r\n{number[5:]}",
        "inside words": f"證號是{number}沒錯",
        "after letters": f"scan{number}x",
        "in an e-mail address": f"寄到{number.lower()}@example.org",
        "in an address of a page": f"https://example.org/?q={number[:3]}%{ord(number[3]):02x}{number[4:]}",
        "as HTML": f"&#{ord(letter)};{digits}",
    }  # fmt: skip


WAYS = ways(NUMBER)
OLD_RESIDENT = "AB23456789"


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_writing_it_is_seen_and_blotted_out(way):
    text = f"前 {WAYS[way]} 後"

    assert identity.is_in(text)
    assert not holds(identity.blot_out(text))
    assert identity.blot_out(text).startswith("前")


@pytest.mark.parametrize("way", ways(OLD_RESIDENT[0] + OLD_RESIDENT[2:]))
def test_old_resident_numbers_with_two_letters_are_seen_too(way):
    written = WAYS[way].replace(NUMBER, OLD_RESIDENT) if NUMBER in WAYS[way] else None

    assert written is None or identity.is_in(written)
    assert identity.is_in("ab-2345-6789")


# Fields of words --------------------------------------------------------------------------------------------------

# What is typed here is compared, and never kept as it is.
NOT_KEPT = {
    "account", "captcha", "code", "token", "password", "old_password", "new_password", "confirmation",
    "seen", "snapshot", "text_digest", "version", "despite", "applicants",
    "receipt",  # asked about: a receipt's own number may look like one
}  # fmt: skip


# A number that the school's own receipts may look like: asked about (tests/billing), not refused.
ASKED_ABOUT = {("CashForm", "receipt")}


def load_every_module():
    for room in ROOMS:
        for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)


def every_form():
    load_every_module()
    todo, seen = [forms.BaseForm], set()
    while todo:
        for form in todo.pop().__subclasses__():
            todo.append(form)
            if form.__module__.partition(".")[0] in ROOMS and hasattr(form, "base_fields"):
                seen.add(form)
    return sorted(seen, key=lambda form: (form.__module__, form.__qualname__))


def text_fields():
    """(form, name, field) of every field whose words may be kept."""
    for form in every_form():
        for name, field in form.base_fields.items() if "admin" not in form.__module__ else ():
            is_text = isinstance(field, forms.CharField) and not isinstance(
                field, forms.EmailField | IdentityNumberField | forms.UUIDField
            )
            if (form.__name__, name) in ASKED_ABOUT:
                continue
            if is_text and not (name in NOT_KEPT and type(field) is forms.CharField):
                yield form, name, field


def test_every_free_text_of_every_form_refuses_every_way():
    taken = []
    for form, name, field in text_fields():
        for way, text in WAYS.items():
            if field.max_length and len(text) > field.max_length:
                continue
            try:
                kept = field.clean(text)
            except forms.ValidationError:
                continue
            if holds(str(kept)):
                taken.append((form.__qualname__, name, way))

    assert not taken
    assert len(list(text_fields())) > 30


@pytest.mark.django_db
def test_every_free_text_of_the_admin_refuses_every_way(rf):
    """The site guards what its pages take, whichever room registered them."""
    request = rf.get("/admin/")
    request.user = city_admin()
    fields = [
        (model.__name__, name, field)
        for model, page in admin.site._registry.items()
        if page.has_add_permission(request) or page.has_change_permission(request)
        for form in [
            page.get_form(request),
            *(inline.get_formset(request).form for inline in page.get_inline_instances(request)),
        ]
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField) and not isinstance(field, IdentityNumberField | forms.EmailField)
    ]

    taken = []
    for model, name, field in fields:
        for way in ("plain", "hyphens", "circled", "full width"):
            try:
                field.clean(WAYS[way])
            except forms.ValidationError:
                continue
            taken += [(model, name, way)] if name not in NOT_KEPT - {"account"} else []

    assert not taken
    assert len(fields) > 15


@pytest.mark.django_db
def test_django_s_own_record_of_a_change_holds_no_number():
    entry = LogEntry.objects.log_actions(
        city_admin().pk, [School(pk=1, name=WAYS["hyphens"])], 2, f"見 {WAYS['spaces']}", single_object=True
    )

    entry.refresh_from_db()
    assert not holds(f"{entry.object_repr} {entry.change_message}")


def test_every_address_that_is_kept_is_asked_about():
    """A form with an e-mail field either asks or keeps nothing of it."""
    asking = {form for form in every_form() if issubclass(form, AsksAboutEmails)}
    with_email = {
        form for form in every_form() for field in form.base_fields.values() if isinstance(field, forms.EmailField)
    }

    assert {form.__name__ for form in with_email - asking} == {"ForgottenForm", "SampleForm"}
    for form in with_email:
        for name, field in form.base_fields.items():
            assert not isinstance(field, forms.EmailField) or isinstance(field, EmailAddressField), (form, name)


def test_no_form_makes_a_free_text_of_its_own():
    """Fields that a form adds when it is made are seen in the source: the guarded kinds are for these too."""
    found = []
    for path, tree in sources():
        for call in ast.walk(tree):
            if isinstance(call, ast.Assign) and isinstance(call.value, ast.Call):
                made = ast.unparse(call.value.func)
                name = ast.unparse(call.targets[0])
                if made in ("forms.CharField", "forms.EmailField", "CharField") and "models" not in path.parts:
                    allowed = NOT_KEPT | {asked for _form, asked in ASKED_ABOUT}
                    found += [(str(path), name)] if name not in allowed else []

    assert found == []
    assert issubclass(NameField, forms.CharField)
    assert issubclass(FreeTextField, forms.CharField)


@pytest.mark.parametrize(
    "pattern", [r"\[A-Z[a-z]*\]\S{0,30}\\d\{[89]\}", r"\[A-Z[a-z]*\]\[[^\]]*\\d[^\]]*\]", r"\[12(89)?\]\\d\{8\}"]
)
def test_what_a_number_looks_like_is_written_in_one_place(pattern):
    """Another pattern would see other ways of writing it, and miss some."""
    elsewhere = [
        str(path.relative_to(settings.BASE_DIR))
        for ending in ("*.py", "*.js", "*.html", "*.typ")
        for room in [*ROOMS, "static", "templates"]
        for path in (settings.BASE_DIR / room).rglob(ending)
        if re.search(pattern, path.read_text(encoding="utf-8"))
    ]

    assert set(elsewhere) <= {"core/identity.py"}


def sources():
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(settings.BASE_DIR), ast.parse(path.read_text(encoding="utf-8"))


# Pages ------------------------------------------------------------------------------------------------------------


def holds(text):
    """Whether the number can be read in `text` when it is folded and stripped, forwards or backwards."""
    plain = identity.normalize(text)
    return NUMBER in plain or NUMBER in plain[::-1] or identity.is_in(text)


def words_in(value):
    if isinstance(value, dict):
        for pair in value.items():
            yield from words_in(pair)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from words_in(one)
    elif isinstance(value, str):
        yield value
        if value[:1] in "[{":
            with contextlib.suppress(ValueError):
                yield from words_in(json.loads(value))


class Watch:
    """Looks at whatever is written to the database, and says where a number would be read."""

    def __init__(self):
        self.found = []
        self.where = ""

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")):
            for word in words_in(list(params or ())):
                if len(word) < 10_000 and NUMBER in identity.normalize(word):
                    self.found.append((self.where, sql.split('"')[1], word[:60]))
        return execute(sql, params, many, context)


class Forms(HTMLParser):
    """The forms of a page: [(method, address, {name: (kind, values)})]."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self._select = self._text = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        one = dict(attributes)
        if tag == "form":
            self.forms.append((one.get("method", "get"), one.get("action", ""), {}))
        fields = self.forms[-1][2] if self.forms else {}
        name, kind = one.get("name"), one.get("type", "text")
        if tag == "input" and name:
            if kind in ("radio", "checkbox", "submit"):
                fields.setdefault(name, (kind, one.get("value", "on")))
            else:
                fields[name] = (kind, one.get("value", ""))
        elif tag == "textarea" and name:
            fields[name] = ("textarea", "")
        elif tag == "select" and name:
            self._select = name
            fields[name] = ("select", "")
        elif tag == "option" and self._select and fields and not fields[self._select][1]:
            fields[self._select] = ("select", one.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None


TYPED = {
    "name": "王小明", "mobile": "0912345678", "email": "new@example.org", "email_again": "new@example.org",
    "new_email": "new@example.org", "new_email_again": "new@example.org", "identity_number": make_identity(55),
    "account": "t999", "seat_number": "49", "student_number": "99999999", "contact": "分機 1", "amount_0": "100",
    "item_0": "學費", "title": "學雜費", "reason": "x", "note": "x", "receipt": "R1", "number": "115 家護 2",
}  # fmt: skip
FREE = ("text", "textarea", "search", "hidden", "tel", "email", "password")


def filled(fields):
    """What a person would send: the values that stand there, something likely where there is none."""
    today = timezone.localdate()
    dates = {name: today.isoformat() for name in fields if name.endswith(("_on", "until"))}
    dates |= {name: (today + timedelta(days=5)).isoformat() for name in fields if name in ("due_on", "until")}
    return {
        name: value or dates.get(name) or TYPED.get(name, "")
        for name, (kind, value) in fields.items()
        if kind not in ("file", "submit")
    }


def uploads(fields):
    """A file of one pixel, or a table, under a name with the number in it."""
    return {
        name: SimpleUploadedFile(f"{WAYS['hyphens']} {WAYS['full width']}.csv", "班級,座號\n301,1\n".encode())
        for name, (kind, _value) in fields.items()
        if kind == "file"
    }


class Walk:
    def __init__(self, watch):
        self.watch = watch
        self.writings = cycle(WAYS.items())
        self.sent = 0

    def page(self, client, name, address):
        """Look at the page, then send each of its forms once for each free field, with the number in that field."""
        answer = client.get(address, headers=headers())
        if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
            return
        for method, action, fields in Forms(answer.content.decode()).forms:
            to = address.partition("?")[0] if action in ("", "?") else action
            for field, (kind, _value) in fields.items():
                if kind in FREE and field != "csrfmiddlewaretoken" or kind == "file":
                    self.send(client, name, method, to, fields, field, kind)

    def send(self, client, name, method, to, fields, field, kind):
        way, text = next(self.writings)
        typed = filled(fields) | (uploads(fields) if kind == "file" else {field: text})
        if kind == "email" or "email" in field:
            typed[field] = f"{NUMBER.lower()}@example.org"
            typed |= {f"{field}_again": typed[field]} if f"{field}_again" in fields else {}
        self.watch.where = f"{name} {field} {way}"
        cookies = deepcopy(client.cookies)  # a session that is rolled back with the rest stays the person's
        try:
            with transaction.atomic():
                send = client.post if method == "post" else client.get
                answer = send(to, typed, headers=headers())
                self.sent += 1
                assert answer.status_code < 500, self.watch.where
                transaction.set_rollback(True)
        finally:
            self.watch.where = ""
            client.cookies = cookies


def headers():
    """What a browser, a proxy or a client may say of itself."""
    return {
        "User-Agent": f"Mozilla {WAYS['spaces']} Chrome/{NUMBER}",
        "Referer": f"http://testserver/{NUMBER}/?q={NUMBER}",
        "X-Forwarded-For": f"{NUMBER}, 127.0.0.1",
        "X-Request-ID": NUMBER,
        "Accept-Language": NUMBER,
    }


@pytest.fixture
def log():
    """What stands in the log, written as the settings say."""
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Keep()
    handler.setFormatter(HidingFormatter("{asctime} {levelname} {name} {message}", style="{"))
    named = [logging.getLogger(), logging.getLogger("django.request"), logging.getLogger("django.server")]
    for one in named:
        one.addHandler(handler)
    yield lines
    for one in named:
        one.removeHandler(handler)


@pytest.mark.django_db
@override_settings(TRUSTED_PROXIES=1)
def test_nothing_typed_on_any_page_is_kept(world, log):
    watch = Watch()
    walk = Walk(watch)
    with connection.execute_wrapper(watch):
        for role, person in world["people"].items():
            client = client_of(person)
            for name in sorted(OPEN):
                if role in OPEN[name] and role == min(OPEN[name]):
                    walk.page(client, name, address_of(name, world))

    assert walk.sent > 600
    assert watch.found == []
    assert [line for line in log if holds(line)] == []
    stored = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert [path for path in stored if holds(path.name) or NUMBER.encode() in path.read_bytes()] == []


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["plain", "hyphens", "spaces", "full width", "circled", "in an address of a page"])
def test_a_path_with_it_is_found_in_no_log(client, log, way):
    client.get("/" + WAYS[way].replace("/", "-") + "/")
    client.get(reverse("accounts:home"), {"q": WAYS[way]})

    assert any("Not Found" in line for line in log)
    assert [line for line in log if holds(line)] == []


@pytest.mark.django_db
def test_what_one_came_for_waits_sealed_in_the_session(client):
    client.get(f"/sso/?q={NUMBER}")

    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM accounts_browsersession")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert not holds(kept)
    assert client.session.session_key is None or NUMBER in str(dict(client.session)) or kept == ""
