"""Reads a collection file: it counts as a whole or not at all.

`look_through` reads it once and refuses what is cut off, altered or not understood; only then `lines_of` is worth
walking.
"""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.collection.reconciliation import fixed_width, tables
from billing.collection.reconciliation.lines import FileRefused, Line, Notes
from billing.collection.reconciliation.profiles import Delimited

__all__ = ["FileRefused", "Line", "Summary", "lines_of", "look_through"]


@dataclass(frozen=True)
class Summary:
    """`codes`: the collection codes of the contracts that the file is about; empty for a bank's.

    `left_out` names what of the file is no money that came: foot lines, columns and sheets that are not used.
    """

    count: int
    total: int
    digest: str
    codes: frozenset[str]
    left_out: tuple[str, ...] = ()


def look_through(file, profile):
    """Count, total and digest of a binary file that is sound. Raises FileRefused."""
    count = total = 0
    digest = hashlib.sha256(profile.name.encode())
    notes = Notes()
    codes = set()
    for line in _walk(file, profile, notes):
        count += 1
        codes.add(line.collection_code)
        total += line.amount
        # Of what the lines say, not of the bytes: other line ends don't make another file.
        digest.update(f"\n{line.code}|{line.amount}|{line.paid_on}|{line.channel}|{line.reference}".encode())
    if notes.problems:
        raise FileRefused(*notes.problems, errors=notes.errors)
    if not count:
        raise FileRefused(_("檔案裡沒有任何代收資料。"))
    return Summary(count, total, digest.hexdigest(), frozenset(filter(None, codes)), tuple(notes.left_out))


def lines_of(file, profile):
    """The lines of a file that `look_through` found sound."""
    return _walk(file, profile, Notes())


def _walk(file, profile, notes):
    file.seek(0)
    form = tables if isinstance(profile.form, Delimited) else fixed_width
    yield from form.read(file, profile, notes)
