"""Collection files: taken once, settled line by line, nothing dropped."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from billing.bills.models import Bill, CollectingAgent
from billing.collection import balance, tasks
from billing.collection.models import CollectionFile
from billing.collection.reconciliation import importing
from billing.collection.reconciliation.importing import TakenAlready, post_file, take_in
from billing.collection.reconciliation.reading import FileRefused
from billing.payments.models import Refund, Settlement
from notifications.models import Message
from tests.billing.collection.collection_files import bank_file, store_file
from tests.billing.money import agent_of, cashier_of, issued_bill
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db
State = Settlement.State


@pytest.fixture
def school():
    school = SchoolClassFactory().school
    agent_of(school)
    return school


@pytest.fixture
def cashier(school):
    return cashier_of(school)


@pytest.fixture
def bills(school):
    return [issued_bill(StudentFactory(school=school), amount=1000 + n) for n in range(4)]


def take(school, cashier, data, *, profile="store", name="a.txt"):
    return take_in(school=school, upload=SimpleUploadedFile(name, data), profile=profile, by=cashier)


def of(bills):
    return [(bill.write_off_number, bill.amount) for bill in bills]


def states(taken):
    return [line.settlement.state for line in taken.lines.select_related("settlement")]


def test_every_line_finds_its_place(school, cashier, bills):
    lines = of(bills[:2]) + [(bills[2].write_off_number, 1), ("77", 5)] + of(bills[:1])
    taken = take(school, cashier, store_file(lines))

    post_file(taken)

    assert states(taken) == [State.APPLIED, State.APPLIED, State.MISMATCH, State.UNKNOWN, State.DUPLICATE]
    taken.refresh_from_db()
    assert (taken.state, taken.done) == (CollectionFile.State.DONE, 5)
    assert Bill.objects.filter(state="paid").count() == 2
    assert Refund.objects.get().bill == bills[0]
    assert balance.differences() == balance.differences(school=school) == []


def test_a_virtual_account_file(school, cashier, bills):
    data = bank_file([(bill.virtual_account, bill.amount) for bill in bills])
    taken = take(school, cashier, data, profile="virtual-account", name="b.csv")

    post_file(taken)

    assert states(taken) == [State.APPLIED] * 4
    assert set(Settlement.objects.values_list("account", flat=True)) == {"bank"}


def test_a_file_is_taken_once(school, cashier, bills):
    first = take(school, cashier, store_file(of(bills)))

    with pytest.raises(TakenAlready) as refused:
        take(school, cashier, store_file(of(bills), ends="\n"), name="other.txt")

    assert refused.value.file == first


def test_settled_again_changes_nothing(school, cashier, bills):
    taken = take(school, cashier, store_file(of(bills)))

    for _run in range(2):
        post_file(taken)

    assert Settlement.objects.count() == 4
    assert CollectionFile.objects.get().done == 4


def test_who_goes_on_begins_where_the_worker_died(school, cashier, bills, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 2)
    taken = take(school, cashier, store_file(of(bills)))
    post_chunk, calls = importing.post_chunk, []

    def dies(*about):
        calls.append(about)
        if len(calls) == 2:
            raise RuntimeError
        post_chunk(*about)

    monkeypatch.setattr(importing, "post_chunk", dies)
    tasks.work_on(taken.pk)
    taken.refresh_from_db()
    assert (taken.state, taken.done) == (CollectionFile.State.FAILED, 2)

    monkeypatch.setattr(importing, "post_chunk", post_chunk)
    tasks.work_on(taken.pk)

    assert Settlement.objects.filter(state=State.APPLIED).count() == 4
    assert CollectionFile.objects.get().state == CollectionFile.State.DONE


def test_a_refused_file_leaves_nothing(school, cashier, bills):
    with pytest.raises(FileRefused):
        take(school, cashier, store_file(of(bills), total=1))

    assert not CollectionFile.objects.exists()


def test_bills_of_another_school_are_unknown(school, cashier):
    foreign = issued_bill()
    taken = take(school, cashier, store_file(of([foreign])))

    post_file(taken)

    assert states(taken) == [State.UNKNOWN]
    assert Bill.objects.get().state == Bill.State.ISSUED
    assert not Message.objects.exists()


def test_the_file_of_another_contract_is_refused_whole(school, cashier, bills):
    """Schools with contracts of their own count their bills alike: 1, 2, 3."""
    with pytest.raises(FileRefused, match="6AB.*不是本校的"):
        take(school, cashier, store_file(of(bills), agent="6AB"))

    assert not CollectionFile.objects.exists()


def test_the_file_of_a_former_contract_is_taken(school, cashier, bills):
    CollectingAgent.objects.update(retired_at=timezone.now())
    agent_of(school, collection_code="6AB", bank_collection_number="700603")

    assert take(school, cashier, store_file(of(bills))).count == 4


def test_money_from_before_the_bill_waits_for_the_cashier(school, cashier, bills):
    yesterday = timezone.localdate() - timedelta(days=1)
    taken = take(school, cashier, store_file(of(bills[:1]), day=f"{yesterday:%Y%m%d}"))

    post_file(taken)

    assert states(taken) == [State.MISMATCH]
    assert Settlement.objects.get().why == "付款時間不合理"
    assert balance.differences() == []


def test_no_id_number_in_the_files_name_is_kept(school, cashier, bills):
    taken = take(school, cashier, store_file(of(bills)), name="A123456789.txt")

    assert "A123456789" not in taken.name + taken.file.name


def test_queries_do_not_grow_with_the_lines(school, cashier, django_assert_max_num_queries):
    many = [issued_bill(StudentFactory(school=school)) for _n in range(40)]
    taken = take(school, cashier, store_file(of(many)))

    with django_assert_max_num_queries(40):
        post_file(taken)
