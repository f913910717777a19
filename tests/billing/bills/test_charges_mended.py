"""A refused table of charges comes back marked; equal errors are said once; items stand in the order of the sheet."""

from io import BytesIO

import pytest
from python_calamine import load_workbook

from audit.models import Event
from billing.bills import batch_figures
from billing.bills.models import BillBatch
from registry.models import WaitingFile
from tests.billing.bills.cashier_pages import confirm, upload
from tests.registry.factories import StudentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("students")]


def rows_of(answer):
    return load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_comes_back_with_what_is_wrong_in_its_cells(client, address):
    page = upload(client, address, "學號,學費,備註", "10630001,一千,x", "10630002,500,", "99999999,5,")
    answer = client.post(address("batch-marked"), {"file-waits": page.context["key"]})

    head, *rows = rows_of(answer)
    assert head == ["學號", "學費", "備註", "要修正的原因"]
    assert rows[0][1:] == ["一千", "x", "學費：金額要是整數，例如 1200 或 -500。"]
    assert rows[1][-1] == ""
    assert rows[2][-1].startswith("學號：")
    assert Event.objects.filter(event="charges.marked_file_taken").count() == 1


def test_is_not_offered_to_be_sent_again_as_it_is(client, address):
    page = upload(client, address, "學號,學費", "10630001,一千").content.decode()

    assert "已保留" not in page
    assert "問題已標示在格子裡" in page


def test_is_not_marked_where_it_is_gone(client, address):
    page = upload(client, address, "學號,學費", "10630001,一千")
    WaitingFile.objects.all().delete()

    answer = client.post(address("batch-marked"), {"file-waits": page.context["key"]}, follow=True)
    assert "請重新上傳" in answer.content.decode()


def test_equal_errors_of_a_column_are_said_once(client, address, school, school_class):
    children = [StudentFactory(school=school, school_class=school_class) for _one in range(8)]
    lines = [f"{one.student_number},免繳,5" for one in children]

    page = upload(client, address, "學號,冷氣費,學費", *lines, "10630001,300,5")

    assert page.context["error_count"] == 8
    [error] = page.context["errors"]
    assert "這一欄共 8 列都是這樣" in error.reason


def test_items_stand_in_the_order_of_the_sheet(client, address):
    upload(
        client, address, "學號,甲費,減免,乙費,丙費", "10630001,500,-100,,3", "10630002,,,7,3", "10630003,9,,8,",
    )  # fmt: skip
    confirm(client, address)

    batch = BillBatch.objects.get()
    assert [one["name"] for one in batch_figures.items_of(batch)] == ["甲費", "減免", "乙費", "丙費"]
    [one] = batch.bills.filter(student__student_number="10630002")
    assert [(item.name, item.amount) for item in one.items.all()] == [("乙費", 7), ("丙費", 3)]
