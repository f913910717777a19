"""A bill in instalments: each part a bill of its own, and back to one while none is paid."""

from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from billing.api import bills as api
from billing.bills import batch_figures, instalments, voiding
from billing.bills.models import Bill
from billing.bills.split_form import months_after
from billing.collection import balance
from billing.collection.counter import take_cash
from billing.collection.refunding import give_back
from billing.ledger.models import LedgerEntry
from billing.payments.gateway_notices import take_notice
from billing.payments.models import Settlement
from core.formats import roc_short
from notifications.models import Message
from oidc.models import Client
from tests.accounts.factories import log_in
from tests.billing.families import ZOE, child_of, parent_of
from tests.billing.money import agent_of, begun, cashier_of, issued_bill, notice_of
from tests.oidc.factories import client_of

pytestmark = pytest.mark.django_db
ITEMS = [("學費", 3000), ("雜費", 1500), ("減免", -601)]


@pytest.fixture
def parent():
    return parent_of(ZOE)


@pytest.fixture
def bill(parent):
    student = child_of(ZOE)
    bill = issued_bill(student, agent=agent_of(student.school), amount=3899)
    for position, (name, amount) in enumerate(ITEMS, start=1):
        bill.items.create(position=position, name=name, amount=amount)
    Message.objects.all().delete()
    return bill


@pytest.fixture
def cashier(bill):
    return cashier_of(bill.school)


@pytest.fixture(autouse=True)
def _books_agree():
    yield
    assert balance.differences() == []


def day(n):
    return timezone.localdate() + timedelta(days=n)


def in_parts(bill, by, amounts=(1301, 1299, 1299)):
    plan = [(amount, day(5 + 30 * n)) for n, amount in enumerate(amounts)]
    return instalments.split(bill=bill, parts=plan, reason="家長申請", by=by)


def joined(part, by):
    return instalments.join(bill=part, due_on=day(9), reason="改為一次繳", by=by)


class TestShares:
    @pytest.mark.parametrize(
        ("amount", "parts", "expected"),
        [(3900, 3, [1300] * 3), (10, 3, [4, 3, 3]), (7, 2, [4, 3]), (6, 6, [1] * 6), (100, 6, [20, *[16] * 5])],
    )
    def test_are_even_with_the_rest_in_the_first(self, amount, parts, expected):
        assert instalments.even(amount, parts) == expected

    @pytest.mark.parametrize("amounts", [(1301, 1299, 1299), (1, 3898), (3894, 1, 1, 1, 1, 1), (1950, 1949)])
    @pytest.mark.parametrize(
        "items", [ITEMS, [("學費", 3899)], [("甲", 1), ("乙", 1), ("丙", 3897)], [("甲", 9000), ("乙", -5101)]]
    )
    def test_of_items_add_up_both_ways(self, items, amounts):
        parts = instalments.share_out(items, amounts)

        assert [sum(share for _name, share in part) for part in parts] == list(amounts)
        for name, amount in items:
            shares = [share for part in parts for one, share in part if one == name]
            assert sum(shares) == amount
            assert all((share > 0) == (amount > 0) for share in shares)

    def test_are_a_month_apart_also_at_its_end(self):
        end = date(2027, 1, 31)
        assert [months_after(end, n).isoformat() for n in (0, 1, 2, 12)] == [
            "2027-01-31", "2027-02-28", "2027-03-31", "2028-01-31",
        ]  # fmt: skip


