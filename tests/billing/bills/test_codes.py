"""Codes for stores and banks: published vectors, and what must never carry a code."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.bills import codes
from billing.bills.models import Bill, CollectingAgent
from billing.bills.virtual_accounts import OutOfNumbers
from tests.billing.money import agent_of, issued_bill
from tests.registry.factories import StudentFactory


@pytest.mark.parametrize(
    ("segments", "check"),
    [
        (("960402627", "AIIN000000020892", "0402000003900"), "65"),
        (("9999996II", "7006020000462711", "1234000014520"), "A4"),
        (("991231Y01", "ABCDEFGHIKLMNPQR", "1234000007890"), "9Y"),
        (("150930627", "AIIN000000020892", "0930000009330"), "98"),
    ],
)
def test_check_characters_are_those_of_the_handbooks(segments, check):
    assert codes.check_characters(*segments) == check


@pytest.mark.parametrize(("character", "value"), [("I", 9), ("J", 1), ("R", 9), ("S", 2), ("Z", 9), ("/", 0)])
def test_letters_and_signs_have_values(character, value):
    assert codes.VALUES[character] == value


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_check_characters_tell_a_wrong_digit(segment, place, more):
    other = segment[:place] + str((int(segment[place]) + more) % 10) + segment[place + 1 :]
    assert codes.check_characters(segment, "", "") != codes.check_characters(other, "", "")


@pytest.mark.django_db
class TestStoreCodes:
    @pytest.fixture
    def bill(self):
        student = StudentFactory()
        agent = agent_of(student.school)
        number, account = codes.numbers_for(agent, 46271, 14520, date(2026, 9, 14))
        return issued_bill(student, amount=14520, agent=agent, write_off_number=number, virtual_account=account)

    def test_have_the_lengths_of_the_three_segments(self, bill):
        assert [len(one) for one in codes.store_codes(bill)] == [9, 16, 15]

    def test_carry_due_date_agent_and_amount(self, bill):
        bill.due_on = date(2126, 9, 14)
        found = codes.store_codes(bill)

        assert found.first == "150914627"
        assert found.second == "7006020000462711"
        assert (found.third[:4], found.third[6:]) == ("0914", "000014520")
        assert found.third[4:6] == codes.check_characters(found.first, found.second, "0914000014520")

    def test_follow_the_agents_layout_of_the_date(self, bill):
        bill.due_on = date(2126, 9, 14)
        bill.agent.date_layout = CollectingAgent.DateLayout.YYMM

        assert codes.store_codes(bill).third[:4] == "1509"

    @pytest.mark.parametrize("state", [one for one in Bill.State if one not in (Bill.State.WAITING, Bill.State.ISSUED)])
    def test_are_not_of_a_bill_that_is_not_open(self, bill, state):
        bill.state = state

        assert codes.store_codes(bill) is None
        assert codes.bank_account(bill) is None

    def test_are_not_of_an_overdue_bill(self, bill):
        bill.due_on = date(2020, 1, 1)

        assert codes.store_codes(bill) is None
        assert codes.bank_account(bill) is None

    def test_are_not_above_the_stores_limit(self, bill):
        bill.amount = 20_000
        assert codes.store_codes(bill)
        bill.amount = 20_001
        assert codes.store_codes(bill) is None
        assert codes.bank_account(bill) == "7006020000462711"

    def test_are_not_without_a_contract(self, bill):
        bill.agent.collection_code = ""
        assert codes.store_codes(bill) is None
        bill.agent = None
        assert codes.store_codes(bill) is None


class TestNumbers:
    def numbers(self, serial=42, **fields):
        return codes.numbers_for(CollectingAgent(collection_code="627", **fields), serial, 3900, date(2026, 9, 14))

    def test_are_padded_left(self):
        assert self.numbers(write_off_prefix="AIIN") == ("AIIN000000000042", "")

    def test_are_padded_right(self):
        assert self.numbers(write_off_prefix="AIIN", pad_side="right") == ("AIIN000000420000", "")

    def test_padded_right_are_never_the_same_for_two_bills(self):
        found = {self.numbers(serial, pad_side="right")[0] for serial in (1, 10, 100, 1000)}
        assert len(found) == 4

    def test_of_thirteen_digits_are_padded_on_the_side_of_the_contract(self):
        bank = {"bank_rule": "esun-13-1", "bank_collection_number": "99123"}
        assert self.numbers(3939889, **bank) == ("0009912339398893", "9912339398893")
        assert self.numbers(3939889, pad_side="right", **bank) == ("9912339398893000", "9912339398893")

    def test_of_an_amount_that_the_bank_cannot_check_are_the_stores_alone(self):
        agent = CollectingAgent(bank_rule="tsib", bank_collection_number="95678", write_off_prefix="A")
        assert codes.numbers_for(agent, 7, 10_000_000, date(2026, 9, 30)) == ("", "")
        agent.collection_code = "627"
        assert codes.numbers_for(agent, 7, 10_000_000, date(2026, 9, 30)) == ("A000000000000007", "")

    @pytest.mark.parametrize(("side", "most"), [("left", 99_999_999), ("right", 99_999_999)])
    def test_end_where_the_segment_is_full(self, side, most):
        prefix = {"write_off_prefix": "ABCDEFGH", "pad_side": side}
        assert self.numbers(most, **prefix) == ("ABCDEFGH99999999", "")
        with pytest.raises(OutOfNumbers):
            self.numbers(most + 1, **prefix)

    def test_are_none_without_an_agent(self):
        assert codes.numbers_for(None, 1, 100, date(2026, 9, 14)) == ("", "")


@pytest.mark.django_db
def test_serial_numbers_are_handed_out_once():
    agent = agent_of(StudentFactory().school)

    assert [agent.take_numbers(3), agent.take_numbers(1), agent.take_numbers(2)] == [1, 4, 5]
