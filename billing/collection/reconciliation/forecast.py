"""What a file would bring, before anything is booked: the cashier sees it and decides."""

from dataclasses import asdict, dataclass

from billing.bills.models import Bill
from billing.collection.reconciliation.knowing import Memory
from billing.collection.reconciliation.matching import bills_of, money_of
from billing.payments import settling
from billing.payments.models import Settlement

CHUNK = 500
NOT_YET = 0  # the key of a file that is not kept yet
State = Settlement.State
KINDS = {State.APPLIED: "new", State.DUPLICATE: "again", State.UNKNOWN: "unknown", State.MISMATCH: "doubtful"}


@dataclass
class Forecast:
    """Numbers of lines and whole dollars: new money that settles a bill, `again` for a bill that is paid already, known
    before, to be looked into, and of unknown bills.
    """

    new: int = 0
    new_total: int = 0
    known: int = 0
    known_total: int = 0
    again: int = 0
    again_total: int = 0
    doubtful: int = 0
    doubtful_total: int = 0
    unknown: int = 0
    unknown_total: int = 0

    as_dict = asdict

    def add(self, what, line):
        setattr(self, what, getattr(self, what) + 1)
        setattr(self, f"{what}_total", getattr(self, f"{what}_total") + line.amount)


class Forecaster:
    """Takes the lines of a file one by one, asks the database twice a chunk; `finish` gives the Forecast."""

    def __init__(self, school, profile, each=None):
        """`each` is told of every chunk: a list of (line, bill or None, kind, why)."""
        self.school, self.profile, self.each = school, profile, each
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
        bills = bills_of(self.school.pk, self.profile, codes)
        found = []
        for line in self.waiting:
            bill = bills.get(line.code)
            kind, why = self._outcome_of(line, bill)
            self.forecast.add(kind, line)
            found.append((line, bill, kind, why))
        if self.each:
            self.each(found)
        self.waiting.clear()

    def _outcome_of(self, line, bill):
        """(what becomes of the line, why it is not simply booked)"""
        one = self.memory.sort(line)
        before = self._seen_before(line)
        if one.known or before == "known":
            return "known", ""
        one.trouble = one.trouble or (settling.SAME_NUMBER if before else "")
        state, why = settling.judge(money_of(self.school.pk, self.profile, one, bill), bill)
        if state == State.APPLIED:
            bill.set_state(Bill.State.PAID)  # here alone: the next line for it comes too late
        return KINDS[state], why

    def _seen_before(self, line):
        """ "known" or "doubtful" where an earlier line of the file, perhaps of another chunk, has the same number."""
        if not line.transaction:
            return ""
        name, told = hash((line.code, line.transaction)), hash((line.paid_on, line.amount))
        before = self.seen.get(name)
        if before is None:
            self.seen[name] = told
            return ""
        return "known" if before == told else "doubtful"
