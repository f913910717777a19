"""Codes to pay a bill with on paper: the three convenience-store barcodes, and the bank's account (`virtual_accounts`).

Source of the store codes: the check characters of the collecting agents' handbooks as Business::TW::TSIB::CStorePayment
and bot_ebill implement them. Layouts differ between agents and are settings of `CollectingAgent`.
"""

from dataclasses import dataclass

from billing.bills.models import CollectingAgent
from billing.bills.virtual_accounts import AmountTooLong, OutOfNumbers
from core.school_year import ROC_OFFSET

WRITE_OFF_LENGTH = 16
ORDER_LENGTH = 8
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
    return segments_of(bill) if bill.is_on_paper else None


def segments_of(bill):
    """The store codes of a bill as its agent lays them out, whether it is open or not; None where stores take none."""
    agent = bill.agent
    if agent is None or not agent.collection_code or not bill.write_off_number:
        return None
    if not 0 < bill.amount <= agent.store_limit:
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


def numbers_for(agent, serial, amount, due_on):
    """(write-off number, virtual account) of a bill that gets this serial number; either may be empty.

    Raises OutOfNumbers where the layout has no room for the serial number.
    """
    if agent is None:
        return "", ""
    if agent.rule:
        try:
            account = agent.rule.account(agent.bank_collection_number, serial, amount, due_on)
        except AmountTooLong:
            pass  # no account is better than one that the bank refuses; a store may still take it
        else:
            return pad(account, agent.pad_side), account
    return (_store_number(agent, serial) if agent.collection_code else ""), ""


def _store_number(agent, serial):
    """The contract's prefix and the serial number."""
    left = agent.pad_side == CollectingAgent.PadSide.LEFT
    width = WRITE_OFF_LENGTH - len(agent.write_off_prefix) if left else ORDER_LENGTH
    number = f"{agent.write_off_prefix}{serial:0{width}}"
    if len(number) > len(agent.write_off_prefix) + width:
        raise OutOfNumbers
    return pad(number, agent.pad_side)


def pad(code, side):
    """`code` in the 16 places of the second segment."""
    if side == CollectingAgent.PadSide.LEFT:
        return code.rjust(WRITE_OFF_LENGTH, "0")
    return code.ljust(WRITE_OFF_LENGTH, "0")
