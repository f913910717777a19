"""What a person says about a file: what its columns mean, which class a sheet is of; remembered for the school by title."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core import identity
from core.spreadsheets import Heading, UnreadableFile, headings_of, read
from registry.models import KnownTitle, RosterImport
from registry.roster.checking import shown_cell
from registry.roster.columns import KNOWN, MAYBE, is_enough
from registry.roster.importing import choose_again
from registry.roster.reading import titles_for
from registry.roster.sheet_classes import class_of, classes_of

LONGEST_TITLE = 100


@dataclass(frozen=True)
class SheetChoice:
    """A sheet with titles: which (`keys`), of which class it seems to be, and whether somebody left it out."""

    name: str
    line: int
    keys: list[str]
    class_name: str
    is_skipped: bool


@dataclass(frozen=True)
class Layout:
    """The titles of a file and its sheets; `left_out`: names of the sheets without any."""

    headings: list[Heading]
    sheets: list[SheetChoice]
    left_out: list[str]


def layout_of(roster_import: RosterImport) -> Layout:
    """What the page of the columns shows, read from the file that is kept. Cells are shown without ID numbers."""
    try:
        headings, sheets = headings_of(read(roster_import.read()), titles_for(roster_import), is_enough=is_enough)
    except UnreadableFile:
        return Layout([], [], [])
    classes = classes_of(roster_import)
    taken = {heading.column for heading in headings}
    for heading in headings:
        if heading.column is None and (telephone := MAYBE.column_of(heading.title)) not in taken:
            heading.column = telephone
        heading.title = identity.blot_out(heading.title)
        heading.samples = [shown_cell(heading.column or "", cell) for cell in heading.samples]
    choices = roster_import.chosen_classes
    of_classes = {heading.key for heading in headings if heading.column == "class_name"}
    chosen = []
    for one in sheets:
        guess = "" if of_classes.intersection(one.keys) else class_of(one.name, one.above, classes)
        name = choices.get(one.name) or guess
        if one.line:
            chosen.append(SheetChoice(one.name, one.line, one.keys, name, choices.get(one.name) == ""))
    return Layout(headings, chosen, [one.name for one in sheets if not one.line])


@transaction.atomic
def choose_columns(
    *, roster_import: RosterImport, columns: dict[str, str], classes: dict[str, str], by: Any
) -> RosterImport:
    """Take what somebody said; the check begins anew, and the school's next roster knows. Raises AlreadyDecided.

    `columns` {key of a title: column, "" for none}, `classes` {sheet: class, "" where it is left out}.
    """
    meant = {
        key: column
        for key, column in columns.items()
        if column != (KNOWN.default_of(key) or MAYBE.default_of(key) or "")
    }
    again = choose_again(roster_import=roster_import, by=by, chosen_columns=meant, chosen_classes=classes)
    school = roster_import.school
    KnownTitle.objects.filter(school=school, title__in=[key for key in columns if key not in meant]).delete()
    KnownTitle.objects.bulk_create(
        [KnownTitle(school=school, title=key, column=column) for key, column in meant.items() if is_kept(key)],
        update_conflicts=True, unique_fields=["school", "title"], update_fields=["column"],
    )  # fmt: skip
    return again


def is_kept(key):
    """Whether a title is one that may come again: short, and without anybody's number."""
    return len(key) <= LONGEST_TITLE and not identity.may_be_in(key)
