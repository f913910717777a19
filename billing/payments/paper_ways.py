"""The ways to pay a bill that need no gateway, for the page where a family chooses: its barcodes and its account."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.bills.codes import bank_account, store_codes
from billing.bills.models import Bill


@dataclass(frozen=True)
class PaperWays:
    """`ways`: what each is and how long it takes; `refused`: why one that the school has is not for this bill."""

    bill: Bill
    ways: list[str]
    refused: list[str]


def paper_ways(bills: Iterable[Bill]) -> list[PaperWays]:
    """Of each of `bills` (read with their agents) that has any, or that can't have one."""
    found = [_of(one) for one in bills]
    return [one for one in found if one.ways or one.refused]


def _of(bill):
    ways, refused = [], []
    agent = bill.agent
    if store_codes(bill):
        words = _("超商條碼：到超商櫃檯給店員掃描，約二到四個工作天後才顯示已繳。")
        if agent.store_fee:
            words += _("另付手續費 %(fee)s 元。") % {"fee": agent.store_fee}
        ways.append(words)
    elif agent and agent.collection_code and bill.amount > agent.store_limit:
        words = _("超商條碼：金額超過超商代收上限 %(limit)s 元，不能用。")
        refused.append(words % {"limit": f"{agent.store_limit:,}"})
    if bank_account(bill):
        ways.append(_("專用帳號：銀行臨櫃、ATM 或網路銀行轉帳，約一個工作天後顯示已繳；跨行手續費依您的銀行。"))
    return PaperWays(bill, ways, refused)
