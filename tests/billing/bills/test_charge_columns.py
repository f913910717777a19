"""The page on which a cashier says what each column of a table is for; nothing is drafted before."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from billing.bills import charge_tables
from billing.bills.models import Bill, BillBatch, ChargeTable
from registry.models import Student
from tests.accounts.factories import log_in
from tests.billing.bills.cashier_pages import confirm, typed, upload
from tests.billing.money import cashier_of
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db
TOTAL = ("學號,學費,雜費,應繳總額", "10630001,5,6,11", "10630002,7,8,15")
SUM = ("學號,學費,雜費,收費", "10630001,5,6,11", "10630002,7,8,15")


def page_of(client, address):
    return client.get(address("charges", ChargeTable.objects.get().pk))


@pytest.mark.usefixtures("students")
class TestThePage:
    def test_names_each_column_with_cells_and_sum_and_survives_a_reload(self, client, address):
        upload(client, address, *TOTAL, title="學雜費")

        for _reload in range(2):
            page = page_of(client, address).content.decode()
            for words in ("學費", "雜費", "應繳總額", "26", "每一列都等於各項相加"):
                assert words in page
            assert "全部應繳（元）" in page
        assert "還沒確認的收費表" in client.get(address("batches")).content.decode()
        assert not BillBatch.objects.exists()

    def test_a_total_is_not_billed(self, client, address):
        upload(client, address, *TOTAL)
        confirm(client, address)
        assert sorted(Bill.objects.values_list("amount", flat=True)) == [11, 15]

    def test_an_unnamed_sum_must_be_decided(self, client, address):
        page = upload(client, address, *SUM).content.decode()
        assert "和其他各欄相加相同，可能是合計" in page

        page = confirm(client, address).content.decode()
        assert "請選擇這一欄的用途" in page
        assert not BillBatch.objects.exists()

        confirm(client, address, kind_2="total")
        assert sorted(Bill.objects.values_list("amount", flat=True)) == [11, 15]

    def test_that_it_was_looked_at_must_be_said(self, client, address):
        upload(client, address, *TOTAL)

        page = confirm(client, address, looked="").content.decode()

        assert "請看過每一欄的用途" in page
        assert not BillBatch.objects.exists()

    def test_a_wrong_total_names_its_line_and_can_be_left_out(self, client, address):
        upload(client, address, "學號,學費,雜費,合計", "10630001,5,6,11", "10630002,7,8,16", "10630003,1,2,3")

        page = confirm(client, address).content.decode()
        assert "寫 16 元，各項相加是 15 元" in page
        assert not BillBatch.objects.exists()

        confirm(client, address, kind_2="unused")
        assert Bill.objects.count() == 3

    def test_a_column_of_words_cant_become_a_fee(self, client, address):
        upload(client, address, "學號,學費,備註", "10630001,5,500")

        page = confirm(client, address, kind_1="fee").content.decode()

        assert "field--error" in page or "fee" in page
        assert not BillBatch.objects.exists()

    def test_a_discount_with_both_signs_is_not_taken_as_one(self, client, address):
        upload(client, address, "學號,學費,減免", "10630001,50,2", "10630002,50,-3")

        assert "有正數也有負數" in confirm(client, address, kind_1="discount").content.decode()
        confirm(client, address, kind_1="fee")
        assert sorted(Bill.objects.values_list("amount", flat=True)) == [47, 52]

    def test_without_a_fee_there_is_nothing_to_draft(self, client, address):
        upload(client, address, *TOTAL)
        page = confirm(client, address, kind_0="unused", kind_1="unused", kind_2="total").content.decode()
        assert "請至少選一欄是「收費項目」" in page

    def test_who_left_since_the_upload_is_told(self, client, address, students):
        upload(client, address, *TOTAL)
        Student.objects.filter(pk=students[0].pk).update(status="left")

        assert "已經不在本校在學" in confirm(client, address).content.decode()
        assert not BillBatch.objects.exists()

    def test_pressed_twice_drafts_once(self, client, address):
        upload(client, address, *TOTAL)
        pk = ChargeTable.objects.get().pk
        confirm(client, address)

        again = client.post(address("charges", pk), {"looked": "on"}, follow=True)

        assert again.redirect_chain == [(address("batches"), 302)]
        assert "已經建立草稿" in again.content.decode()
        assert BillBatch.objects.count() == 1

    def test_what_is_not_used_is_named(self, client, address):
        page = upload(client, address, "學號,學費,,", "10630001,5,已申請,", "合計,5,,").content.decode()
        assert "檔案裡沒有讀取或請留意的地方" in page
        assert "C 欄" in page
        assert "第 3 列「合計 5」不是資料" in page

    def test_it_can_be_thrown_away(self, client, address):
        upload(client, address, *TOTAL)
        pk = ChargeTable.objects.get().pk

        page = client.post(address("charges-discard", pk), follow=True).content.decode()

        assert "沒有產生任何繳費單" in page
        assert not ChargeTable.objects.exists()

    def test_of_another_school_does_not_exist(self, client, address):
        upload(client, address, *TOTAL)
        other = StudentFactory().school
        ChargeTable.objects.update(school=other)
        pk = ChargeTable.objects.get().pk

        assert client.get(address("charges", pk)).url == address("batches")
        client.post(address("charges-discard", pk))
        client.post(address("charges", pk), {"looked": "on"})

        assert ChargeTable.objects.filter(school=other).exists()
        assert not BillBatch.objects.exists()

    def test_takes_few_queries(self, client, address, django_assert_max_num_queries):
        upload(client, address, *TOTAL)
        with django_assert_max_num_queries(10):
            page_of(client, address)
        with django_assert_max_num_queries(40):  # page, press, draft
            confirm(client, address)


def test_what_nobody_confirmed_is_forgotten_after_a_week(school):
    by = cashier_of(school)
    facts = {"title": "x", "school_year": 115, "semester": 1, "due_on": timezone.localdate()}
    for days in (6, 8):
        table = ChargeTable.objects.create(school=school, made_by=by, columns=[], lines=[], notes=[], **facts)
        ChargeTable.objects.filter(pk=table.pk).update(made_at=timezone.now() - charge_tables.KEPT * days / 7)

    call_command("forget_charge_tables")

    assert ChargeTable.objects.count() == 1


class TestFeesByClass:
    @pytest.fixture
    def post(self, client, address, school_class, students):
        def send(*items, **more):
            data = typed(classes=[school_class.pk], rows=8, **more)
            for n, (name, amount) in enumerate(items):
                data |= {f"item_{n}": name, f"amount_{n}": amount}
            return client.post(address("batch-fees"), data, follow=True).content.decode()

        return send

    def test_a_positive_discount_is_asked_about(self, post):
        page = post(("學費", "600"), ("減免", "100"))

        assert "「減免」填正數會加到帳單上；要減免請填 -100" in page
        assert not BillBatch.objects.exists()
        post(("學費", "600"), ("減免", "100"), as_written="on")
        assert set(Bill.objects.values_list("amount", flat=True)) == {700}

    @pytest.mark.parametrize("name", ["合計", "應繳總額", "全部"])
    def test_a_total_beside_its_parts_is_asked_about(self, post, name):
        page = post(("學費", "600"), ("雜費", "100"), (name, "700"))

        assert f"「{name}」像是合計" in page
        assert not BillBatch.objects.exists()

    def test_what_goes_off_is_written_with_its_sign(self, post):
        post(("學費", "1,200.00"), ("減免", "△200"))
        assert set(Bill.objects.values_list("amount", flat=True)) == {1000}


def test_another_role_never_gets_there(school, address):
    assert log_in(Client(), cashier_of(StudentFactory().school)).get(address("charges", 1)).status_code == 404
