"""The same money comes with several files: it is booked once, and what is not certain is asked."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from audit.models import Event
from billing.bills.models import Bill
from billing.collection import balance, lists, resolving
from billing.collection.models import CollectionFile, CollectionLine, ForeseenLine
from billing.collection.reconciliation import forecast, importing
from billing.collection.reconciliation.importing import post_file, take_in
from billing.payments.models import Refund, Settlement
from notifications.models import Message
from registry.roles import Role
from tests.accounts.factories import log_in, staff
from tests.billing.collection.collection_files import store_file
from tests.billing.money import agent_of, cashier_of, issued_bill
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db
State = Settlement.State
KINDS = {
    "new": "applied", "again": "duplicate", "unknown": "unknown", "doubtful": "mismatch", "known": "",
}  # fmt: skip
TITLES = "交易日期,虛擬帳號,金額,摘要,交易序號"


@pytest.fixture
def school():
    school = SchoolClassFactory().school
    agent_of(school)
    return school


@pytest.fixture
def cashier(school):
    return cashier_of(school)


@pytest.fixture
def bill(school):
    return issued_bill(StudentFactory(school=school), amount=9330)


@pytest.fixture
def other(school):
    return issued_bill(StudentFactory(school=school), amount=500)


@pytest.fixture
def post(school, cashier):
    """Post a bank's lines; returns [(state of the money, known before)] of each."""

    def post(*lines, profile="virtual-account", data=None):
        data = data or "\n".join([TITLES, *lines]).encode()
        upload = SimpleUploadedFile("a.csv", data)
        taken = take_in(school=school, upload=upload, profile=profile, by=cashier)
        post_file(taken)
        assert balance.differences() == balance.differences(school=school) == []
        return [(line.settlement.state, line.is_known) for line in taken.lines.select_related("settlement")]

    return post


def line(bill, *, amount=None, days=0, number="000071", code=None, words="轉帳"):
    day = timezone.localdate() - timedelta(days=days)
    return f'{day:%Y/%m/%d},{code or bill.virtual_account},"{amount or bill.amount:,}",{words},{number}'


def test_a_transaction_of_yesterdays_file_is_booked_once(post, bill, other):
    assert post(line(bill)) == [(State.APPLIED, False)]

    assert post(line(bill), line(other, number="000072")) == [(State.APPLIED, True), (State.APPLIED, False)]

    assert not Refund.objects.exists()
    assert Settlement.objects.count() == 2
    assert not Message.objects.filter(kind="payment-duplicate").exists()


@pytest.mark.parametrize("written", ["71", " 000071 ", "００００７１", "0000-71"])
def test_a_number_is_the_same_however_it_is_written(post, bill, written):
    post(line(bill))

    assert post(line(bill, number=written, words="ATM")) == [(State.APPLIED, True)]


def test_the_order_of_lines_and_files_makes_no_difference(post, bill, other):
    lines = [line(bill), line(other, number="000072")]
    post(*lines)

    assert post(*reversed(lines)) == [(State.APPLIED, True)] * 2


def test_twice_in_one_file_is_one(post, bill):
    assert post(line(bill), line(bill)) == [(State.APPLIED, False), (State.APPLIED, True)]


@pytest.mark.parametrize("changed", [{"amount": 9331}, {"days": 1}])
def test_the_same_number_with_another_day_or_amount_is_looked_into(post, bill, changed):
    Bill.objects.update(issued_at=timezone.now() - timedelta(days=3))
    post(line(bill))

    assert post(line(bill, **changed)) == [(State.MISMATCH, False)]
    assert Settlement.objects.latest("pk").why == "交易序號和先前入帳的一筆相同，日期或金額不同"
    assert post(line(bill, **changed), line(bill, code="7"))[0] == (State.MISMATCH, True)
    assert not Refund.objects.exists()


def test_both_in_one_file_as_well(post, bill):
    assert post(line(bill), line(bill, amount=1)) == [(State.APPLIED, False), (State.MISMATCH, False)]


def test_one_number_for_two_accounts_is_two_payments(post, bill, other):
    assert post(line(bill), line(other)) == [(State.APPLIED, False)] * 2


