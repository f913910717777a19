"""What a file would bring, before anything is booked: the cashier sees it and decides."""

from dataclasses import asdict, dataclass, field

from billing.models import Bill
from billing.reconciliation.knowing import Memory

CHUNK = 500
NAMED = 50  # lines that are named one by one
NOT_YET = 0  # the key of a file that is not kept yet
FIELDS = {"write_off": "write_off_number", "virtual_account": "virtual_account"}


@dataclass
class Forecast:
    """Numbers of lines and whole dollars: of money known already, to be looked into, of unknown bills, and new.

    `known_lines`, `doubtful_lines`, `unknown_lines` name the first NAMED of each: (line, code, amount).
    """

    known: int = 0
    known_total: int = 0
    known_lines: list = field(default_factory=list)
    doubtful: int = 0
    doubtful_total: int = 0
    doubtful_lines: list = field(default_factory=list)
    unknown: int = 0
    unknown_total: int = 0
    unknown_lines: list = field(default_factory=list)
    new: int = 0
    new_total: int = 0

    as_dict = asdict

    def add(self, what, line):
        setattr(self, what, getattr(self, what) + 1)
        setattr(self, f"{what}_total", getattr(self, f"{what}_total") + line.amount)
        lines = getattr(self, f"{what}_lines", None)
        if lines is not None and len(lines) < NAMED:
            lines.append([line.place, line.code, line.amount])


class Forecaster:
    """Takes the lines of a file one by one, asks the database once a chunk; `finish` gives the Forecast."""

    def __init__(self, school, profile):
        self.school, self.profile = school, profile
        self.memory = Memory(school.pk, profile.account, NOT_YET)
        self.forecast = Forecast()
        self.waiting: list = []
        self.seen: dict[int, int] = {}  # of transactions with a number, in any chunk: digests, not words

    def add(self, line):
        self.waiting.append(line)
        if len(self.waiting) == CHUNK:
            self._look()

    def finish(self):
        self._look()
        return self.forecast

    def _look(self):
        codes = [line.code for line in self.waiting]
        self.memory.recall(codes)
        ours = {f"{FIELDS[self.profile.by]}__in": codes}
        bills = set(
            Bill.objects.filter(school=self.school, **ours).values_list(FIELDS[self.profile.by], flat=True)
        )
        for line in self.waiting:
            self.forecast.add(self._kind_of(line, bills), line)
        self.waiting.clear()

    def _kind_of(self, line, bills):
        sorted_line = self.memory.sort(line)
        if sorted_line.known or self._seen_before(line) == "known":
            return "known"
        if sorted_line.trouble or self._seen_before(line) == "doubtful":
            return "doubtful"
        self._note(line)
        return "new" if line.code in bills else "unknown"

    def _seen_before(self, line):
        before = self.seen.get(hash((line.code, line.transaction))) if line.transaction else None
        if before is None:
            return ""
        return "known" if before == hash((line.paid_on, line.amount)) else "doubtful"

    def _note(self, line):
        if line.transaction:
            self.seen[hash((line.code, line.transaction))] = hash((line.paid_on, line.amount))
