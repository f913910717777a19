"""What is known already of the money that a file tells of: the same money comes with several files.

A bank names a transaction by a number: agreement and virtual account (the account holds the agreement's number), day and
number are one piece of money, whatever file and line it stands on. The same number with another day or amount is
looked into by the cashier. Without a number (stores) nothing tells a record that came again from a second payment of
that day; within one file both are payments, in another file the cashier is asked.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone

from billing.payments import settling
from billing.payments.models import Settlement


@dataclass(frozen=True, slots=True)
class Told:
    """A piece of money that was told of, as far as it is compared; `settlement` is None while it is not written."""

    key: str
    day: object
    amount: int
    channel: str
    number: str
    is_money: bool = True
    settlement: int | None = None
    files: frozenset = frozenset()


@dataclass(slots=True)
class Sorted:
    """A line and what it is: `known` names the money that it tells of once more, `trouble` why it is looked into."""

    line: object
    key: str
    known: Told | None = None
    trouble: str = ""


@dataclass
class Memory:
    """What is known of a school's money in one account of the ledger, for the codes of a chunk of lines."""

    school_id: int
    account: str
    file_id: int | None = None
    of_code: dict = field(default_factory=lambda: defaultdict(list))

    def recall(self, codes):
        """Read what was told of these codes; one query."""
        self.of_code = defaultdict(list)
        rows = Settlement.objects.filter(school=self.school_id, account=self.account, code__in=set(codes))
        files = defaultdict(set)
        found = {}
        for pk, file_id, *facts in rows.values_list(
            "pk", "lines__file", "code", "key", "paid_at", "amount", "channel", "number", "is_money"
        ):
            files[pk].add(file_id)
            found[pk] = facts
        for pk, (code, key, paid_at, amount, channel, number, is_money) in found.items():
            day = timezone.localdate(paid_at)
            told = Told(key, day, amount, channel, number, is_money, pk, frozenset(files[pk]))
            self.of_code[code].append(told)

    def sort(self, line):
        """What the line is; from now on it is remembered itself."""
        one = self._by_number(line) if line.transaction else self._by_place(line)
        if one.known is None:
            told = Told(
                one.key, line.paid_on, line.amount, line.channel, line.transaction, files=frozenset([self.file_id])
            )
            self.of_code[line.code].append(told)
        return one

    def _by_number(self, line):
        same = [told for told in self.of_code[line.code] if told.number == line.transaction]
        for told in same:
            if (told.day, told.amount) == (line.paid_on, line.amount):
                return Sorted(line, told.key, known=told)
        key = f"{self.account}:{self.school_id}:{line.code}:{line.paid_on:%Y%m%d}:{line.transaction}"
        if same:
            return Sorted(line, f"{key}:{line.amount}", trouble=settling.SAME_NUMBER)
        return Sorted(line, key, trouble=settling.REPEATED if self._comes_again(line) else "")

    def _by_place(self, line):
        key = f"file:{self.file_id}:{line.number}"
        return Sorted(line, key, trouble=settling.REPEATED if self._comes_again(line) else "")

    def _comes_again(self, line):
        """Whether another file told of the like, and nothing says that it is other money.

        Two transactions with numbers are told apart by them; where one has none, channels may be written otherwise.
        """
        return any(
            told.is_money
            and (told.day, told.amount) == (line.paid_on, line.amount)
            and self.file_id not in told.files
            and not (told.number and line.transaction)
            and (told.channel == line.channel or told.number or line.transaction)
            for told in self.of_code[line.code]
        )
