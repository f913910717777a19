"""Bills become owed: once each, with codes, ledger and mails, and go on where a worker stopped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from billing.bills import codes, drafting, issuing, releasing, tasks
from billing.bills.charges import Charge
from billing.bills.models import Bill, BillBatch
from billing.collection import balance
from billing.ledger.models import LedgerEntry
from billing.signals import bills_issued
from notifications.models import Message
from registry.models import Student
from tests.accounts.factories import sso_parent
from tests.billing.families import LEO, ZOE, child_of, parent_of
from tests.billing.money import agent_of, cashier_of, end_wait, issue
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def school(school_class):
    return school_class.school


@pytest.fixture
def cashier(school):
    return cashier_of(school)


@pytest.fixture
def draft(school, school_class, cashier):
    def make(students=None, items=(("學費", 6240), ("減免", -240)), **facts):
        students = students or [StudentFactory(school=school, school_class=school_class) for _ in range(3)]
        return drafting.draft_batch(
            school=school,
            charges=[Charge(one, items) for one in students],
            by=cashier,
            **{
                "title": "學雜費",
                "school_year": 115,
                "semester": 1,
                "due_on": timezone.localdate() + timedelta(days=20),
                **facts,
            },
        )

    return make


class TestADraft:
    def test_has_bills_that_nobody_sees(self, draft):
        batch = draft()

        bill = batch.bills.first()
        assert (batch.state, bill.state, bill.amount) == ("draft", "draft", 6000)
        assert list(bill.items.values_list("name", "amount")) == [("學費", 6240), ("減免", -240)]
        assert not Bill.objects.shown_to_families().exists()
        assert not LedgerEntry.objects.exists()
        assert not Message.objects.exists()

    def test_of_classes_is_for_who_is_at_school(self, school, school_class, cashier):
        here = StudentFactory(school=school, school_class=school_class)
        gone = StudentFactory(school=school, school_class=school_class, status=Student.Status.LEFT)
        facts = {"title": "社團費", "school_year": 115, "semester": 1, "due_on": timezone.localdate()}

        batch = drafting.draft_for_classes(
            school=school, classes=[school_class], items=[("社團費", 600)], by=cashier, **facts
        )

        assert [one.student for one in batch.bills.all()] == [here]
        Student.objects.filter(pk=here.pk).update(status=gone.status)
        with pytest.raises(drafting.NobodyToCharge):
            drafting.draft_for_classes(
                school=school, classes=[school_class], items=[("社團費", 600)], by=cashier, **facts
            )

    def test_is_let_go_without_a_trace_but_the_event(self, draft, cashier):
        drafting.discard_draft(batch=draft(), by=cashier)

        assert not BillBatch.objects.exists()
        assert not Bill.objects.exists()
        assert Event.objects.filter(event="bills.discarded").exists()

    def test_is_not_let_go_once_issued(self, draft, cashier):
        batch = draft()
        issue(batch, cashier)

        with pytest.raises(drafting.AlreadyIssued):
            drafting.discard_draft(batch=batch, by=cashier)


class TestIssuing:
    def test_gives_codes_and_books_what_is_owed(self, draft, cashier, school):
        agent = agent_of(school)

        bills = issue(draft(), cashier)

        assert [one.state for one in bills] == ["issued"] * 3
        assert len({one.write_off_number for one in bills}) == 3
        expected = codes.numbers_for(agent, 1, 6000, bills[0].due_on)
        assert (bills[0].write_off_number, bills[0].virtual_account) == expected
        assert codes.store_codes(bills[0])
        assert LedgerEntry.objects.balances() == {"receivable": 18000, "income": -18000}
        assert balance.differences() == []

    def test_without_an_agent_has_no_codes(self, draft, cashier):
        bills = issue(draft(), cashier)

        assert {one.write_off_number for one in bills} == {""}
        assert codes.store_codes(bills[0]) is None
        assert bills[0].is_payable

    def test_mails_each_bound_parent_once(self, draft, cashier, school_class, school):
        """The child's name is masked where nobody has proved the mailbox yet."""
        parent_of(ZOE, school)
        sso_parent(by=cashier, email=LEO["email"], number=LEO["identity_number"], password=None, is_proved=False)
        child = child_of(ZOE, LEO, school_class=school_class)
        Message.objects.all().delete()

        issue(draft([child]), cashier)

        leos, zoes = Message.objects.filter(kind="bill-issued").order_by("to")
        assert [leos.to, zoes.to] == ["leo@example.com", "zoe@example.com"]
        for mail, called, not_called in [(leos, child.masked_name, child.name), (zoes, child.name, child.masked_name)]:
            assert "6,000" in mail.text
            assert called in mail.text
            assert not_called not in mail.text + mail.html
            assert f"/billing/bills/{Bill.objects.get().pk}/" in mail.text

    def test_tells_who_listens(self, draft, cashier):
        heard = []

        def listen(sender, *, bills, **kwargs):
            heard.extend(bills)

        bills_issued.connect(listen)
        try:
            bills = issue(draft(), cashier)
        finally:
            bills_issued.disconnect(listen)
        assert heard == bills

    def test_of_nothing_is_paid_at_once(self, draft, cashier):
        [bill] = issue(draft([StudentFactory(school=cashier.school)], items=(("學費", 5), ("減免", -5))), cashier)

        assert (bill.state, bill.amount, bill.paid_on) == ("paid", 0, timezone.localdate())
        assert not LedgerEntry.objects.exists()
        assert balance.differences() == []

    def test_leaves_out_who_has_left_meanwhile(self, draft, cashier, school, school_class):
        here, gone = (StudentFactory(school=school, school_class=school_class) for _ in range(2))
        batch = draft([here, gone])
        Student.objects.filter(pk=gone.pk).update(status=Student.Status.LEFT)

        bills = issue(batch, cashier)

        assert [one.state for one in bills] == ["issued", "void"]
        assert bills[1].void_reason == issuing.GONE
        assert list(Bill.objects.shown_to_families()) == [bills[0]]
        assert balance.differences() == []

    def test_pressed_twice_issues_once(self, draft, cashier):
        batch = draft()
        for _press in range(2):
            issue(batch, cashier)
        tasks.issue_batch.call(batch.pk)

        assert LedgerEntry.objects.count() == 3
        assert Event.objects.filter(event="bills.issued").count() == 1

    def test_goes_on_where_a_worker_stopped(self, draft, cashier, school, monkeypatch):
        agent_of(school)
        monkeypatch.setattr(issuing, "CHUNK", 2)
        batch = draft()
        issuing.begin_issuing(batch=batch, by=cashier)
        assert issuing.issue_chunk(batch)
        assert sorted(batch.bills.values_list("state", flat=True)) == ["draft", "waiting", "waiting"]

        issuing.issue_all(batch)

        batch.refresh_from_db()
        assert batch.state == "waiting"
        assert len(set(batch.bills.values_list("write_off_number", flat=True))) == 3

    def test_after_the_last_day_is_refused(self, draft, cashier):
        batch = draft(due_on=timezone.localdate() - timedelta(days=1))

        with pytest.raises(issuing.PastDue):
            issuing.begin_issuing(batch=batch, by=cashier)

    def test_takes_as_many_queries_for_thirty_as_for_three(
        self, draft, cashier, school, school_class, django_assert_max_num_queries
    ):
        agent_of(school)
        batch = draft([StudentFactory(school=school, school_class=school_class) for _ in range(30)])
        issuing.begin_issuing(batch=batch, by=cashier)
        with django_assert_max_num_queries(17):
            issuing.issue_all(batch)
        end_wait(batch)
        with django_assert_max_num_queries(18):
            releasing.release_batch(batch)
