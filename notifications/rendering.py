"""One template a mail: `templates/mail/<kind>.html` says the subject and the body, and the plain text is made of it."""

import re
from html import escape
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core import identity

BLOCKS = {"p", "ul", "td", "table", "h1"}


class Rendered(NamedTuple):
    subject: str
    text: str
    html: str


def render(kind: str, context: dict[str, Any], *, to: str, language: str) -> Rendered:
    """Render the mail to the address `to`; ID numbers that people typed are blotted out of it."""
    with translation.override(language):
        html = render_to_string(f"mail/{kind}.html", {"site_url": settings.SITE_URL, **context})
        subject, text = subject_and_text(html)
    return Rendered(*(without_numbers(part, to) for part in (subject, text, html)))


def subject_and_text(html: str) -> tuple[str, str]:
    """The title of `html`, and what stands below its heading as plain text.

    A block is a paragraph on one line (mail programs wrap it), a list item a line, a link "its words： its address".
    """
    reader = _PlainText()
    reader.feed(html)
    reader.close()
    return reader.subject, "\n\n".join(reader.paragraphs) + "\n"


class _PlainText(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.subject, self.words, self.before = "", "", ""
        self.paragraphs: list[str] = []
        self.href: str | None = ""
        self.written: set[str | None] = set()  # addresses that stand behind the words of their link

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.before, self.words, self.href = self.words, "", dict(attrs)["href"]
        elif tag in BLOCKS:
            self._end_paragraph()
        self.words += {"br": "\n", "li": "\n・"}.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag == "title":
            self.subject, self.words = " ".join(self.words.split()), ""
        elif tag in BLOCKS:
            self._end_paragraph()
        if tag == "h1":
            self.paragraphs.clear()  # letterhead and heading: the subject says the same

    def handle_data(self, data: str) -> None:
        self.words += re.sub(r"[ \t\r\n]+", " ", data)

    def _end_link(self) -> None:
        label = self.words.strip()
        if label != self.href:
            self.written.add(self.href)
            label = _("%(label)s： %(url)s") % {"label": label, "url": self.href}
        self.words = self.before + label

    def _end_paragraph(self) -> None:
        """A paragraph that is but the address of a button above, for who has to copy it, is not said twice."""
        paragraph = "\n".join(line.strip(" ") for line in self.words.strip().split("\n"))
        if paragraph and paragraph not in self.written:
            self.paragraphs.append(paragraph)
        self.words = ""


def without_numbers(text: str, to: str) -> str:
    """`text` with ID numbers blotted out, but for the recipient's own address and our links, whose tokens are no words."""
    if not identity.is_in(text):
        return text
    kept = "|".join(map(re.escape, dict.fromkeys([to, escape(to), quote(to)])))
    pieces = re.split(rf"({kept}|{re.escape(settings.SITE_URL)}/\S*)", text, flags=re.IGNORECASE)
    return "".join(piece if place % 2 else identity.blot_out(piece) for place, piece in enumerate(pieces))
