"""The forms of a page, as a browser counts them: which button comes first is what Enter presses."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXTLESS = {"hidden", "submit", "button", "reset", "image"}
MAIN = {"button--primary", "button--danger", "default"}


@dataclass
class Form:
    action: str
    fields: list = field(default_factory=list)  # (type, name) of what a person can focus
    submits: list = field(default_factory=list)  # attributes of each, in the order of the page


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.by_id, self.open = [], {}, None

    def handle_starttag(self, tag, attrs):
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(facts.get("action", ""))
            self.forms.append(self.open)
            self.by_id[facts.get("id")] = self.open
        elif tag in ("input", "button", "select", "textarea"):
            place = self.by_id.setdefault(facts["form"], Form("")) if "form" in facts else self.open
            if place:
                self._add(place, tag, facts)

    def _add(self, place, tag, facts):
        kind = facts.get("type", "submit" if tag == "button" else "text" if tag == "input" else tag)
        if kind in ("submit", "image"):
            place.submits.append(facts)
        elif kind not in TEXTLESS:
            place.fields.append((kind, facts.get("name", "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None


def forms_of(html):
    reader = Reader()
    reader.feed(html)
    return reader.forms


def is_main(button):
    return bool(MAIN & set(button.get("class", "").split())) or ("data-enter" in button and "aria-hidden" not in button)


def problem_of(form):
    """What Enter would do wrong in `form`, in words; empty when it presses the main button, or none at all."""
    if not form.fields or not form.submits:
        return ""
    first, *rest = form.submits
    mains = [one for one in form.submits if is_main(one)]
    if "data-no-enter" in first:
        return "no-enter's button says something" if "name" in first else ""
    if "data-enter" in first and "aria-hidden" in first:
        return "" if mains and "name" not in mains[0] else "Enter's button stands for no button without a name"
    if not mains:
        return "" if not rest else f"{len(form.submits)} buttons and none is the main one"
    return "" if is_main(first) else f"Enter presses {first}"
