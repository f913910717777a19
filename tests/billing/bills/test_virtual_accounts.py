"""Virtual accounts of each bank: published vectors, the days and sums at the edges, and no room left."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.bills.virtual_accounts import BANKS, LONGEST, RULES, AmountTooLong, OutOfNumbers, choices

SOME_DAY = date(2026, 9, 30)


def account(key, company, serial, amount, due_on=SOME_DAY):
    return RULES[key].account(company, serial, amount, due_on)


class TestVectors:
    @pytest.mark.parametrize(
        ("key", "company", "serial", "amount", "due_on", "expected"),
        [
            ("bot", "700602", 46271, 14520, SOME_DAY, "7006020000462711"),
            # chinatrust-vaccount
            ("ctbc-amount", "98102", 90010303, 50943, SOME_DAY, "98102900103031"),
            ("ctbc-day", "98102", 303, 50943, date(1999, 1, 1), "98102900103031"),
            ("ctbc-none", "98102", 123456789, 50943, SOME_DAY, "98102123456789"),
            ("ctbc-day", "98102", 303, 9330, date(2026, 9, 30), "98102627303037"),
            # esunbank-vaccount
            ("esun-13-1", "99123", 3939889, 0, SOME_DAY, "9912339398893"),
            ("esun-13-1-amount", "99123", 3939889, 1500, SOME_DAY, "9912339398892"),
            ("esun-13-1-month", "99123", 1, 1500, date(2016, 1, 19), "9912301190015"),
            ("esun-13-2", "99551", 1, 1500, SOME_DAY, "9955100000186"),
            ("esun-13-2-month", "99551", 2, 1500, SOME_DAY, "9955109300259"),  # 155 and 299 by hand
            ("esun-13-2-amount", "99551", 1, 1500, SOME_DAY, "9955100000144"),
            # Business::TW::TSIB::VirtualAccount
            ("tsib", "9528", 20892, 3900, date(2007, 4, 2), "95286092208929"),
            ("tsib", "95678", 2089, 9330, date(2026, 9, 30), "95678527320896"),
        ],
    )
    def test_come_out(self, key, company, serial, amount, due_on, expected):
        assert account(key, company, serial, amount, due_on) == expected

    def test_of_e_sun_by_the_hour_differ_in_the_hour_alone(self):
        """Its example is of ten o'clock, 99123 213 10 89; ours are paid until the day is over, 99123 213 23 89."""
        rule = RULES["esun-13-1-hour"]
        assert rule.checks[0].digit_of("991232131089", "1500") == "1"
        assert account("esun-13-1-hour", "99123", 89, 1500, date(2016, 7, 31))[:-1] == "991232132389"

    def test_fourteen_digits_of_e_sun_have_one_more_of_the_schools_own(self):
        assert account("esun-14-none", "92623", 1, 1, SOME_DAY) == "92623000000001"
        assert RULES["esun-14-2-month"].room("99551") == RULES["esun-13-2-month"].room("99551") + 1


class TestDays:
    @pytest.mark.parametrize(
        ("due_on", "ctbc", "tsib", "esun"),
        [
            (date(2026, 12, 31), "6365", "5365", "36523"),
            (date(2028, 12, 31), "8366", "7366", "36623"),
            (date(2030, 1, 1), "0001", "9001", "00123"),
            (date(2031, 4, 9), "1099", "0099", "09923"),
            (date(2028, 2, 29), "8060", "7060", "06023"),
        ],
    )
    def test_stand_in_full(self, due_on, ctbc, tsib, esun):
        assert RULES["ctbc-day"].front("98102", due_on) == f"98102{ctbc}"
        assert RULES["tsib"].front("95678", due_on) == f"95678{tsib}"
        assert RULES["esun-13-1-hour"].front("99123", due_on) == f"99123{esun}"

    def test_without_a_day_do_not_matter(self):
        assert account("ctbc-amount", "98102", 1, 1, date(2026, 1, 1)) == account("ctbc-amount", "98102", 1, 1)


