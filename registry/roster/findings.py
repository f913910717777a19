"""What the lines of a roster told, and where in the file each of them stands."""

from bisect import bisect_left
from dataclasses import dataclass, field, replace

from core.spreadsheets import RowError, place_of


@dataclass
class Findings:
    """What the lines of a file told one by one, and of whom there is a line that can't be taken."""

    errors: list[RowError] = field(default_factory=list)
    notices: list[RowError] = field(default_factory=list)
    # What a person has to answer before the roster may be written: see `roster.questions`.
    questions: dict[str, list[RowError]] = field(default_factory=dict)
    faulty_numbers: set[str] = field(default_factory=set)
    faulty_fingerprints: set[str] = field(default_factory=set)
    are_columns_unclear: bool = False  # what the one error says, a person can say on the page of the columns
    seats_given: list[int] = field(default_factory=list)  # students who give their seat away: see `roster.seats`

    def ask(self, kind, place):
        self.questions.setdefault(str(kind), []).append(place)


class Places:
    """The sheets of a file: rows are numbered through all of them, people look for a line of one sheet.

    `starts`: pairs (the number after which a sheet begins, its name) in their order, as JSON keeps them.
    """

    def __init__(self, starts):
        self.starts = starts

    @classmethod
    def of(cls, roster_import):
        return cls(roster_import.contents.get("starts", []))

    def find(self, number):
        """(sheet, line) of a row."""
        place = bisect_left(self.starts, number, key=lambda pair: pair[0]) - 1
        if place < 0:
            return "", number
        start, sheet = self.starts[place]
        return sheet, number - start

    def words(self, number):
        """「110班」工作表第 3 列"""
        sheet, line = self.find(number)
        return place_of(line, sheet=sheet)

    def locate(self, error):
        """The RowError as people look for it; one that names its sheet already, or the file, stays."""
        if error.sheet or not error.line:
            return error
        sheet, line = self.find(error.line)
        return replace(error, sheet=sheet, line=line)
