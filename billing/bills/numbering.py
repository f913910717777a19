"""Serial numbers become codes: no bill of a school ever gets a number that another has or had.

Numbers go on from one setting to the next. Where an account names the last day to pay, its serial number is short and
begins anew after the last one; numbers of other settings are passed over where they would come out the same.
"""

from collections.abc import Sequence

from django.db.models import Q

from billing.bills.codes import numbers_for
from billing.bills.models import Bill, BillBatch, CollectingAgent
from billing.bills.models.agent import Retired
from billing.bills.virtual_accounts import OutOfNumbers


def give_codes(bills: Sequence[Bill]) -> None:
    """Lay out `bills` of one school by its settings of this moment, and set agent, write-off number and account of each.

    The caller is in a transaction and saves the bills. Raises OutOfNumbers.
    """
    agent = _held(bills[0].school)
    if agent is None:
        for bill in bills:
            bill.agent, bill.write_off_number, bill.virtual_account = None, "", ""
        return
    serials = _Serials(agent)
    waiting = list(bills)
    while waiting:
        for bill in waiting:
            bill.agent = agent
            serial = serials.next_for(bill)
            bill.write_off_number, bill.virtual_account = numbers_for(agent, serial, bill.amount, bill.due_on)
        had = _had(agent.school_id, waiting)
        waiting = [one for one in waiting if had & {one.write_off_number, one.virtual_account}]
    serials.keep()


def left_for(batch: BillBatch) -> int | None:
    """How many more accounts can be given for the last day of `batch`; None where there is no such bound."""
    agent = CollectingAgent.objects.current().filter(school=batch.school_id).first()
    if agent is None or agent.rule is None or not agent.rule.day.length:
        return None
    soon = Bill.objects.filter(school=batch.school_id, state=Bill.State.DRAFT, due_on=batch.due_on)
    soon = soon.filter(batch__state=BillBatch.State.ISSUING)
    return agent.rule.most(agent.bank_collection_number) - len(_used(agent, batch.due_on)) - soon.count()


def _held(school):
    """The current settings, or None. From here on they are held: whoever changes them waits."""
    while agent := CollectingAgent.objects.current().filter(school=school).first():
        try:
            agent.take_numbers(0)
        except Retired:
            continue
        return agent
    return None


def _had(school_id, bills):
    """Those of the codes of `bills` that another bill of the school has; one query."""
    codes = {code for one in bills for code in (one.write_off_number, one.virtual_account) if code}
    others = Bill.objects.filter(school=school_id).exclude(pk__in=[one.pk for one in bills])
    same = others.filter(Q(write_off_number__in=codes) | Q(virtual_account__in=codes))
    return {code for pair in same.values_list("write_off_number", "virtual_account") for code in pair if code in codes}


def _used(agent, due_on):
    """The serial numbers of accounts that name the same day, under whatever settings they were given."""
    rule, company = agent.rule, agent.bank_collection_number
    same = Bill.objects.filter(school=agent.school_id, virtual_account__startswith=rule.front(company, due_on))
    accounts = same.values_list("virtual_account", flat=True)
    return {rule.serial_of(one, company) for one in accounts if len(one) == rule.length}


class _Serials:
    """Hands out the serial numbers of settings that are held."""

    def __init__(self, agent):
        self.agent = agent
        self.first = self.following = agent.next_number
        self.used: dict[object, set[int]] = {}  # by the day that the account names

    def next_for(self, bill):
        """Raises OutOfNumbers."""
        rule = self.agent.rule
        if rule is None or not rule.day.length:
            return self._following()
        if bill.due_on not in self.used:
            self.used[bill.due_on] = _used(self.agent, bill.due_on)
        used, most = self.used[bill.due_on], rule.most(self.agent.bank_collection_number)
        while len(used) < most:
            serial = (self._following() - 1) % most + 1
            if serial not in used:
                used.add(serial)
                return serial
        raise OutOfNumbers

    def _following(self):
        self.following += 1
        return self.following - 1

    def keep(self):
        """Nobody else gets them."""
        self.agent.take_numbers(self.following - self.first)
