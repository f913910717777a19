"""A batch waits before families hear of it: nobody sees or pays its bills, and the whole of it can be taken back."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from billing.bills import codes, drafting, issuing, releasing, reminders, tasks, voiding
from billing.bills.charges import Charge
from billing.bills.models import Bill, BillBatch
from billing.collection import balance, counter, resolving
from billing.ledger import booking
from billing.ledger.models import Account, LedgerEntry
from billing.payments import paying, settling
from billing.payments.models import Payment, Settlement
from billing.signals import bills_issued
from notifications.models import Message
from tests.accounts.factories import log_in
from tests.billing.conftest import just_now
from tests.billing.families import ZOE, child_of, parent_of
from tests.billing.money import agent_of, cashier_of, end_wait, issue, pay
from tests.billing.paper.printed import finished_bill_slips
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db
BILLED = (("學費", 6240), ("減免", -240))


@pytest.fixture
def zoe():
    return parent_of(ZOE)


@pytest.fixture
def child(zoe):
    return child_of(ZOE)


@pytest.fixture
def school(child):
    agent_of(child.school)
    return child.school


@pytest.fixture
def cashier(school):
    return cashier_of(school)


@pytest.fixture
def draft(school, child, cashier):
    others = [StudentFactory(school=school, school_class=child.school_class) for _ in range(2)]

    def make(title="學雜費", items=BILLED, students=(child, *others), **facts):
        facts = {"school_year": 115, "semester": 1, "due_on": timezone.localdate() + timedelta(days=2)} | facts
        charges = [Charge(one, items) for one in students]
        return drafting.draft_batch(school=school, charges=charges, by=cashier, title=title, **facts)

    return make


def press(batch, by):
    """Issued by the worker; it waits."""
    issuing.begin_issuing(batch=batch, by=by)
    tasks.issue_batch.call(batch.pk)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def waiting(draft, cashier):
    batch = draft()
    Message.objects.all().delete()
    return press(batch, cashier)


@pytest.fixture
def bill(waiting, child):
    return waiting.bills.get(student=child)


@pytest.fixture
def desk(cashier):
    return log_in(Client(), cashier)


@pytest.fixture
def parent(zoe):
    return just_now(log_in(Client(), zoe))


@pytest.fixture
def address(school):
    return lambda name, *args: reverse(f"billing:cashier-{name}", args=[school.slug, *args])


class TestWhileItWaits:
    def test_it_waits_as_long_as_the_setting_says(self, waiting, draft, cashier, settings):
        left = waiting.wait_until - timezone.now()
        assert waiting.state == "waiting"
        assert timedelta(minutes=29) < left <= timedelta(minutes=30)

        settings.BILL_MAIL_WAIT_MINUTES = 0
        assert press(draft("社團費"), cashier).state == "issued"

    def test_nobody_is_mailed_and_nothing_is_booked_or_told(self, draft, cashier, child):
        heard = []

        def listen(sender, *, bills, **kwargs):
            heard.extend(bills)

        bills_issued.connect(listen)
        try:
            batch = press(draft(), cashier)
            releasing.release_due()
            assert not heard
            assert not Message.objects.filter(kind="bill-issued").exists()
            assert not LedgerEntry.objects.exists()
            assert balance.differences() == []

            end_wait(batch)
            call_command("send_mail", "--once")
        finally:
            bills_issued.disconnect(listen)

        assert len(heard) == 3
        assert Message.objects.filter(kind="bill-issued").count() == 1
        assert LedgerEntry.objects.balances() == {"receivable": 18000, "income": -18000}
        assert set(batch.bills.values_list("state", flat=True)) == {"issued"}
        batch.refresh_from_db()
        assert batch.state == "issued"

    def test_a_family_sees_nothing_of_it(self, bill, parent):
        page = parent.get(reverse("billing:home"))
        assert "學雜費" not in page.content.decode()
        overview = page.context["overview"]
        assert [overview.due.bills, overview.open, overview.closed] == [[], [], []]
        for name in ("bill", "bill-due", "bill-slip", "bill-receipt", "bill-codes"):
            assert parent.get(reverse(f"billing:{name}", args=[bill.pk])).status_code == 404, name

    def test_it_cant_be_paid_not_even_by_a_direct_post(self, bill, parent, zoe):
        assert pay(parent, bill).url == reverse("billing:home")

        with pytest.raises(paying.NotPayable):
            paying.start_payment(bills=[bill], gateway="sandbox", method="card", key="x", by=zoe)
        assert not Payment.objects.exists()

    def test_nobody_is_reminded_of_it(self, bill):
        for days in (0, 3):
            assert reminders.send_due(today=timezone.localdate() + timedelta(days=days)) == 0

    def test_the_cashier_may_print_it(self, waiting, bill, desk, address):
        assert codes.store_codes(bill)
        assert desk.get(address("bill-slip", bill.pk))["Content-Type"] == "application/pdf"
        form = desk.get(address("slips")).context["form"]
        assert waiting in form.fields["batch"].queryset

    def test_money_at_the_counter_is_not_taken_yet(self, bill, cashier, desk, address):
        with pytest.raises(counter.NotOpen):
            counter.take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)

        assert "還沒有通知家長，現在不能收款" in desk.get(address("cash-take", bill.pk)).content.decode()

    def test_money_of_a_file_goes_to_the_work_list_and_pays_the_bill_later(self, waiting, bill, cashier):
        [money] = settling.apply_settlements([piece_for(bill)], by=cashier)
        assert (money.state, money.why, money.bill) == ("mismatch", settling.STILL_WAITING, bill)
        assert balance.differences() == []
        with pytest.raises(resolving.DoesNotFit):
            resolving.resolve_for_bill(settlement=money, bill=bill, reason="x", by=cashier)

        end_wait(waiting)
        releasing.release_due()
        resolving.resolve_for_bill(settlement=money, bill=bill, reason="這張的", by=cashier)

        bill.refresh_from_db()
        assert bill.state == "paid"
        assert balance.differences() == []

    def test_it_is_not_closed_and_no_bill_of_it_is_changed(self, waiting, bill, cashier):
        with pytest.raises(voiding.NotOpen):
            voiding.begin_closing(batch=waiting, reason="x", by=cashier)
        with pytest.raises(voiding.NotOpen):
            voiding.void_bill(bill=bill, reason="x", by=cashier)
        with pytest.raises(drafting.AlreadyIssued):
            drafting.discard_draft(batch=waiting, by=cashier)

    def test_the_page_counts_down_and_offers_to_take_it_back(self, waiting, desk, address):
        response = desk.get(address("batch", waiting.pk))

        page = response.content.decode()
        assert "還有 30 分鐘" in page
        assert "整批收回" in page
        assert response.context["watch"] == 60

    def test_a_worker_that_died_half_way_is_followed(self, waiting, monkeypatch):
        monkeypatch.setattr(releasing, "CHUNK", 2)
        end_wait(waiting)
        assert releasing.release_chunk(waiting) == 2
        assert sorted(waiting.bills.values_list("state", flat=True)) == ["issued", "issued", "waiting"]

        assert releasing.release_due() == 1

        assert Message.objects.filter(kind="bill-issued").count() == 1
        assert LedgerEntry.objects.count() == 3

    def test_the_last_day_is_not_over_before_families_hear(self, draft, cashier, settings):
        settings.BILL_MAIL_WAIT_MINUTES = 60 * 24
        with pytest.raises(issuing.PastDue):
            issuing.begin_issuing(batch=draft(due_on=timezone.localdate()), by=cashier)


def piece_for(bill, key="file:1:1"):
    return settling.Money(
        key=key, account=Account.STORES, amount=bill.amount, paid_at=timezone.now(), bill_id=bill.pk,
        school_id=bill.school_id, channel="store", code=bill.write_off_number,
    )  # fmt: skip


class TestTakingBack:
    def test_the_whole_batch_is_a_draft_again(self, waiting, desk, address):
        page = desk.post(address("batch-take-back", waiting.pk), follow=True).content.decode()

        waiting.refresh_from_db()
        assert waiting.state == "draft"
        assert set(waiting.bills.values_list("state", flat=True)) == {"draft"}
        assert "整批已收回成為草稿" in page
        assert "檢查並發出 3 張" in page
        assert Event.objects.filter(event="bills.taken_back").count() == 1
        end_wait(waiting)
        assert releasing.release_due() == 0
        assert not Message.objects.filter(kind="bill-issued").exists()
        assert balance.differences() == []

    def test_twice_changes_nothing_more(self, waiting, cashier):
        for _press in range(2):
            issuing.take_back(batch=waiting, by=cashier)

        assert Event.objects.filter(event="bills.taken_back").count() == 1

    def test_after_the_wait_it_is_too_late(self, waiting, desk, address):
        end_wait(waiting)

        page = desk.post(address("batch-take-back", waiting.pk), follow=True).content.decode()

        assert "不能再整批收回" in page
        waiting.refresh_from_db()
        assert waiting.state == "waiting"
        releasing.release_due()
        page = desk.post(address("batch-take-back", waiting.pk), follow=True).content.decode()
        assert "不能再整批收回" in page

    def test_while_it_is_being_issued(self, draft, cashier, monkeypatch):
        monkeypatch.setattr(issuing, "CHUNK", 2)
        batch = draft()
        issuing.begin_issuing(batch=batch, by=cashier)
        issuing.issue_chunk(batch)

        issuing.take_back(batch=batch, by=cashier)

        assert not issuing.issue_chunk(batch)
        assert set(batch.bills.values_list("state", flat=True)) == {"draft"}

    def test_issued_again_its_bills_keep_their_numbers_and_nobody_else_gets_them(self, waiting, cashier, draft):
        before = numbers(waiting)
        issuing.take_back(batch=waiting, by=cashier)

        others = numbers(press(draft("社團費"), cashier))
        issue(waiting, cashier)

        assert numbers(waiting) == before
        assert not set(before.values()) & set(others.values())
        assert Message.objects.filter(kind="bill-issued").count() == 1
        assert LedgerEntry.objects.filter(what=booking.ISSUED).count() == 3

    def test_issued_again_under_other_settings_its_bills_are_laid_out_anew(self, waiting, cashier, school):
        issuing.take_back(batch=waiting, by=cashier)
        former = school.collecting_agents.get()
        type(former).objects.filter(pk=former.pk).update(retired_at=timezone.now())
        new = agent_of(school, bank_collection_number="700603", next_number=100)

        issue(waiting, cashier)

        assert {one.agent for one in waiting.bills.all()} == {new}

    def test_money_for_a_slip_that_was_printed_is_not_lost(self, waiting, bill, cashier):
        issuing.take_back(batch=waiting, by=cashier)
        [money] = settling.apply_settlements([piece_for(bill)], by=cashier)
        assert (money.state, money.bill) == ("mismatch", bill)

        drafting.discard_draft(batch=waiting, by=cashier)
        [later] = settling.apply_settlements([piece_for(bill, "file:1:2")], by=cashier)

        assert (later.state, later.why) == ("mismatch", settling.CANNOT_TAKE)
        assert balance.differences() == []

    def test_discarded_afterwards_it_is_closed_and_no_family_ever_sees_it(self, waiting, bill, cashier, parent):
        issuing.take_back(batch=waiting, by=cashier)
        drafting.discard_draft(batch=waiting, by=cashier)

        waiting.refresh_from_db()
        assert (waiting.state, waiting.close_reason) == ("closed", drafting.TAKEN_BACK)
        assert set(waiting.bills.values_list("state", flat=True)) == {"void"}
        assert not Bill.objects.shown_to_families().exists()
        assert parent.get(reverse("billing:bill", args=[bill.pk])).status_code == 404
        assert list(BillBatch.objects.issued()) == []

    def test_slips_that_were_set_are_not_handed_out_any_more(self, waiting, cashier, desk, address):
        made = finished_bill_slips(waiting, by=cashier)
        assert desk.get(address("slip-batch-file", made.pk)).status_code == 200

        issuing.take_back(batch=waiting, by=cashier)

        page = desk.get(address("slip-batch-file", made.pk), follow=True).content.decode()
        assert "已經收回，印好的檔案不能再用" in page

    def test_of_another_school_does_not_exist(self, waiting, address):
        other = log_in(Client(), cashier_of(StudentFactory().school))
        assert other.post(address("batch-take-back", waiting.pk)).status_code == 404

    def test_takes_as_many_queries_for_thirty_bills_as_for_three(
        self, draft, cashier, school, child, django_assert_max_num_queries
    ):
        students = [StudentFactory(school=school, school_class=child.school_class) for _ in range(30)]
        batch = press(draft(students=students), cashier)
        with django_assert_max_num_queries(8):
            issuing.take_back(batch=batch, by=cashier)


def numbers(batch):
    return dict(batch.bills.values_list("pk", "virtual_account"))


class TestThePageOfIssuing:
    def test_shows_number_total_and_the_ends(self, draft, desk, address, school, child):
        students = [StudentFactory(school=school, school_class=child.school_class) for _ in range(8)]
        batch = draft(students=students)
        for n, one in enumerate(batch.bills.order_by("pk")):
            Bill.objects.filter(pk=one.pk).update(amount=1000 * n + 7)

        response = desk.get(address("batch-issue", batch.pk))

        assert [one.amount for one in response.context["largest"]] == [7007, 6007, 5007]
        assert [one.amount for one in response.context["smallest"]] == [7, 1007, 2007]
        page = response.content.decode()
        assert "28,056" in page
        assert "第一批繳費單" in page
        assert "等 30 分鐘" in page
        batch.refresh_from_db()
        assert batch.state == "draft"

    def test_says_what_differs_from_the_last_batch(self, draft, desk, address, cashier, school, child):
        gone, left = (StudentFactory(school=school, school_class=child.school_class) for _ in range(2))
        issue(draft(students=[child, gone, left], items=(("學費", 100), ("午餐費", 20))), cashier)
        issue(draft("社團費", students=[child], items=(("社團費", 9),)), cashier)
        type(left).objects.filter(pk=left.pk).update(status="left")
        batch = draft(students=[child], items=(("學費", 100), ("雜費", 50)))

        compared = desk.get(address("batch-issue", batch.pk)).context["compared"]

        assert compared.last.title == "學雜費"
        assert (compared.now.count, compared.now.total, compared.now.average) == (1, 150, 150)
        assert (compared.before.count, compared.before.total, compared.before.average) == (3, 360, 120)
        assert (compared.new_items, compared.missing_items) == (["雜費"], ["午餐費"])
        assert list(compared.missing) == [gone]

    def test_a_batch_that_was_taken_back_is_no_last_batch(self, waiting, draft, desk, address, cashier):
        issuing.take_back(batch=waiting, by=cashier)
        assert desk.get(address("batch-issue", draft("社團費").pk)).context["compared"] is None

    def test_nothing_is_issued_without_having_looked(self, draft, desk, address):
        batch = draft()

        page = desk.post(address("batch-issue", batch.pk)).content.decode()

        assert "請看過上面的內容" in page
        batch.refresh_from_db()
        assert batch.state == "draft"

    def test_pressed_twice_issues_once(self, draft, desk, address):
        batch = draft()
        for _press in range(2):
            response = desk.post(address("batch-issue", batch.pk), {"looked": "on"})
            assert response.url == address("batch", batch.pk)

        assert Event.objects.filter(event="bills.issuing").count() == 1
        assert desk.get(address("batch-issue", batch.pk)).url == address("batch", batch.pk)

    def test_takes_as_many_queries_for_many_bills(
        self, draft, desk, address, school, child, cashier, django_assert_max_num_queries
    ):
        students = [StudentFactory(school=school, school_class=child.school_class) for _ in range(30)]
        issue(draft(students=students), cashier)
        batch = draft(students=students[:20])
        with django_assert_max_num_queries(22):
            desk.get(address("batch-issue", batch.pk))


def test_a_settlement_of_a_waiting_bill_says_why(bill, cashier, desk, address):
    settling.apply_settlements([piece_for(bill)], by=cashier)
    page = desk.get(address("resolve", Settlement.objects.get().pk)).content.decode()
    assert "收到款項時，繳費單還沒有通知家長" in page
