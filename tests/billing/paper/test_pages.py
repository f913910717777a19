"""Where slips, receipts and codes are to be had: the parent's, the cashier's, and the worker's part."""

import html
import io
import re
import zipfile
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from billing.bills import codes
from billing.bills.models import Bill
from billing.collection.counter import take_cash
from billing.paper import printing, slips
from billing.paper.models import BillSlipBatch
from core.printing import batches
from tests.accounts.factories import PASSWORD, change_password, log_in, teacher_of
from tests.billing.money import agent_of, batch_of, begun, cashier_of, issued_bill, void
from tests.billing.paper.printed import coded_bill, finished_bill_slips, pages_of, scanned, words_of
from tests.billing.paper.scanner import picture_of, scan
from tests.binding.factories import Kind, approved_application
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory
from tests.support.worker import do_waiting_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def school(school_class):
    return school_class.school


@pytest.fixture
def child(school_class):
    return StudentFactory(school=school_class.school, school_class=school_class)


@pytest.fixture
def parents(child):
    teacher = teacher_of(child.school_class)
    application = approved_application(teacher, child, kind=Kind.TWO_PARENTS)
    people = [one.binding.account.user for one in application.applicants.order_by("position")]
    for one in people:
        change_password(user=one, password=PASSWORD)
    return people


@pytest.fixture
def parent(parents):
    return parents[0]


@pytest.fixture
def bill(child):
    return coded_bill(child, title="學雜費")


@pytest.fixture
def phone(parent):
    client = log_in(Client(), parent)
    return lambda name, bill, **options: client.get(reverse(f"billing:bill-{name}", args=[bill.pk]), **options)


@pytest.fixture
def cashier(school):
    return cashier_of(school)


@pytest.fixture
def desk(cashier, school):
    client = log_in(Client(), cashier)
    return lambda name, *args, **query: client.get(reverse(f"billing:cashier-{name}", args=[school.slug, *args]), query)


@pytest.fixture
def press(cashier, school):
    client = log_in(Client(), cashier)
    return lambda name, *args, **data: client.post(
        reverse(f"billing:cashier-{name}", args=[school.slug, *args]), data, follow=True
    )


def found_by(press, code):
    """The page of slips after the number of one bill was typed."""
    return press("slips", listing="one_bills-to-print", one_q=code)


def pay(bill, cashier):
    take_cash(bill=bill, amount=bill.amount, receipt=str(bill.pk), by=cashier)


def overdue(bill):
    Bill.objects.filter(pk=bill.pk).update(due_on=timezone.localdate() - timedelta(days=1))


