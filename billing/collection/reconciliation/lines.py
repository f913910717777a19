"""What a collection file says, whatever its form."""

from dataclasses import dataclass, field
from datetime import date

MOST_PROBLEMS = 20  # that a page names
MOST_ERRORS = 1000  # that are marked in the cashier's own file


class FileRefused(Exception):
    """The file is not taken; `problems` say why, to a cashier, `errors` (RowError) where in a table."""

    def __init__(self, *problems, errors=()):
        super().__init__("; ".join(problems))
        self.problems = list(problems)
        self.errors = list(errors)


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says was paid. Amount in whole New Taiwan dollars.

    `number` counts the lines of the whole file, `line` those of its `sheet` ("" where the file has none); `reference` is
    the bank's number of the transaction as it is written, "" where there is none.
    """

    number: int
    sheet: str
    line: int
    code: str
    amount: int
    paid_on: date
    channel: str
    reference: str
    collection_code: str

    @property
    def transaction(self):
        """`reference` as it is compared: a spreadsheet drops zeros in front, and nothing but zeros is no number."""
        return self.reference.lstrip("0")


@dataclass
class Notes:
    """What is noted beside the lines while a file is read: `problems` refuse it, `left_out` is named to people.

    `errors` (RowError) are the problems of a table by their places.
    """

    problems: list[str] = field(default_factory=list)
    errors: list = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add_problem(self, words):
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(str(words))

    def add_error(self, error):
        """What is wrong at one place of a table."""
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)
        self.add_problem(error)