def test_two_numbers_for_one_bill_are_two_payments(post, bill):
    assert post(line(bill), line(bill, number="000072")) == [(State.APPLIED, False), (State.DUPLICATE, False)]


def test_money_of_an_unknown_account_is_known_the_second_time(post, bill):
    stray = line(bill, code="70060299999999")

    assert post(stray) == [(State.UNKNOWN, False)]
    assert post(stray, line(bill)) == [(State.UNKNOWN, True), (State.APPLIED, False)]


@pytest.mark.parametrize(("first", "second"), [("", ""), ("000071", ""), ("", "000071"), ("000", "-")])
def test_without_a_number_a_line_of_another_file_is_asked(post, bill, first, second):
    assert post(line(bill, number=first)) == [(State.APPLIED, False)]

    assert post(line(bill, number=second), line(bill, code="7")) == [(State.MISMATCH, False), (State.UNKNOWN, False)]
    assert not Refund.objects.exists()


class TestStores:
    """Their records have no number."""

    def test_a_record_of_another_file_is_asked(self, post, bill, other):
        mine = (bill.write_off_number, bill.amount)
        post(profile="store", data=store_file([mine]))

        states = post(profile="store", data=store_file([mine, (other.write_off_number, other.amount)]))

        assert states == [(State.MISMATCH, False), (State.APPLIED, False)]
        assert not Refund.objects.exists()
        asked = Settlement.objects.work_list().get()
        assert "可能是同一筆" in asked.why

    def test_what_is_found_to_be_the_same_is_no_money(self, post, bill, cashier):
        mine = (bill.write_off_number, bill.amount)
        post(profile="store", data=store_file([mine]))
        post(profile="store", data=store_file([mine, ("404", 7)]))

        same = Settlement.objects.get(state=State.MISMATCH)
        resolving.resolve_as_no_money(settlement=same, reason="同一筆", by=cashier)

        assert balance.differences() == []
        assert post(profile="store", data=store_file([mine, ("405", 7)]))[0] == (State.MISMATCH, False)

    def test_within_one_file_both_are_payments(self, post, bill):
        mine = (bill.write_off_number, bill.amount)

        assert post(profile="store", data=store_file([mine, mine])) == [
            (State.APPLIED, False),
            (State.DUPLICATE, False),
        ]

    def test_at_another_store_it_is_another_payment(self, post, bill):
        mine = (bill.write_off_number, bill.amount)
        post(profile="store", data=store_file([mine]))

        assert post(profile="store", data=store_file([mine], branch="00999999")) == [(State.DUPLICATE, False)]


def test_the_database_keeps_a_transaction_once(post, bill):
    post(line(bill))
    same = Settlement.objects.get()

    same.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        same.save(force_insert=True)


def test_a_chunk_further_on_knows_what_came_before(post, bill, other, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 1)

    states = post(line(bill), line(other, number="000072"), line(bill), line(bill, amount=1))

    assert states == [(State.APPLIED, False), (State.APPLIED, False), (State.APPLIED, True), (State.MISMATCH, False)]


def test_what_a_file_would_bring_is_said_before(post, bill, other, school, cashier):
    post(line(bill))
    upload = "\n".join(
        [
            TITLES,
            line(bill),
            line(other, number="72"),
            line(other, number="72", amount=1),
            line(bill, code="7", number="9"),
        ]
    )

    taken = take_in(
        school=school,
        upload=SimpleUploadedFile("b.csv", upload.encode()),
        profile="virtual-account",
        by=cashier,
        is_to_be_confirmed=True,
    )

    told = taken.foreseen
    assert (told["known"], told["known_total"]) == (1, 9330)
    known = taken.foreseen_lines.get(outcome="known")
    assert (known.place, known.code, known.amount, known.bill) == ("第 2 列", bill.virtual_account, 9330, bill)
    assert (told["new"], told["new_total"]) == (1, 500)
    assert (told["doubtful"], told["doubtful_total"]) == (1, 1)
    assert (told["unknown"], told["unknown_total"]) == (1, 9330)
    assert Settlement.objects.count() == 1