class TestParent:
    def test_downloads_the_slip_of_an_open_bill(self, phone, bill):
        response = phone("slip", bill)

        assert response["Content-Type"] == "application/pdf"
        assert response["Cache-Control"] == "private, no-store"
        assert "尹" not in response["Content-Disposition"]
        assert "尹書妍" in words_of(response.content)
        assert len(scanned(response.content)) == 4

    def test_gets_a_receipt_once_it_is_paid(self, phone, bill, cashier):
        pay(bill, cashier)

        assert phone("slip", bill).url == reverse("billing:bill-receipt", args=[bill.pk])
        pdf = phone("receipt", bill).content
        assert "已繳清" in words_of(pdf)
        assert scanned(pdf) == []

    def test_each_parent_has_the_receipt_and_it_does_not_tell_who_paid(self, parents, cashier, phone, bill):
        other = parents[1]
        begun([bill], other)
        pay(bill, cashier)

        theirs = log_in(Client(), other).get(reverse("billing:bill-receipt", args=[bill.pk])).content
        mine = phone("receipt", bill).content

        assert words_of(theirs) == words_of(mine)
        for one in parents:
            assert one.name not in words_of(mine)

    @pytest.mark.parametrize("name", ["slip", "receipt", "codes"])
    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (void, "已經作廢"),
            (overdue, "已過，條碼和帳號不能再用"),
            (lambda bill: Bill.objects.filter(pk=bill.pk).update(state="refund_due", owed_back=1), "正在退還"),
            (lambda bill: Bill.objects.filter(pk=bill.pk).update(state="refunded", owed_back=bill.amount), "已經退還"),
            (lambda bill: Bill.objects.filter(pk=bill.pk).update(state="part_refund", owed_back=1), "已退還一部分"),
        ],
    )
    def test_is_told_why_there_is_nothing_to_pay_with(self, phone, bill, name, spoil, words):
        spoil(bill)

        page = phone(name, bill, follow=True)

        assert page.redirect_chain == [(reverse("billing:home"), 302)]
        assert words in page.content.decode()

    def test_is_told_that_an_open_bill_has_no_receipt(self, phone, bill):
        assert "還沒有繳清" in phone("receipt", bill, follow=True).content.decode()

    @pytest.mark.parametrize("name", ["slip", "receipt", "codes"])
    def test_other_children_drafts_and_ended_bindings_do_not_exist(self, phone, parent, bill, name):
        foreign = coded_bill(StudentFactory(school=bill.school), serial=7)
        assert phone(name, foreign).status_code == 404
        Bill.objects.filter(pk=bill.pk).update(state="draft", issued_at=None)
        assert phone(name, bill).status_code == 404
        Bill.objects.filter(pk=bill.pk).update(state="issued")
        parent.sso_account.bindings.update(state="ended", ended_at=timezone.now(), end_reason="court_order")
        assert phone(name, bill).status_code == 404

    def test_english_pages_have_chinese_paper(self, parent, bill):
        client = log_in(Client(), parent)
        client.post(reverse("set_language"), {"language": "en"})

        words = words_of(client.get(reverse("billing:bill-slip", args=[bill.pk])).content)

        assert f"民國{bill.due_on.year - 1911}年" in words
        assert "第1學期" in words

    @pytest.mark.parametrize("name", ["slip", "codes"])
    def test_costs_few_queries(self, phone, bill, name, django_assert_max_num_queries):
        with django_assert_max_num_queries(9):
            assert phone(name, bill).status_code == 200


class TestOnThePhone:
    def test_three_barcodes_are_read_from_the_screen(self, phone, bill):
        page = phone("codes", bill).content.decode()

        drawn = re.findall(r'<svg viewBox="([^"]+)"[^>]*><path d="([^"]+)" fill="#000"', page)
        read = [scan(picture_of(path, view_box)) for view_box, path in drawn]
        assert read == [[one] for one in codes.store_codes(bill)]
        assert "以載具出示繳費條碼至超商繳款" in page

    def test_the_account_is_in_fours_and_whole_when_copied(self, phone, bill):
        page = phone("codes", bill).content.decode()

        number = re.search(r'<span class="account-number">(.*?)</span>\s*</dd>', page)[1]
        assert re.findall(r"<span>(\d+)</span>", number) == ["7006", "0200", "0046", "2711"]
        assert re.sub(r"<[^>]+>", "", number) == bill.virtual_account

    def test_above_the_stores_limit_only_the_account_is_there(self, phone, child):
        page = phone("codes", coded_bill(child, items=[("學費", 20_001)])).content.decode()

        assert "<path" not in page.partition("<main")[2].partition("</main>")[0].replace("mark", "")
        assert "超過超商代收上限（NT$20,000）" in page
        assert "account-number" in page

    def test_warns_while_an_online_payment_lives(self, phone, parent, bill):
        assert "可能已經付過了" not in phone("codes", bill).content.decode()
        begun([bill], parent)
        assert "可能已經付過了" in phone("codes", bill).content.decode()

    def test_names_the_own_child_and_has_no_inline_style(self, phone, bill):
        page = phone("codes", bill).content.decode()

        assert "尹書妍" in page
        assert "style=" not in page


class TestCashierWithoutBills:
    def test_is_told_what_comes_first(self, client):
        school = SchoolFactory()
        log_in(client, cashier_of(school))

        page = client.get(reverse("billing:cashier-slips", args=[school.slug])).content.decode()

        assert "還沒有發出的繳費單" in page
        assert 'name="batch"' not in page