class TestSums:
    def test_of_ctbc_above_ten_still_give_one_digit(self):
        """Both remainders together are 0 to 18: ten minus that is below nothing from 11 on."""
        found = {}
        for serial in range(1, 400):
            whole = account("ctbc-amount", "98102", serial, 3)
            first = sum(int(d) * (3, 7, 1)[n % 3] for n, d in enumerate(whole[:-1])) % 10
            second = sum(int(d) * (3, 7, 1)[n % 3] for n, d in enumerate("0000000003")) % 10
            found[first + second] = int(whole[-1])
        assert second == 9
        assert found == {total: (20 - total) % 10 for total in range(9, 19)}

    def test_nothing_to_pay_is_a_sum_too(self):
        assert account("ctbc-amount", "98102", 1, 0) != account("ctbc-amount", "98102", 1, 1)

    def test_an_amount_that_the_bank_does_not_read_is_refused(self):
        assert account("tsib", "95678", 1, 9_999_999)
        with pytest.raises(AmountTooLong):
            account("tsib", "95678", 1, 10_000_000)

    def test_an_amount_that_nobody_checks_may_be_any(self):
        assert account("ctbc-none", "98102", 1, 99_999_999_999)


class TestRoom:
    @pytest.mark.parametrize("key", RULES)
    def test_the_last_number_fits_and_the_next_is_refused(self, key):
        rule = RULES[key]
        for digits in rule.company:
            company = "9" * digits
            most = rule.most(company)
            last = rule.account(company, most, 100, SOME_DAY)
            assert len(last) == rule.length <= LONGEST
            assert last.startswith(company)
            assert rule.serial_of(last, company) == most
            assert "".join(piece for _words, piece in rule.parts_of(last, company)) == last
            with pytest.raises(OutOfNumbers):
                rule.account(company, most + 1, 100, SOME_DAY)

    def test_taishins_shorter_code_leaves_a_digit_more(self):
        assert (RULES["tsib"].most("9528"), RULES["tsib"].most("95678")) == (99_999, 9_999)


@given(st.sampled_from([one for one in RULES.values() if one.checks]), st.integers(1, 99), st.integers(1, 999_999))
def test_another_serial_number_beside_the_same_amount_is_another_account(rule, serial, amount):
    company = "9" * rule.company[0]
    serial = serial % rule.most(company) + 1
    others = {rule.account(company, one, amount, SOME_DAY) for one in {serial, serial % rule.most(company) + 1}}
    assert len(others) == 2


@given(st.sampled_from([one for one in RULES.values() if one.checks]), st.integers(0, 11), st.integers(1, 9))
def test_a_check_digit_is_of_the_account(rule, place, more):
    """Weights of 5 and 10 can't tell all digits; where a weight has no common factor with ten each digit is told."""
    company = "12345"[: rule.company[0]] if rule.company[0] < 6 else "123456"
    whole = rule.account(company, 7, 1500, SOME_DAY)
    body = whole[: -len(rule.checks)]
    place %= len(body)
    other = body[:place] + str((int(body[place]) + more) % 10) + body[place + 1 :]
    told = [check.digit_of(other, "1500") != check.digit_of(body, "1500") for check in rule.checks]
    weights = [_weight_at(check.account, len(body), place) for check in rule.checks]
    if any(weight % 2 and weight % 5 for weight in weights):
        assert any(told)


def _weight_at(weights, length, place):
    place = length - 1 - place if weights.from_right else place
    return weights.turn[place % len(weights.turn)]


def test_each_kind_is_offered_under_its_bank():
    offered = dict(choices())
    assert len(offered) == 1 + len(BANKS)
    assert {key for kinds in offered.values() if isinstance(kinds, list) for key, _words in kinds} == set(RULES)
    titles = [words for kinds in offered.values() if isinstance(kinds, list) for _key, words in kinds]
    assert "玉山商業銀行：13 碼，檢查碼 1 碼，含金額和月日" in titles
