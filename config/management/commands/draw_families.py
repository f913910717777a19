"""Draws docs/families.md from the table of what is said of a family's standing."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from binding.standing_words import SAYS, State

HEAD = """# What a family is told

Drawn by `make docs` from `binding/standing_words.py`; a test compares, and another walks every state by real actions.
The first sentence heads the family's list and step 3; what stands in %( ) is a fact of the family. "Next" is the button
there, and in the mails of the last column.

| state | who acts | sentence | and | next | mails |
|---|---|---|---|---|---|
"""
FILE = Path(settings.BASE_DIR) / "docs" / "families.md"


@translation.override(settings.LANGUAGE_CODE)
def draw():
    return HEAD + "".join(row_of(state) for state in State)


def row_of(state):
    says = SAYS[state]
    act = says.act.label if says.act else "–"
    return f"| {state} | {says.who} | {says.title} | {says.body} | {act} | {', '.join(says.mails) or '–'} |\n"


class Command(BaseCommand):
    help = "Draw docs/families.md."

    def handle(self, **options):
        FILE.write_text(draw(), encoding="utf-8")
        self.stdout.write(str(FILE.relative_to(settings.BASE_DIR)))