class TestCashierOneBill:
    def test_prints_and_is_recorded(self, desk, bill, cashier):
        assert "尹書妍" in words_of(desk("bill-slip", bill.pk).content)
        pay(bill, cashier)
        assert desk("bill-slip", bill.pk).url.endswith("/receipt.pdf")
        assert "已繳清" in words_of(desk("bill-receipt", bill.pk).content)

        events = Event.objects.filter(event__in=["bill_slips.printed", "receipt.printed"])
        assert {one.target_id for one in events} == {str(bill.pk)}
        assert events.count() == 2

    def test_a_void_bill_is_not_printed(self, press, desk, bill):
        void(bill)

        assert desk("bill-slip", bill.pk).url == reverse("billing:cashier-slips", args=[bill.school.slug])
        assert not Event.objects.filter(event="bill_slips.printed").exists()

    @pytest.mark.parametrize("name", ["bill-slip", "bill-receipt"])
    def test_another_schools_bill_does_not_exist(self, desk, name):
        assert desk(name, issued_bill().pk).status_code == 404

    @pytest.mark.parametrize("code", ["write_off_number", "virtual_account", "student_number"])
    def test_is_found_by_its_numbers(self, press, bill, code):
        number = getattr(bill, code, None) or bill.student.student_number

        page = found_by(press, number).content.decode()

        assert reverse("billing:cashier-bill-slip", args=[bill.school.slug, bill.pk]) in page

    @pytest.mark.parametrize("code", ["404", "A123456789", "x\0y", " "])
    def test_what_is_not_there_is_not_found(self, press, bill, code):
        assert "slip.pdf" not in found_by(press, code).content.decode()

    def test_another_schools_bill_is_not_found(self, press):
        foreign = issued_bill()
        assert "slip.pdf" not in found_by(press, foreign.write_off_number).content.decode()


@pytest.fixture
def batch(school, school_class):
    """Three bills in 301, one in 302; of 301 one is paid and one void."""
    batch = batch_of(school, title="學雜費")
    agent = agent_of(school)
    other_class = SchoolClassFactory(school=school, name="302")
    for serial, (where, name) in enumerate(
        [(school_class, "甲甲甲"), (school_class, "乙乙乙"), (school_class, "丙丙丙"), (other_class, "丁丁丁")], start=1
    ):
        student = StudentFactory(school=school, school_class=where, seat_number=40 - serial, name=name)
        coded_bill(student, serial=serial, batch=batch, agent=agent)
    bills = list(batch.bills.order_by("pk"))
    pay(bills[1], cashier_of(school))
    return batch