class TestSplitting:
    def test_puts_bills_with_codes_of_their_own_in_its_place(self, bill, cashier):
        parts = in_parts(bill, cashier)

        bill.refresh_from_db()
        assert (bill.state, bill.void_reason) == ("void", "家長申請")
        assert [one.title for one in parts] == [f"{bill.title}（第 {n} 期，共 3 期）" for n in (1, 2, 3)]
        assert len({bill.write_off_number, *(one.write_off_number for one in parts)}) == 4
        assert [one.due_on for one in parts] == [day(5), day(35), day(65)]
        assert {one.state for one in Bill.objects.filter(part_of=bill)} == {"issued"}
        assert LedgerEntry.objects.balances()["receivable"] == 3899
        items = {one["name"]: one["total"] for one in batch_figures.items_of(bill.batch)}
        assert items == dict(ITEMS)

    def test_is_told_to_services(self, bill, cashier):
        second = in_parts(bill, cashier)[1]
        service = client_of("記帳", host="budget.example.tw", trust=Client.Trust.BILLS)

        told = api.as_told(api.with_facts(Bill.objects.filter(pk=second.pk)).get(), service)
        assert told["instalment"] == {"of": bill.pk, "part": 2, "parts": 3}

    def test_writes_to_the_family_once(self, bill, cashier):
        in_parts(bill, cashier)

        mail = Message.objects.get()
        assert mail.kind == "bill-split"
        assert "第 3 期，共 3 期" in mail.text
        assert "1,301" in mail.text

    @pytest.mark.parametrize("amounts", [(3899,), (3898, 2), (3899, 0), (4000, -101), (*[500] * 6, 899)])
    def test_refuses_what_does_not_fit(self, bill, cashier, amounts):
        with pytest.raises(instalments.NotToSplit):
            in_parts(bill, cashier, amounts)
        assert Bill.objects.get().state == "issued"

    def test_refuses_parts_and_paid_bills(self, bill, cashier):
        parts = in_parts(bill, cashier)
        with pytest.raises(instalments.NotToSplit):
            in_parts(parts[0], cashier, (1300, 1))
        take_cash(bill=parts[1], amount=1299, receipt="1", by=cashier)
        with pytest.raises(voiding.NotOpen):
            in_parts(parts[1], cashier, (1298, 1))

    def test_adds_nothing_to_a_closed_batch(self, bill, cashier):
        voiding.begin_closing(batch=bill.batch, reason="結束", by=cashier)
        with pytest.raises(voiding.BatchClosed):
            in_parts(bill, cashier)
        assert Bill.objects.get().state == "issued"

    def test_each_part_is_paid_and_given_back_by_itself(self, bill, cashier):
        first, second, _third = in_parts(bill, cashier)

        take_cash(bill=first, amount=1301, receipt="1", by=cashier)
        give_back(bill=Bill.objects.get(pk=first.pk), amount=301, reason="減免", by=cashier)

        assert Bill.objects.get(pk=first.pk).state == "refund_due"
        assert Bill.objects.get(pk=second.pk).state == "issued"
        figures = batch_figures.figures_of(bill.batch)
        assert (figures.people, figures.paid, figures.unpaid, figures.partly) == (1, 0, 1, 1)
        assert (figures.all, figures.total, figures.paid_total) == (3, 3899, 1000)

    def test_money_for_the_old_code_waits_for_the_cashier(self, bill, cashier, parent):
        payment = begun([bill], parent)
        in_parts(bill, cashier)
        take_notice(notice_of(payment))

        assert Settlement.objects.get().state == "mismatch"


class TestJoining:
    def test_makes_it_one_bill_again(self, bill, cashier):
        parts = in_parts(bill, cashier)
        new = joined(parts[2], cashier)

        assert (new.amount, new.title, new.replaces, new.due_on) == (3899, bill.title, bill, day(9))
        assert [(one.name, one.amount) for one in new.items.all()] == ITEMS
        assert Bill.objects.exclude(state="void").get() == new
        assert not instalments.parts_of(bill).exists()
        assert LedgerEntry.objects.balances()["receivable"] == 3899

    def test_has_what_is_still_owed_of_the_parts(self, bill, cashier):
        first, second, _third = in_parts(bill, cashier)
        voiding.void_bill(bill=first, reason="減免", by=cashier)
        again = voiding.reissue(bill=second, items=[("學費", 1000)], due_on=day(8), reason="x", by=cashier)

        assert (again.part_of, again.part, again.parts) == (bill, 2, 3)
        assert joined(again, cashier).amount == 1000 + 1299

    def test_can_be_split_again(self, bill, cashier):
        again = joined(in_parts(bill, cashier)[0], cashier)
        assert len(in_parts(again, cashier, (3000, 899))) == 2

    def test_is_refused_once_one_is_paid(self, bill, cashier):
        first, second, _third = in_parts(bill, cashier)
        take_cash(bill=first, amount=1301, receipt="1", by=cashier)
        with pytest.raises(instalments.PartSettled):
            joined(second, cashier)
        assert Bill.objects.filter(state="issued").count() == 2

    def test_is_refused_where_nothing_was_split_or_nothing_is_open(self, bill, cashier):
        with pytest.raises(voiding.NotOpen):
            joined(bill, cashier)
        parts = in_parts(bill, cashier)
        joined(parts[0], cashier)
        with pytest.raises(voiding.NotOpen):
            joined(parts[1], cashier)


