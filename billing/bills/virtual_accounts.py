"""Virtual accounts (虛擬帳號) as each bank lays them out: one declaration a kind of contract, one way to read them all.

An account is the company's code, then the last day to pay where the contract has one, the school's own serial number,
and the check digits. Sources: bot_ebill (Bank of Taiwan); verybuytw/chinatrust-vaccount and verybuytw/esunbank-vaccount
(CTBC, E.SUN); CPAN's Business::TW::TSIB::VirtualAccount (Taishin). Where a library errs the bank's rule is kept: the day of
the year has three digits, the hour two, 31 December is a day of its own year, and a check digit is never negative.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import cycle

from django.utils.translation import gettext_lazy as _

from core.languages import labelled
from core.school_year import ROC_OFFSET

LONGEST = 16
LAST_HOUR = 23  # a bill can be paid until the end of its last day
BANK_LETTERS = 4  # of a rule's key: its bank


class OutOfNumbers(Exception):
    """The serial number has more digits than the account has room for."""


class AmountTooLong(Exception):
    """The bank checks the amount, and this one has more digits than its rule reads."""


@dataclass(frozen=True)
class Bank:
    """`code` is that of transfers between banks."""

    code: str
    name: object


@dataclass(frozen=True)
class Weights:
    """What digits count, again and again in turn, from the left or from the right."""

    turn: tuple[int, ...]
    from_right: bool = False

    def sum_of(self, digits: str) -> int:
        ordered = reversed(digits) if self.from_right else digits
        return sum(int(digit) * weight for digit, weight in zip(ordered, cycle(self.turn), strict=False))


@dataclass(frozen=True)
class Check:
    """One check digit over the account before its check digits, and over the amount where the bank knows it."""

    account: Weights
    amount: Weights | None = None
    is_complement: bool = False

    def digit_of(self, account: str, amount: str) -> str:
        total = self.account.sum_of(account) + (self.amount.sum_of(amount) if self.amount else 0)
        return str((-total if self.is_complement else total) % 10)


@dataclass(frozen=True)
class DayLayout:
    """How the last day to pay stands in the account, in how many digits."""

    length: int
    write: Callable[[date], str]
    words: object


NO_DAY = DayLayout(0, lambda day: "", "")
YEAR_AND_DAY = DayLayout(4, lambda day: f"{day.year % 10}{day:%j}", _("期限（西元年末碼＋當年第幾天）"))
ROC_YEAR_AND_DAY = DayLayout(
    4, lambda day: f"{(day.year - ROC_OFFSET) % 10}{day:%j}", _("期限（民國年末碼＋當年第幾天）")
)
MONTH_AND_DAY = DayLayout(4, lambda day: f"{day:%m%d}", _("期限（月日）"))
DAY_AND_HOUR = DayLayout(5, lambda day: f"{day:%j}{LAST_HOUR:02}", _("期限（當年第幾天＋23 時）"))


@dataclass(frozen=True)
class Rule:
    """One kind of contract. `length` of the whole account, `company` what its code may have, `amount` digits of dollars."""

    key: str
    title: object
    length: int
    company: tuple[int, ...]
    checks: tuple[Check, ...] = ()
    day: DayLayout = NO_DAY
    amount: int = 10

    @property
    def bank(self) -> Bank:
        return BANKS[self.key[:BANK_LETTERS]]

    @property
    def words(self) -> str:
        """中國信託商業銀行：14 碼，含金額"""
        return labelled(self.bank.name) + str(self.title) % {"length": self.length}

    @property
    def knows_amount(self) -> bool:
        return any(check.amount for check in self.checks)

    def room(self, company: str) -> int:
        """How many digits the school's own serial number has."""
        return self.length - len(company) - self.day.length - len(self.checks)

    def most(self, company: str) -> int:
        """How many bills can have an account: of one last day where the account names it, else ever."""
        return 10 ** self.room(company) - 1

    def front(self, company: str, due_on: date) -> str:
        """What stands before the serial number."""
        return company + self.day.write(due_on)

    def parts_of(self, account: str, company: str) -> list[tuple[object, str]]:
        """The pieces of an account in their order: what each is, and its digits."""
        widths = [
            (_("收款編號"), len(company)),
            (self.day.words, self.day.length),
            (_("流水號"), self.room(company)),
            (_("檢查碼"), len(self.checks)),
        ]
        found, start = [], 0
        for words, width in widths:
            if width:
                found.append((words, account[start : start + width]))
            start += width
        return found

    def serial_of(self, account: str, company: str) -> int:
        start = len(company) + self.day.length
        return int(account[start : start + self.room(company)])

    def account(self, company: str, serial: int, amount: int, due_on: date) -> str:
        """The whole account of a bill of `amount` dollars. Raises OutOfNumbers and AmountTooLong."""
        own, dollars = f"{serial:0{self.room(company)}}", f"{amount:0{self.amount}}"
        if len(own) > self.room(company):
            raise OutOfNumbers
        if self.knows_amount and len(dollars) > self.amount:
            raise AmountTooLong
        body = self.front(company, due_on) + own
        return body + "".join(check.digit_of(body, dollars) for check in self.checks)