class TestMany:
    @pytest.mark.django_db(transaction=True)
    def test_a_school_is_a_zip_with_a_pdf_a_class(self, press, desk, batch):
        page = press("slips", batch=batch.pk)
        assert page.context["watch"] == 3
        do_waiting_tasks()

        made = BillSlipBatch.objects.get()
        assert (made.state, made.done, made.total, made.left_out) == ("ready", 3, 3, 1)
        shown = desk("slip-batch", made.pk).content.decode()
        assert "有 1 張沒有印" in shown
        assert "下載（ZIP" in shown
        answer = desk("slip-batch-file", made.pk)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.namelist() == ["繳費單-301.pdf", "繳費單-302.pdf"]
            words = words_of(archive.read("繳費單-301.pdf"))
            assert pages_of(archive.read("繳費單-302.pdf")) == 1
        assert words.index("丙丙丙") < words.index("甲甲甲"), "by seat"
        assert "乙乙乙" not in words, "it is paid"
        with made.file.open("rb") as stored:
            assert "甲甲甲".encode() not in stored.read(), "encrypted at rest"

    def test_a_class_is_a_pdf(self, desk, batch, cashier, school_class):
        made = finished_bill_slips(batch, by=cashier, school_class=school_class)

        answer = desk("slip-batch-file", made.pk)
        assert answer["Content-Type"] == "application/pdf"
        assert pages_of(answer.content) == 2
        assert "丁丁丁" not in words_of(answer.content)
        assert (made.total, made.left_out) == (2, 1)

    def test_who_paid_since_the_request_is_left_out_and_counted(self, batch, cashier):
        made = printing.request_batch(batch=batch, school_class=None, by=cashier)
        pay(batch.bills.order_by("pk")[0], cashier)
        printing.set_batch.func(made.pk)

        made.refresh_from_db()
        assert (made.state, made.done, made.total, made.left_out) == ("ready", 2, 2, 2)

    def test_who_pays_while_it_is_set_is_left_out_and_counted(self, batch, cashier, monkeypatch):
        made = printing.request_batch(batch=batch, school_class=None, by=cashier)
        real = printing.facts_of_classes

        def slowly(keys, made):
            pay(batch.bills.get(student__name="丁丁丁"), cashier)
            yield from real(keys, made)

        monkeypatch.setattr(printing, "facts_of_classes", slowly)
        printing.set_batch.func(made.pk)

        made.refresh_from_db()
        assert (made.state, made.done, made.total, made.left_out) == ("ready", 2, 2, 2)

    def test_the_same_wish_twice_is_one_batch(self, batch, cashier, school_class):
        wishes = [None, None, school_class, school_class]
        made = [printing.request_batch(batch=batch, school_class=one, by=cashier) for one in wishes]

        assert [one.pk for one in made[::2]] == [one.pk for one in made[1::2]]
        assert BillSlipBatch.objects.count() == 2

    def test_nothing_to_print_is_said_beside_the_form(self, press, batch):
        batch.bills.update(due_on=timezone.localdate() - timedelta(days=1))

        assert "沒有可以印的繳費單" in press("slips", batch=batch.pk).content.decode()
        assert not BillSlipBatch.objects.exists()

    def test_drafts_and_other_schools_batches_are_no_choice(self, press, school, batch):
        for other in (batch_of(school, state="draft"), issued_bill().batch):
            assert "請選擇已發出的繳費批次" in press("slips", batch=other.pk).content.decode()
        foreign = SchoolClassFactory()
        assert press("slips", batch=batch.pk, school_class=foreign.pk).status_code == 200
        assert not BillSlipBatch.objects.exists()

    def test_one_that_failed_is_started_again(self, press, desk, batch, cashier, monkeypatch):
        monkeypatch.setattr(slips, "set_slips", lambda facts: 1 / 0)
        made = finished_bill_slips(batch, by=cashier)
        assert "沒有完成" in desk("slip-batch", made.pk).content.decode()
        monkeypatch.undo()

        for _twice in range(2):
            press("slip-batch-again", made.pk)
        printing.set_batch.func(made.pk)

        made.refresh_from_db()
        assert made.state == "ready"
        assert "不需要重新製作" in press("slip-batch-again", made.pk).content.decode()

    def test_another_schools_slips_do_not_exist(self, desk):
        foreign = issued_bill()
        made = finished_bill_slips(foreign.batch, by=cashier_of(foreign.school))

        assert desk("slip-batch", made.pk).status_code == 404
        assert desk("slip-batch-file", made.pk).status_code == 404

    def test_files_go_after_a_day(self, desk, batch, cashier):
        made = finished_bill_slips(batch, by=cashier)
        BillSlipBatch.objects.update(finished_at=timezone.now() - timedelta(days=2))

        assert desk("slip-batch-file", made.pk).status_code == 404
        call_command("remove_printed_files")

        made.refresh_from_db()
        assert not made.file
        assert not batches.sweep(BillSlipBatch.objects.all())

    def test_characters_that_cannot_be_printed_are_told(self, desk, batch, cashier):
        student = batch.bills.get(student__name="甲甲甲").student
        type(student).objects.filter(pk=student.pk).update(name="陳𠮷安")

        made = finished_bill_slips(batch, by=cashier)

        assert "𠮷" in html.unescape(desk("slip-batch", made.pk).content.decode())

    @pytest.mark.parametrize("size", [1, 12])
    def test_pages_cost_the_same_queries(self, desk, press, batch, cashier, size, django_assert_max_num_queries):
        for n in range(size):
            BillSlipBatch.objects.create(school=batch.school, batch=batch, made_by=cashier, total=n)
            issued_bill(batch.bills.first().student, batch=batch_of(batch.school, title=str(n)))
        number = batch.bills.first().student.student_number

        asked = dict(parse_qsl(urlsplit(found_by(press, number).redirect_chain[0][0]).query))
        with django_assert_max_num_queries(12):
            assert desk("slips", **asked).status_code == 200
        with django_assert_max_num_queries(8):
            assert desk("slip-batch", BillSlipBatch.objects.first().pk).status_code == 200
