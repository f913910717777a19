"""No number is given twice: short numbers that begin anew, settings that change, and a day without numbers left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.bills import drafting, issuing
from billing.bills.charges import Charge
from billing.bills.models import Bill, BillBatch
from billing.collection import agents
from tests.billing.money import agent_of, cashier_of, issue, issued_bill

pytestmark = pytest.mark.django_db
HOUR = {"bank_rule": "esun-13-1-hour", "bank_collection_number": "99123"}  # two digits of the school's own


@pytest.fixture
def cashier(school):
    return cashier_of(school)


@pytest.fixture
def draft(school, students, cashier):
    def make(days=20, amount=6240):
        facts = {"title": f"費{BillBatch.objects.count()}", "school_year": 115, "semester": 1}
        due_on = timezone.localdate() + timedelta(days=days)
        charges = [Charge(one, [("學費", amount)]) for one in students]
        return drafting.draft_batch(school=school, charges=charges, by=cashier, due_on=due_on, **facts)

    return make


def change(school, cashier, **values):
    former = agents.current_agent(school)
    values = {**agents.values_of(former), **values}
    return agents.write_settings(school=school, values=values, version=agents.version_of(former), by=cashier)


def serials(bills):
    return [one.agent.rule.serial_of(one.virtual_account, "99123") for one in bills]


def test_a_short_number_begins_anew_on_another_day(draft, cashier, school):
    agent_of(school, next_number=98, **HOUR)

    first, second = issue(draft(), cashier), issue(draft(days=21), cashier)

    assert serials(first) == [98, 99, 1]
    assert serials(second) == [2, 3, 4]
    assert len({one.virtual_account for one in [*first, *second]}) == 6


def test_one_that_was_given_for_that_day_is_passed_over(draft, cashier, school, students):
    agent = agent_of(school, **HOUR)
    due_on = timezone.localdate() + timedelta(days=20)
    account = agent.rule.account("99123", 2, 5, due_on)
    issued_bill(students[0], agent=agent, virtual_account=account, days=20)

    assert serials(issue(draft(), cashier)) == [1, 3, 4]


def test_a_batch_that_has_no_numbers_left_is_refused_before_it_begins(
    draft, cashier, school, students, client, address
):
    agent = agent_of(school, **HOUR)
    due_on = timezone.localdate() + timedelta(days=20)
    for serial in range(1, 98):
        account = agent.rule.account("99123", serial, 5, due_on)
        issued_bill(students[0], agent=agent, virtual_account=account, days=20)
    batch = draft()

    with pytest.raises(issuing.TooFewAccounts) as few:
        issuing.begin_issuing(batch=batch, by=cashier)

    assert few.value.left == 2
    page = client.post(address("batch-issue", batch.pk), {"looked": "on"}, follow=True).content.decode()
    assert "只能再給 2 張" in page
    batch.refresh_from_db()
    assert batch.state == "draft"
    assert len(issue(draft(days=21), cashier)) == 3


def test_the_last_numbers_of_a_day_are_given(draft, cashier, school, students):
    agent = agent_of(school, **HOUR)
    due_on = timezone.localdate() + timedelta(days=20)
    for serial in range(2, 98):
        account = agent.rule.account("99123", serial, 5, due_on)
        issued_bill(students[0], agent=agent, virtual_account=account, days=20)

    assert sorted(serials(issue(draft(), cashier))) == [1, 98, 99]


def test_a_change_of_the_rule_leaves_codes_that_live_and_gives_none_of_them_again(draft, cashier, school):
    """Nine digits of one's own, and eight with a check digit: 000000015 and 00000001 + 5 are the same account."""
    agent_of(school, bank_rule="ctbc-none", bank_collection_number="98102")
    [first, *_more] = issue(draft(), cashier)
    new = change(school, cashier, bank_rule="ctbc-amount")
    old = {serial: new.rule.account("98102", serial, 6240, first.due_on) for serial in (4, 5)}
    Bill.objects.filter(pk=first.pk).update(virtual_account=old[4], write_off_number=old[4].rjust(16, "0"))

    later = issue(draft(), cashier)

    assert old[4] not in {one.virtual_account for one in later}
    assert old[5] in {one.virtual_account for one in later}
    first.refresh_from_db()
    assert (first.virtual_account, first.agent.bank_rule, first.state) == (old[4], "ctbc-none", "issued")


def test_another_bank_lays_out_what_is_issued_from_now_on(draft, cashier, school):
    agent_of(school)
    [old, *_more] = issue(draft(), cashier)
    change(school, cashier, bank_rule="tsib", bank_collection_number="95678", bank_name="台新銀行")

    [new, *_more] = issue(draft(), cashier)

    assert (old.agent.bank_code, new.agent.bank_code) == ("004", "812")
    assert (len(old.virtual_account), len(new.virtual_account)) == (16, 14)


@pytest.mark.parametrize("rule", ["bot", "esun-13-1-hour"])
def test_giving_codes_costs_the_same_queries_for_more_bills(
    draft, cashier, school, rule, django_assert_max_num_queries
):
    agent_of(school, bank_rule=rule, bank_collection_number="700602" if rule == "bot" else "99123")
    batch = draft()
    issuing.begin_issuing(batch=batch, by=cashier)

    with django_assert_max_num_queries(14):
        assert issuing.issue_chunk(batch)
