"""What a collection file says, whatever its form."""

from dataclasses import dataclass, field
from datetime import date

MOST_PROBLEMS = 20


class FileRefused(Exception):
    """The file is not taken; `problems` say why, to a cashier."""

    def __init__(self, *problems):
        super().__init__("; ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says was paid. Amount in whole New Taiwan dollars.

    `number` counts the lines of the whole file, `place` is how people find it; `reference` is the bank's number of
    the transaction as it is written, "" where there is none.
    """

    number: int
    place: str
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
    """What is noted beside the lines while a file is read: `problems` refuse it, `left_out` is named to people."""

    problems: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add_problem(self, words):
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(str(words))
