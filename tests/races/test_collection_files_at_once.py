"""Files that overlap, posted at the same moment, with real threads on PostgreSQL."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from billing.collection import balance
from billing.collection.models import CollectionFile, CollectionLine
from billing.collection.reconciliation import importing
from billing.collection.reconciliation.importing import post_file, take_in
from billing.payments.models import Refund, Settlement
from tests.billing.collection.collection_files import store_file
from tests.billing.money import agent_of, cashier_of, issued_bill
from tests.races.threads import at_once, kinds_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TITLES = "交易日期,虛擬帳號,金額,交易序號"


@pytest.fixture
def bill():
    bill = issued_bill(amount=900)
    agent_of(bill.school)
    return bill


def line(account, amount, number):
    return f"{timezone.localdate():%Y%m%d},{account},{amount},{number}"


def taken(bill, *lines, data=None, profile="virtual-account", **how):
    data = data or "\n".join([TITLES, *lines]).encode()
    return take_in(
        school=bill.school, upload=SimpleUploadedFile("a.csv", data), profile=profile, by=cashier_of(bill.school), **how
    )


def test_six_files_that_tell_of_one_transaction_book_it_once(bill):
    same = [line(bill.virtual_account, 900, "71"), line("70060299999999", 5, "72")]
    files = [taken(bill, *same, line("7", 1 + n, f"{80 + n}")) for n in range(6)]

    outcomes = at_once(*[lambda one=one: post_file(one) for one in files])

    assert kinds_of(outcomes) == ["NoneType"] * 6
    assert Settlement.objects.filter(state="applied").count() == 1
    assert Settlement.objects.count() == 8
    assert CollectionLine.objects.filter(is_known=True).count() == 10
    assert not Refund.objects.exists()
    assert balance.differences() == []


def test_of_two_amounts_under_one_number_the_second_is_looked_into(bill):
    files = [taken(bill, line(account, amount, "71")) for account in [bill.virtual_account] for amount in (900, 901)]

    outcomes = at_once(*[lambda one=one: post_file(one) for one in files * 2])

    assert kinds_of(outcomes) == ["NoneType"] * 4
    assert Settlement.objects.count() == 2
    assert Settlement.objects.filter(why__contains="交易序號").count() == 1
    assert balance.differences() == []


def test_a_stores_record_in_two_files_pays_once(bill):
    mine = (bill.write_off_number, 900)
    files = [taken(bill, data=store_file([mine, (f"{n}", 5)]), profile="store") for n in range(1, 4)]

    at_once(*[lambda one=one: post_file(one) for one in files])

    assert Settlement.objects.filter(state="applied").count() == 1
    assert Settlement.objects.filter(state="mismatch", why__contains="可能是同一筆").count() == 2
    assert not Refund.objects.exists()


def test_a_file_is_posted_or_thrown_away(bill):
    one = taken(bill, line(bill.virtual_account, 900, "71"), is_to_be_confirmed=True)
    cashier = cashier_of(bill.school)

    outcomes = at_once(
        *[lambda: importing.confirm(taken=one, by=cashier)] * 2,
        *[lambda: importing.throw_away(taken=one, by=cashier)] * 2,
    )

    assert kinds_of(outcomes).count("AlreadyDecided") == 3
    left = CollectionFile.objects.first()
    assert left is None or left.state == CollectionFile.State.WAITING
