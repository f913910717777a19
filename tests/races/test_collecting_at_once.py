"""Settings of the collecting agent saved, and numbers taken, at the same moment."""

import pytest
from django.db import transaction

from billing.bills import codes
from billing.bills.models import Bill, CollectingAgent
from billing.bills.models.agent import Retired
from billing.collection import agents
from tests.billing.collection.typed import TYPED
from tests.billing.money import agent_of, batch_of, cashier_of
from tests.billing.paper.printed import coded_bill
from tests.races.threads import at_once, kinds_of
from tests.registry.factories import StudentFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def student():
    return StudentFactory()


def saving(school, version, **values):
    by = cashier_of(school)
    values = {**TYPED, "store_limit": 20_000, "store_fee": 0, **values}
    return lambda: agents.write_settings(school=school, values=values, version=version, by=by)


@pytest.mark.parametrize("with_bills", [False, True])
def test_two_savings_leave_one_current_row(student, with_bills):
    school = student.school
    if with_bills:
        coded_bill(student)
    version = agents.version_of(agents.current_agent(school))

    outcomes = at_once(*[saving(school, version, collection_code=f"11{n}") for n in range(6)])

    assert kinds_of(outcomes) == ["Changed"] * 5 + ["CollectingAgent"]
    assert CollectingAgent.objects.current().count() == 1
    assert CollectingAgent.objects.count() == 1 + with_bills


def test_a_double_click_is_one_row(student):
    coded_bill(student)
    version = agents.version_of(agents.current_agent(student.school))

    outcomes = at_once(*[saving(student.school, version, collection_code="111") for _n in range(6)])

    assert len({one.pk for one in outcomes}) == 1
    assert CollectingAgent.objects.count() == 2


def issuing(student, batch):
    """A bill as the cashier's desk issues it, with the settings that were current when it looked."""
    seen = CollectingAgent.objects.current().get(school=student.school)

    @transaction.atomic
    def issue():
        serial = seen.take_numbers(1)
        number, account = codes.numbers_for(seen, serial, 500, batch.due_on)
        return Bill.objects.create(
            batch=batch, school=student.school, student=student, title="x", amount=500, due_on=batch.due_on,
            state=Bill.State.ISSUED, agent=seen, write_off_number=number, virtual_account=account,
        )  # fmt: skip

    return issue


def test_a_bill_is_laid_out_by_the_row_it_names_and_no_number_is_given_twice(student):
    agent_of(student.school)
    for turn in range(8):
        version = agents.version_of(agents.current_agent(student.school))
        issue = issuing(student, batch_of(student.school))
        save = saving(student.school, version, bank_collection_number=f"70060{turn}")

        issued, _saved = at_once(issue, save)

        assert isinstance(issued, Bill | Retired)
        assert CollectingAgent.objects.current().count() == 1

    for bill in Bill.objects.select_related("agent"):
        assert bill.virtual_account.startswith(bill.agent.bank_collection_number)
    serials = [one.virtual_account[6:15] for one in Bill.objects.all()]
    assert len(serials) == len(set(serials))