def test_the_forecast_is_what_posting_brings(post, bill, other, school, cashier, monkeypatch):
    third = issued_bill(StudentFactory(school=school), amount=70)
    post(line(bill), line(other, number="8"))
    monkeypatch.setattr(forecast, "CHUNK", 2)
    lines = [
        line(bill), line(bill, number="2"), line(other, number=""), line(third, amount=71, number="3"),
        line(third, number="4"), line(third, number="5"), line(third, number="4"), line(third, code="9", number="6"),
        line(third, number="4", amount=9), line(bill, number="7", days=1),
    ]  # fmt: skip
    upload = SimpleUploadedFile("b.csv", "\n".join([TITLES, *lines]).encode())
    taken = take_in(school=school, upload=upload, profile="virtual-account", by=cashier)
    told = {what: (taken.foreseen[what], taken.foreseen[f"{what}_total"]) for what in KINDS}

    post_file(taken)

    news = taken.lines.filter(is_known=False)
    brought = {
        what: (sums["n"], sums["total"] or 0)
        for what, state in KINDS.items()
        if (sums := news.filter(settlement__state=state).aggregate(n=Count("pk"), total=Sum("settlement__amount")))
    }
    known = taken.lines.filter(is_known=True).aggregate(n=Count("pk"), total=Sum("settlement__amount"))
    brought["known"] = (known["n"], known["total"])
    assert told == brought == {
        "new": (1, 70), "again": (2, 9400), "unknown": (1, 70), "doubtful": (4, 9910), "known": (2, 9400),
    }  # fmt: skip


@pytest.fixture
def waiting(school, cashier, bill, other):
    """A file of two bills, of one line for nobody and one with another amount, that nobody has posted yet."""
    lines = [line(bill), line(other, number="2"), line(bill, code="7", number="3"), line(other, amount=1, number="4")]
    upload = SimpleUploadedFile("b.csv", "\n".join([TITLES, *lines]).encode())
    return take_in(school=school, upload=upload, profile="virtual-account", by=cashier, is_to_be_confirmed=True)


def rows_of(answer):
    [_head, *rows] = load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    return rows


def test_each_line_is_listed_with_what_becomes_of_it(desk, waiting, bill):
    rows = rows_of(desk("cashier-collection", waiting.pk, export="xlsx"))

    assert [(row[0], row[4], row[8], row[9]) for row in rows] == [
        ("第 2 列", 9330, "會入帳", ""), ("第 3 列", 500, "會入帳", ""),
        ("第 4 列", 9330, "找不到繳費單", "找不到這個銷帳編號"), ("第 5 列", 1, "要查明", "金額和繳費單不同"),
    ]  # fmt: skip
    assert rows[0][1] == bill.virtual_account
    assert bill.student.name in rows[0][2]
    assert [one[2] for one in rows[2:3]] == ["不明"]


def test_lines_are_narrowed_sorted_and_searched(desk, school, waiting, bill, other):
    def shown(**asked):
        return [one.number for one in desk("cashier-collection", waiting.pk, **asked).context["listing"].shown]

    assert shown(outcome="doubtful") == [5]
    assert shown(sort="amount") == [5, 3, 2, 4]
    assert shown(outcome="known") == [2, 3, 4, 5]  # nothing of that kind: not offered
    assert [one.number for one in lists.foreseen_with_words(waiting.foreseen_lines, other.student.name, school)] == [
        3,
        5,
    ]


def test_the_own_file_comes_back_with_what_to_look_at_marked(press, waiting):
    answer = press("cashier-collection-marked", waiting.pk)

    [head, *rows] = load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert head == [*TITLES.split(","), "要修正的原因"]
    assert [row[-1] for row in rows] == ["", "", "找不到繳費單：找不到這個銷帳編號", "要查明：金額和繳費單不同"]
    assert Event.objects.filter(event="collection.marked_file_taken").count() == 1


def test_lines_go_when_the_file_is_posted_or_dropped(waiting, cashier):
    assert ForeseenLine.objects.count() == 4
    importing.confirm(taken=waiting, by=cashier)
    assert not ForeseenLine.objects.exists()


