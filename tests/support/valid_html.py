"""What the HTML standard asks of a page, as far as our pages could get it wrong: a list of faults in words.

Our templates close what they open, so tags are simply counted; Nu's checker (vnu) says the same of our pages, and more,
but needs Java.
"""

import re
from html.parser import HTMLParser

EMPTY = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    # of SVG, written <path …/>
    "path", "rect", "circle", "line", "use", "polygon", "polyline",
}  # fmt: skip
# Take words and what stands between words, nothing that begins a new line
PHRASES = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "span",
    "a",
    "label",
    "button",
    "strong",
    "em",
    "time",
    "summary",
    "dt",
    "legend",
}
FLOW = {
    "address", "article", "aside", "blockquote", "details", "dialog", "dl", "div", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
}  # fmt: skip
TAKES_BLOCKS = {"a", "legend"}  # an <a> takes what its parent takes; a <legend> a heading
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"th", "td"},
    "select": {"option", "optgroup"},
}
LIVE = {"status", "alert", "log"}
CONTROLS = {"a", "button", "input", "select", "textarea", "label", "details"}
DATE = r"\d{4}-\d\d-\d\d"
DATETIME = re.compile(rf"({DATE}|{DATE}T\d\d:\d\d(:\d\d(\.\d{{1,3}})?)?([+-]\d\d:\d\d|Z)?|\d{{4}}-\d\d|\d\d:\d\d)")
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list", "headers")
DATE_VALUES = {"date": re.compile(DATE), "month": re.compile(r"\d{4}-\d\d"), "time": re.compile(r"\d\d:\d\d(:\d\d)?")}


def faults_of(html: str) -> list[str]:
    """Each fault with the line that it stands on."""
    page = _Page()
    page.feed(html)
    page.close()
    return page.all_faults()


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.found = [], []
        self.live = []  # for each open tag: whether a screen reader reads out what changes in it
        self.ids, self.asked_for, self.labels, self.controls = set(), [], set(), []
        self.headings_in = []  # for each open section: whether a heading was met, or it is named

    def say(self, fault):
        self.found.append(f"line {self.getpos()[0]}: {fault}")

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if len(given) < len(attrs):
            self.say(f"<{tag}> has an attribute twice")
        self.check_place(tag, given)
        self.check_attributes(tag, given)
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings_in = [True] * len(self.headings_in)
        if tag == "section":
            self.headings_in.append("aria-label" in given)
        is_live = given.get("role") in LIVE or given.get("aria-live") in {"polite", "assertive"}
        if is_live and any(self.live):
            self.say(f"<{tag}> is read out twice: a live region in another")
        if tag not in EMPTY:
            self.open.append(tag)
            self.live.append(is_live)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in EMPTY:
            return
        if not self.open or self.open[-1] != tag:
            self.say(f"</{tag}> closes nothing; open are {' '.join(self.open[-3:])}")
            return
        self.open.pop()
        self.live.pop()
        if tag == "section" and not self.headings_in.pop():
            self.say("a section without a heading")

    def handle_data(self, data):
        if data.strip() and self.open and self.open[-1] in CHILDREN:
            self.say(f"words straight in <{self.open[-1]}>: {data.strip()[:20]}")

    def check_place(self, tag, given):
        parent = self.open[-1] if self.open else ""
        if "svg" in self.open:
            return
        if parent in CHILDREN and tag not in CHILDREN[parent] | {"script", "template"}:
            self.say(f"<{tag}> straight in <{parent}>")
        inside = [one for one in self.open if one in PHRASES - TAKES_BLOCKS]
        if tag in FLOW and inside and not (inside == ["summary"] and tag.startswith("h")):
            self.say(f"<{tag}> inside <{inside[-1]}>")
        around = {"a", "button"} & set(self.open)
        if tag in CONTROLS and around and given.get("type") != "hidden":
            self.say(f"<{tag}> inside <{around.pop()}>")
        if tag == "label" and "label" in self.open or tag == "form" and "form" in self.open:
            self.say(f"<{tag}> inside <{tag}>")

    def check_attributes(self, tag, given):
        if "id" in given:
            if given["id"] in self.ids:
                self.say(f"id {given['id']!r} twice")
            if not given["id"] or re.search(r"\s", given["id"]):
                self.say(f"id {given['id']!r}")
            self.ids.add(given["id"])
        for name in REFERENCES:
            self.asked_for += [(self.getpos()[0], name, one) for one in (given.get(name) or "").split()]
        if tag == "time" and "datetime" in given and not DATETIME.fullmatch(given["datetime"]):
            self.say(f"datetime {given['datetime']!r}")
        value = given.get("value")
        if tag == "input" and value and (shape := DATE_VALUES.get(given.get("type"))) and not shape.fullmatch(value):
            self.say(f"a field of type {given['type']} holds {value!r}")
        if tag == "img" and "alt" not in given:
            self.say("a picture without alt")
        if tag == "label" and "for" in given:
            self.labels.add(given["for"])
        is_seen = tag in {"select", "textarea"} or tag == "input" and given.get("type") not in {"hidden", "submit"}
        if is_seen and not {"aria-label", "aria-labelledby"} & given.keys() and "label" not in self.open:
            self.controls.append((self.getpos()[0], given.get("id"), given.get("name")))
        if (
            (given.get("href") or "").startswith("javascript:")
            or "style" in given
            or any(n.startswith("on") for n in given)
        ):
            self.say(f"<{tag}> carries a script or a style")

    def all_faults(self):
        dangling = [
            f"line {line}: {name}={one!r} names nothing" for line, name, one in self.asked_for if one not in self.ids
        ]
        bare = [
            f"line {line}: field {name!r} has no label" for line, id_, name in self.controls if id_ not in self.labels
        ]
        left = [f"never closed: {' '.join(self.open)}"] if self.open else []
        return [*self.found, *dangling, *bare, *left]