BANKS = {
    "bot": Bank("004", _("臺灣銀行")),
    "ctbc": Bank("822", _("中國信託商業銀行")),
    "esun": Bank("808", _("玉山商業銀行")),
    "tsib": Bank("812", _("台新國際商業銀行")),
}

# Bank of Taiwan: weights go on from the account into the amount, which works since 15 digits are five whole turns.
BOT = Check(Weights((1, 3, 7)), Weights((1, 3, 7)))
CTBC = Check(Weights((3, 7, 1)), Weights((3, 7, 1)), is_complement=True)
TSIB = Check(Weights((3, 1)), Weights((5, 4, 3, 2, 3, 4, 5), from_right=True), is_complement=True)


def _esun(turn, amount_turn=None):
    amount = Weights(amount_turn, from_right=True) if amount_turn else None
    return Check(Weights(turn, from_right=True), amount)


TO_NINE, TO_EIGHT = tuple(range(1, 10)), tuple(range(1, 9))
ESUN_ONE, ESUN_AMOUNT = (_esun(TO_NINE),), (_esun(TO_NINE, TO_EIGHT),)
ESUN_TWO = (_esun((1, 3, 7)), _esun((3, 7, 9)))
ESUN_TWO_AMOUNT = (_esun((1, 3, 7), (1, 3, 7)), _esun((3, 7, 9), (3, 7, 9)))
ESUN_KINDS = (
    ("none", _("%(length)d 碼，沒有檢查碼"), (), NO_DAY),
    ("1", _("%(length)d 碼，檢查碼 1 碼"), ESUN_ONE, NO_DAY),
    ("1-amount", _("%(length)d 碼，檢查碼 1 碼，含金額"), ESUN_AMOUNT, NO_DAY),
    ("1-month", _("%(length)d 碼，檢查碼 1 碼，含金額和月日"), ESUN_AMOUNT, MONTH_AND_DAY),
    ("1-hour", _("%(length)d 碼，檢查碼 1 碼，含金額、第幾天和小時"), ESUN_AMOUNT, DAY_AND_HOUR),
    ("2", _("%(length)d 碼，檢查碼 2 碼"), ESUN_TWO, NO_DAY),
    ("2-amount", _("%(length)d 碼，檢查碼 2 碼，含金額"), ESUN_TWO_AMOUNT, NO_DAY),
    ("2-month", _("%(length)d 碼，檢查碼 2 碼，含金額和月日"), ESUN_TWO_AMOUNT, MONTH_AND_DAY),
)

_ALL = (
    Rule("bot", _("%(length)d 碼，含金額"), 16, (6,), (BOT,)),
    Rule("ctbc-none", _("%(length)d 碼，沒有檢查碼"), 14, (5,)),
    Rule("ctbc-amount", _("%(length)d 碼，含金額"), 14, (5,), (CTBC,)),
    Rule("ctbc-day", _("%(length)d 碼，含金額和期限"), 14, (5,), (CTBC,), YEAR_AND_DAY),
    *(
        Rule(f"esun-{length}-{key}", title, length, (5,), checks, day)
        for length in (13, 14)
        for key, title, checks, day in ESUN_KINDS
    ),
    Rule("tsib", _("%(length)d 碼，含金額和期限"), 14, (4, 5), (TSIB,), ROC_YEAR_AND_DAY, amount=7),
)
RULES = {one.key: one for one in _ALL}


def choices() -> list[tuple[str, object]]:
    """Of a field: none, then the kinds of contract under the names of their banks."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in _ALL:
        found.setdefault(str(one.bank.name), []).append((one.key, one.words))
    return [("", _("不提供銀行虛擬帳號")), *found.items()]
