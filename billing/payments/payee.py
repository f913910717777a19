"""Where money goes back to: an account at a bank or the post office, as a cashier copies it from the family's passbook."""

import json
from dataclasses import asdict, dataclass

from core import crypto, names
from core.identity import BULLET

BANK, BRANCH = 3, 4  # digits of the codes that transfers between banks name them by
SHORTEST, LONGEST = 6, 16  # digits of an account
SHOWN = 4


@dataclass(frozen=True)
class Payee:
    """`branch` is "" where the bank needs none; `account` digits alone; `holder` the name in the passbook."""

    bank: str
    branch: str
    account: str
    holder: str

    @property
    def masked(self) -> str:
        """822 ••••1234 王〇明"""
        hidden = BULLET * SHOWN + self.account[-SHOWN:]
        return f"{self.bank}{self.branch} {hidden} {names.mask(self.holder)}"

    def sealed(self) -> str:
        """The payee as a token that only our keys open."""
        return crypto.encrypt(json.dumps(asdict(self), ensure_ascii=False))

    @classmethod
    def opened(cls, token: str) -> "Payee":
        return cls(**json.loads(crypto.decrypt(token)))