def test_lines_ask_for_as_many_queries_for_many(desk, school, cashier, bill, django_assert_max_num_queries):
    def waiting_with(count, start):
        lines = [line(bill, number=str(start + n)) for n in range(count)]
        upload = SimpleUploadedFile("b.csv", "\n".join([TITLES, *lines]).encode())
        return take_in(school=school, upload=upload, profile="virtual-account", by=cashier, is_to_be_confirmed=True)

    few, many = waiting_with(2, 1), waiting_with(40, 100)
    desk("cashier-collection", few.pk)
    with django_assert_max_num_queries(14) as before:
        desk("cashier-collection", few.pk)
    with django_assert_max_num_queries(len(before)):
        desk("cashier-collection", many.pk)


class TestRefusedFile:
    """A file that is refused comes back with what is wrong in its cells."""

    def refused(self, school, cashier, *lines):
        client = log_in(Client(), cashier)
        where = reverse("billing:cashier-collections", args=[school.slug])
        upload = SimpleUploadedFile("入帳.csv", "\n".join([TITLES, *lines]).encode())
        return client, client.post(where, {"profile": "virtual-account", "file": upload})

    def test_is_marked(self, school, cashier, bill):
        client, page = self.refused(school, cashier, line(bill), line(bill, code="1.2E+13"), line(bill, amount="九千"))
        assert page.context["to_mend"]

        where = reverse("billing:cashier-collection-mend", args=[school.slug])
        mend = page.context["to_mend"]
        answer = client.post(where, {"file-waits": mend["key"], "profile": mend["profile"]})

        rows = rows_of(answer)
        assert rows[0][-1] == ""
        assert rows[1][-1].startswith("虛擬帳號：帳號被試算表改成數字")
        assert rows[2][-1] == "金額：金額不是大於零的整數。"
        assert Event.objects.filter(event="collection.marked_file_taken").exists()

    def test_is_nobody_elses(self, school, cashier, bill):
        _client, page = self.refused(school, cashier, line(bill, amount="九千"))
        other = log_in(Client(), staff(school, Role.CASHIER, account="other"))
        where = reverse("billing:cashier-collection-mend", args=[school.slug])

        mend = page.context["to_mend"]
        assert other.post(where, {"file-waits": mend["key"], "profile": mend["profile"]}).status_code == 302

    def test_without_cells_is_not_offered(self, school, cashier, bill):
        client = log_in(Client(), cashier)
        where = reverse("billing:cashier-collections", args=[school.slug])
        upload = SimpleUploadedFile("x.txt", store_file([("7", 5)])[:200])

        assert client.post(where, {"profile": "store", "file": upload}).context["to_mend"] is None


def test_what_another_file_brought_meanwhile_changes_the_forecast(desk, waiting, post, bill):
    before = desk("cashier-collection", waiting.pk)
    post(line(bill))

    after = desk("cashier-collection", waiting.pk)

    assert (before.context["is_anew"], before.context["foreseen"]["new"]) == (False, 2)
    assert (after.context["is_anew"], after.context["foreseen"]["new"], after.context["foreseen"]["known"]) == (
        True,
        1,
        1,
    )
    assert "重新試算" in after.content.decode()
    waiting.refresh_from_db()
    assert waiting.state == "checked"


def test_of_a_file_that_was_posted_there_is_nothing_to_mark(press, waiting, cashier):
    importing.confirm(taken=waiting, by=cashier)

    assert press("cashier-collection-marked", waiting.pk).status_code == 200
    assert not Event.objects.filter(event="collection.marked_file_taken").exists()


def test_a_file_thrown_away_may_come_again(school, cashier, bill):
    def take():
        upload = SimpleUploadedFile("b.csv", "\n".join([TITLES, line(bill)]).encode())
        return take_in(school=school, upload=upload, profile="virtual-account", by=cashier, is_to_be_confirmed=True)

    importing.throw_away(taken=take(), by=cashier)
    assert not CollectionFile.objects.exists()
    taken = take()
    importing.confirm(taken=taken, by=cashier)

    with pytest.raises(importing.AlreadyDecided):
        importing.throw_away(taken=taken, by=cashier)
    with pytest.raises(importing.AlreadyDecided):
        importing.confirm(taken=taken, by=cashier)
    post_file(taken)
    assert CollectionLine.objects.get().settlement.state == State.APPLIED
