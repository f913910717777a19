"""The cashier's pages of bills: a table becomes a draft, the draft is looked through, issued, corrected, closed."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from billing.bills import releasing
from billing.bills.models import Bill, BillBatch, ChargeTable
from billing.payments.models import Refund
from core.formats import roc_short
from tests.billing.bills.cashier_pages import confirm, due, table, typed, upload
from tests.billing.money import agent_of, batch_of, end_wait, issued_bill
from tests.registry.factories import SchoolClassFactory, StudentFactory
from tests.support.lists import search
from tests.support.worker import do_waiting_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client, address, students):
    upload(client, address, "學號,學費,減免", "10630001,6240,-240", "10630002,100,-100")
    confirm(client, address)
    return BillBatch.objects.get()


def cells_of(response):
    """All cells of a workbook, as texts."""
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    return {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}


def issue(client, address, batch, **data):
    """The cashier looks and presses; the wait is over."""
    response = client.post(address("batch-issue", batch.pk), {"looked": "on", **data}, follow=True)
    end_wait(batch)
    releasing.release_due()
    return response


class TestUploading:
    def test_leads_to_its_columns_and_then_to_the_draft(self, client, address, students):
        response = upload(client, address, "學號,學費", "10630001,6240", "10630003,6240")

        pk = ChargeTable.objects.get().pk
        assert response.redirect_chain == [(address("charges", pk), 302)]
        assert "12,480" in response.content.decode()
        assert not BillBatch.objects.exists()

        response = confirm(client, address)

        page = response.content.decode()
        batch = BillBatch.objects.get()
        assert response.redirect_chain == [(address("batch", batch.pk), 302)]
        assert "家長還看不到" in page
        assert "12,480" in page
        assert "1 位在學的學生沒有繳費單" in page
        assert "還沒有代收設定" in page
        assert not ChargeTable.objects.exists()

    def test_with_errors_makes_nothing_and_keeps_what_was_typed(self, client, address, students):
        file = table("學號,學費", "10630001,x", "99,5")

        page = client.post(address("batch-upload"), typed(file=file, title="代收費")).content.decode()

        assert "有 2 個地方要修正" in page
        assert "金額要是整數" in page
        assert 'value="代收費"' in page
        assert not BillBatch.objects.exists()

    def test_tells_of_the_table_even_when_another_field_is_wrong(self, client, address, students):
        file = table("學號,學費", "10630001,x")

        page = client.post(address("batch-upload"), typed(file=file, due_on="115/01/01")).content.decode()

        assert "繳費期限已經過了" in page
        assert "有 1 個地方要修正" in page

    def test_its_errors_can_be_taken_away(self, client, address, students):
        page = client.post(address("batch-upload"), typed(file=table("學號,學費", "10630001,x")))
        told = page.context["told"]

        file = client.post(address("batch-errors"), {"told": told})

        assert file["Content-Type"].endswith("sheet")
        assert client.post(address("batch-errors"), {"told": told + "x"}).status_code == 404

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"due_on": "115/01/01"}, "繳費期限已經過了"),
            ({"due_on": "下週"}, "日期格式無法辨識"),
            ({"due_on": "199/09/14"}, "請檢查年份"),
            ({"title": ""}, "請填名稱"),
            ({"title": "A123456789"}, "請不要在這裡寫身分證統一編號"),
            ({"semester": "3"}, "學期"),
        ],
    )
    def test_says_what_is_wrong_beside_the_field(self, client, address, students, more, words):
        file = table("學號,學費", "10630001,5")
        page = client.post(address("batch-upload"), typed(file=file, **more)).content.decode()

        assert words in page
        assert not BillBatch.objects.exists()

    def test_of_the_same_name_asks_first(self, client, address, draft):
        again = {"file": table("學號,學費", "10630001,5")}
        page = client.post(address("batch-upload"), typed(**again)).content.decode()
        assert "這學期已經有「學雜費」" in page
        assert "還是要再做一批" in page

        upload(client, address, "學號,學費", "10630001,5", again="on")
        confirm(client, address)

        assert BillBatch.objects.count() == 2

    def test_of_a_huge_file_is_refused_unread(self, client, address, students, settings):
        settings.CHARGES_MAX_BYTES = 20
        file = table("學號,學費", *["10630001,5"] * 1000)

        page = client.post(address("batch-upload"), typed(file=file)).content.decode()

        assert "檔案太大" in page

    def test_has_a_template(self, client, address, students):
        assert client.get(address("batch-template"))["Content-Type"].endswith("sheet")


class TestFeeTable:
    def fees(self, school_class, **more):
        return typed(
            classes=[school_class.pk], item_0="社團費", amount_0="600", item_1="減免", amount_1="-100", rows=8, **more
        )

    def test_a_grade_is_all_its_classes(self, client, address, students, school_class):
        other = SchoolClassFactory(school=school_class.school, name="302")
        StudentFactory(school=other.school, school_class=other)
        fees = self.fees(school_class, grades="3")
        del fees["classes"]

        client.post(address("batch-fees"), fees)

        assert Bill.objects.count() == 4

    def test_charges_every_student_of_the_classes(self, client, address, students, school_class):
        client.post(address("batch-fees"), self.fees(school_class))

        assert sorted(Bill.objects.values_list("amount", flat=True)) == [500, 500, 500]

    def test_gives_more_rows_and_keeps_what_was_typed(self, client, address, students, school_class):
        page = client.post(address("batch-fees"), self.fees(school_class, more="1", title="")).content.decode()

        assert 'name="item_15"' in page
        assert 'value="社團費"' in page
        assert "請填名稱" not in page.partition("<form")[0]
        assert f'value="{school_class.pk}" id="class-{school_class.pk}" checked' in page

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"amount_0": "12.5"}, "金額有小數"),
            ({"item_0": ""}, "請填項目的名稱"),
            ({"item_1": "社團費"}, "這個項目寫了兩次"),
            ({"amount_1": "-700"}, "各項相加要在 0 元以上"),
            ({"item_0": "", "amount_0": "", "item_1": "", "amount_1": ""}, "請至少填一個收費項目"),
            ({"classes": []}, "請選擇班級"),
            ({"classes": ["999999"]}, "999999"),
        ],
    )
    def test_says_what_is_wrong(self, client, address, students, school_class, more, words):
        page = client.post(address("batch-fees"), self.fees(school_class) | more).content.decode()

        assert words in page
        assert not BillBatch.objects.exists()

    def test_knows_no_class_of_another_school(self, client, address, students):
        other = SchoolClassFactory()
        client.post(address("batch-fees"), self.fees(other))
        assert not BillBatch.objects.exists()


class TestABatch:
    def test_is_issued(self, client, address, draft, school):
        agent_of(school)

        page = issue(client, address, draft).content.decode()

        assert sorted(draft.bills.values_list("state", flat=True)) == ["issued", "paid"]
        assert "各班繳費情形" in page

    def test_of_many_is_issued_by_the_worker(self, client, address, draft, monkeypatch):
        monkeypatch.setattr("billing.bills.tasks.AT_ONCE", 1)

        response = client.post(address("batch-issue", draft.pk), {"looked": "on"}, follow=True)
        assert response.context["watch"] == 3
        assert "正在背景發出" in response.content.decode()
        do_waiting_tasks()

        draft.refresh_from_db()
        assert draft.state == "waiting"

    def test_whose_day_is_over_is_not_issued(self, client, address, draft):
        BillBatch.objects.update(due_on=timezone.localdate() - timedelta(days=1))

        page = issue(client, address, draft).content.decode()

        assert "不能發出" in page
        assert draft.bills.filter(state="draft").count() == 2

    def test_is_discarded_once(self, client, address, draft):
        for _press in range(2):
            assert client.post(address("batch-discard", draft.pk)).url == address("batches")
        assert not BillBatch.objects.exists()

    def test_is_narrowed(self, client, address, draft, students):
        def rows(**query):
            return client.get(address("batch", draft.pk), query).content.decode().count(">1063000")

        assert rows() == 2
        found = search(client, address("batch", draft.pk), "bills-of-a-batch", "10630002")
        assert found.content.decode().count(">1063000") == 1
        assert rows(state="paid") == 0
        assert rows(**{"class": students[0].school_class_id}) == 2
        assert rows(**{"class": "9" * 30, "state": "x"}) == 2

    def test_is_closed_with_a_reason(self, client, address, draft):
        issue(client, address, draft)
        assert "請寫下" in client.post(address("batch-close", draft.pk), {"reason": ""}).content.decode()

        page = client.post(address("batch-close", draft.pk), {"reason": "學期結束"}, follow=True)

        assert "學期結束" in page.content.decode()
        assert sorted(draft.bills.values_list("state", flat=True)) == ["paid", "void"]

    def test_is_taken_away_as_it_is_narrowed(self, client, address, draft):
        whole = cells_of(client.get(address("batch", draft.pk), {"export": "xlsx"}))
        none = cells_of(client.get(address("batch", draft.pk), {"export": "xlsx", "state": "paid"}))

        assert {"學費", "10630001", "10630002"} <= whole
        assert "10630001" not in none

    def test_list_shows_how_it_stands(self, client, address, school):
        batch = batch_of(school)
        for days in (5, -1):
            issued_bill(StudentFactory(school=school), batch=batch, days=days)

        one = client.get(address("batches")).context["listing"].shown[0]

        assert (one.people, one.open, one.overdue, one.paid) == (2, 1, 1, 0)
        assert (one.all_total, one.paid_total) == (7800, 0)

    @pytest.mark.parametrize("name", ["batches", "batch"])
    def test_takes_as_many_queries_for_thirty_bills(self, client, address, school, name, django_assert_max_num_queries):
        batch = batch_of(school)
        for _ in range(30):
            issued_bill(StudentFactory(school=school), batch=batch)
        with django_assert_max_num_queries(16):
            client.get(address(name, *([batch.pk] if name == "batch" else [])))


class TestABill:
    @pytest.fixture
    def bill(self, school):
        return issued_bill(StudentFactory(school=school, student_number="10630009"), agent=agent_of(school))

    def test_shows_items_codes_and_money(self, client, address, bill, django_assert_max_num_queries):
        with django_assert_max_num_queries(16):
            page = client.get(address("bill", bill.pk)).content.decode()

        assert bill.write_off_number in page
        assert "更正後重發" in page

    def test_is_voided_with_a_reason(self, client, address, bill):
        assert "請寫下" in client.post(address("bill-void", bill.pk), {"reason": ""}).content.decode()
        page = client.post(address("bill-void", bill.pk), {"reason": "重複"}, follow=True).content.decode()
        assert "已作廢" in page

        again = client.post(address("bill-void", bill.pk), {"reason": "重複"}, follow=True)
        assert "不能這樣處理" in again.content.decode()

    def test_asks_for_no_reason_when_it_is_too_late(self, client, address, bill):
        client.post(address("bill-void", bill.pk), {"reason": "重複"})

        for name in ("bill-void", "bill-reissue", "bill-give-back"):
            response = client.get(address(name, bill.pk), follow=True)
            assert response.redirect_chain == [(address("bill", bill.pk), 302)]
            assert "目前是「已作廢」，不能這樣處理" in response.content.decode()

    def test_is_reissued(self, client, address, bill):
        values = {"item_0": "學費", "amount_0": "3,000", "due_on": due(), "reason": "補助核定", "rows": 8}

        page = client.post(address("bill-reissue", bill.pk), values, follow=True).content.decode()

        new = Bill.objects.get(replaces=bill)
        assert new.amount == 3000
        assert "看原來的繳費單" in page
        assert "看取代它的繳費單" in client.get(address("bill", bill.pk)).content.decode()

    def test_reissuing_starts_from_what_it_was(self, client, address, bill):
        bill.items.create(position=1, name="學費", amount=3900)
        page = client.get(address("bill-reissue", bill.pk)).content.decode()

        assert 'value="學費"' in page
        assert 'value="3900"' in page
        assert f'value="{roc_short(bill.due_on)}"' in page

    def test_that_is_paid_goes_to_the_refunds(self, client, address, bill):
        client.post(
            reverse("billing:cashier-cash-take", args=[bill.school.slug, bill.pk]), {"account": "cash", "receipt": "A1"}
        )
        assert "退費" in client.get(address("bill", bill.pk)).content.decode()

        client.post(address("bill-give-back", bill.pk), {"ground": "other", "amount": "3,000", "note": "補助核定"})

        assert Refund.objects.get().why == "其他原因　補助核定"

    def test_of_another_school_does_not_exist(self, client, address):
        other = issued_bill()
        for name in ("bill", "bill-void", "bill-reissue", "bill-give-back"):
            assert client.get(address(name, other.pk)).status_code == 404
        assert client.get(address("batch", other.batch_id)).status_code == 404
        client.post(address("batch-discard", other.batch_id))
        assert BillBatch.objects.filter(pk=other.batch_id).exists()
