"""One template a mail: `templates/mail/<kind>.html` says the subject and the body, and the plain text is made of it."""

import re
from html import escape, unescape
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core import identity


class Rendered(NamedTuple):
    subject: str
    text: str
    html: str


def render(kind: str, context: dict[str, Any], *, to: str, language: str) -> Rendered:
    """Render the mail to the address `to`; ID numbers that people typed are blotted out of it.

    A function in `context` gives its words in the reader's language.
    """
    with translation.override(language):
        given = {name: value() if callable(value) else value for name, value in context.items()}
        html = render_to_string(f"mail/{kind}.html", {"site_url": settings.SITE_URL, **given})
        parts = subject_of(html), text_of(html), html
    return Rendered(*(without_numbers(part, to) for part in parts))


def subject_of(html: str) -> str:
    """The title of a mail."""
    return " ".join(unescape(html.partition("<title>")[2].partition("</title>")[0]).split())


def text_of(html: str) -> str:
    """What stands below the heading of a mail, without markup. What people wrote is escaped, so it is no markup.

    A paragraph is one line, which mail programs wrap; a list item is a line; a link is "its words： its address".
    """
    text = re.sub(r"[ \t\r\n]+", " ", html.partition("</h1>")[2])
    # A button's address stands once more below it, for who has to copy it: here once is enough.
    text = re.sub(r'<a href="([^"]*)"[^>]*>(.*?)</a>(</p> *<p[^>]*>\1</p>)?', _link, text)
    for markup, instead in [(" ?<br> ?", "\n"), (" ?<li> ?", "\n・"), ("</p>|</ul>", "\n\n"), ("<[^>]*>", "")]:
        text = re.sub(markup, instead, text)
    paragraphs = [part.strip(" \n") for part in unescape(text).split("\n\n")]
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def _link(found: re.Match[str]) -> str:
    url, words, ends_paragraph = found[1], found[2].strip(), "</p>" if found[3] else ""
    return (url if words == url else _("%(label)s： %(url)s") % {"label": words, "url": url}) + ends_paragraph


def without_numbers(text: str, to: str) -> str:
    """`text` with ID numbers blotted out, but for the recipient's own address and our links, whose tokens are no words."""
    if not identity.is_in(text):
        return text
    kept = "|".join(map(re.escape, dict.fromkeys([to, escape(to), quote(to)])))
    pieces = re.split(rf"({kept}|{re.escape(settings.SITE_URL)}/\S*)", text, flags=re.IGNORECASE)
    return "".join(piece if place % 2 else identity.blot_out(piece) for place, piece in enumerate(pieces))
