"""Codes to pay a bill with on paper: the three convenience-store barcodes, and the bank's virtual account.

Source of the store codes: the check characters of the collecting agents' handbooks as Business::TW::TSIB::CStorePayment
and bot_ebill implement them. Layouts differ between agents and are settings of `CollectingAgent`.
"""

from dataclasses import dataclass
from itertools import cycle

from billing.bills.models import CollectingAgent
from core.school_year import ROC_OFFSET

WRITE_OFF_LENGTH = 16
ORDER_LENGTH = 9
AMOUNT_LENGTH = 9

# Letters count as digits: A–I 1–9, J–R 1–9, S–Z 2–9; signs have values of their own.
VALUES = {
    **{str(digit): digit for digit in range(10)},
    **{letter: n % 9 + 1 for n, letter in enumerate("ABCDEFGHIJKLMNOPQR")},
    **{letter: n + 2 for n, letter in enumerate("STUVWXYZ")},
    "+": 1,
    "%": 2,
    "-": 6,
    ".": 7,
    " ": 8,
    "$": 9,
    "/": 0,
}


@dataclass(frozen=True)
class StoreCodes:
    """The three segments, 9, 16 and 15 characters of Code 39, in the order in which a store reads them."""

    first: str
    second: str
    third: str

    @property
    def as_text(self):
        return "　".join(self)

    def __iter__(self):
        return iter((self.first, self.second, self.third))


def store_codes(bill):
    """What a store can read of `bill`, or None: paid, void, overdue, above the store's limit, or not collected there."""
    agent = bill.agent
    if not bill.is_on_paper or agent is None or not agent.collection_code or not bill.amount:
        return None
    if bill.amount > agent.store_limit:
        return None
    year = (bill.due_on.year - ROC_OFFSET) % 100
    first = f"{year:02}{bill.due_on:%m%d}{agent.collection_code}"
    if agent.date_layout == CollectingAgent.DateLayout.MMDD:
        day = f"{bill.due_on:%m%d}"
    else:
        day = f"{year:02}{bill.due_on:%m}"
    amount = f"{bill.amount:0{AMOUNT_LENGTH}}"
    check = check_characters(first, bill.write_off_number, day + amount)
    return StoreCodes(first, bill.write_off_number, f"{day}{check}{amount}")


def check_characters(*segments):
    """Two characters over the segments, the third without them. Odd and even places start anew in each segment."""
    odd = sum(VALUES[one] for segment in segments for one in segment[::2]) % 11
    even = sum(VALUES[one] for segment in segments for one in segment[1::2]) % 11
    return {0: "A", 10: "B"}.get(odd, str(odd)) + {0: "X", 10: "Y"}.get(even, str(even))


def bank_account(bill):
    """The account to transfer `bill` to, or None when it has none or must not be paid any more."""
    return bill.virtual_account if bill.is_on_paper and bill.amount and bill.virtual_account else None


def numbers_for(agent, serial, amount):
    """(write-off number, virtual account) of a bill that gets this serial number; the account may be empty."""
    if agent is None:
        return "", ""
    if rule := BANK_RULES.get(agent.bank_rule):
        account = rule(agent.bank_collection_number, serial, amount)
        return pad(account, agent.pad_side), account
    if agent.collection_code:
        room = WRITE_OFF_LENGTH - len(agent.write_off_prefix)
        if agent.pad_side == CollectingAgent.PadSide.LEFT:
            return agent.write_off_prefix + f"{serial:0{room}}", ""
        return pad(f"{agent.write_off_prefix}{serial:0{ORDER_LENGTH - 1}}", agent.pad_side), ""
    return "", ""


def pad(code, side):
    """`code` in the 16 places of the second segment."""
    if side == CollectingAgent.PadSide.LEFT:
        return code.rjust(WRITE_OFF_LENGTH, "0")
    return code.ljust(WRITE_OFF_LENGTH, "0")


def bank_of_taiwan(collection_number, serial, amount):
    """Bank of Taiwan: collection number (6), order number (9), check digit; the amount (10) is in the check.

    Weights 1, 3, 7 in turn from the left; the check digit is the sum modulo 10.
    """
    order = f"{serial:0{ORDER_LENGTH}}"
    weighed = zip(f"{collection_number}{order}{amount:010}", cycle((1, 3, 7)), strict=False)
    return f"{collection_number}{order}{sum(int(digit) * weight for digit, weight in weighed) % 10}"


BANK_RULES = {CollectingAgent.BankRule.BANK_OF_TAIWAN: bank_of_taiwan}