class TestPages:
    @pytest.fixture
    def client(self):
        return Browser()

    @pytest.fixture(autouse=True)
    def _desk(self, client, cashier):
        log_in(client, cashier)

    def at(self, name, bill):
        return reverse(f"billing:cashier-bill{name}", args=[bill.school.slug, bill.pk])

    def typed(self, amounts=("1301", "1,299", "1299"), **more):
        amounts = {f"amount_{n}": one for n, one in enumerate(amounts)}
        days = {f"due_{n}": roc_short(day(5 + 30 * n)) for n in range(len(amounts))}
        count = len(amounts)
        return {"count": count, "laid": count, "reason": "家長申請", **amounts, **days, **more}

    def test_proposes_even_parts_with_their_items(self, client, bill):
        page = client.get(self.at("-split", bill)).content.decode()
        assert 'value="1301"' in page
        assert page.count('value="1299"') == 2
        assert "學費 1,001" in page or "學費 1,000" in page

    def test_lays_out_another_number_of_parts(self, client, bill):
        page = client.post(self.at("-split", bill), self.typed(count=2)).content.decode()
        assert 'value="1950"' in page
        assert 'value="1949"' in page
        assert Bill.objects.get().state == "issued"

    def test_previews_and_splits(self, client, bill):
        page = client.post(self.at("-split", bill), self.typed(reckon="1", reason="")).content.decode()
        assert "各期的項目" in page
        assert "請寫下" not in page
        assert Bill.objects.count() == 1

        page = client.post(self.at("-split", bill), self.typed(), follow=True).content.decode()
        assert "已分成 3 期" in page
        assert "第 3 期，共 3 期" in page

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"amount_0": "1300"}, "各期相加是 3,898 元"),
            ({"amount_0": "0"}, "每一期至少 1 元"),
            ({"amount_0": ""}, "請填金額"),
            ({"amount_0": "一千"}, "一千"),
            ({"due_1": roc_short(day(5))}, "繳費期限要在前一期之後"),
            ({"due_0": roc_short(day(-1))}, "繳費期限已經過了"),
            ({"due_0": ""}, "請填繳費期限"),
            ({"reason": ""}, "請寫下"),
            ({"count": "99"}, "分成幾期"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, client, bill, changes, words):
        page = client.post(self.at("-split", bill), self.typed(**changes)).content.decode()
        assert words in page
        assert Bill.objects.get().state == "issued"

    def test_shows_the_parts_and_joins_them(self, client, bill, cashier, django_assert_max_num_queries):
        part = in_parts(bill, cashier)[0]
        with django_assert_max_num_queries(17):
            page = client.get(self.at("", part)).content.decode()
        assert "看分期前的繳費單" in page
        assert "併回一張" in page
        client.post(self.at("-join", part), {"due_on": roc_short(day(9)), "reason": "x"})
        assert Bill.objects.get(state="issued").replaces == bill

    def test_a_paid_part_keeps_them_apart(self, client, bill, cashier):
        first, second, _third = in_parts(bill, cashier)
        take_cash(bill=first, amount=1301, receipt="1", by=cashier)
        values = {"due_on": roc_short(day(9)), "reason": "x"}
        page = client.post(self.at("-join", second), values, follow=True).content.decode()
        assert "已經有一期繳了" in page

    def test_a_part_is_not_split_nor_a_whole_bill_joined(self, client, bill, cashier):
        assert client.get(self.at("-join", bill)).status_code == 302
        assert client.get(self.at("-split", in_parts(bill, cashier)[0])).status_code == 302

    def test_the_family_sees_the_parts(self, client_of_parent, bill, cashier):
        client, parts = client_of_parent, in_parts(bill, cashier)

        page = client.get(reverse("billing:bill", args=[bill.pk])).content.decode()
        assert "這筆費用改成分期繳" in page
        assert all(reverse("billing:bill", args=[one.pk]) in page for one in parts)
        home = client.get(reverse("billing:home")).content.decode()
        assert home.count('name="bill"') == 3
        assert home.count("checked") == 1
