"""Slips and receipts as they come out of the printer: read, and scanned like at a store."""

from datetime import date, timedelta

import pypdfium2
import pytest
import zxingcpp
from django.utils import timezone

from billing.bills import codes
from billing.bills.models import Bill, BillItem, CollectingAgent
from billing.paper import slips
from registry.models import School
from tests.billing.money import agent_of, batch_of
from tests.billing.paper.printed import coded_bill, pages_of, scanned, words_of
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory
from tests.support.printed import LONG_SCHOOL

pytestmark = pytest.mark.django_db

TITLE = "學雜費"


@pytest.fixture
def student():
    school = SchoolFactory(slug="erdai", name="臺北市立二代高級中學", code="353301")
    school_class = SchoolClassFactory(school=school, name="301", school_year=115)
    return StudentFactory(school=school, school_class=school_class, seat_number=8, student_number="10630008")


@pytest.fixture
def bill(student):
    return coded_bill(student, title=TITLE)


def again(bill):
    return Bill.objects.filter(pk=bill.pk).for_paper().get()


def slip_of(bill):
    return slips.slip_pdf(again(bill))


def receipt_of(bill, **changes):
    fields = {"state": Bill.State.PAID, "paid_on": date(2026, 9, 3), **changes}
    Bill.objects.filter(pk=bill.pk).update(**fields)
    return slips.receipt_pdf(again(bill))


def dark_in(line):
    """(start, end) of each dark stretch of a line of dots."""
    found, start = [], None
    for place, is_dark in enumerate([*line, False]):
        if is_dark and start is None:
            start = place
        elif start is not None and not is_dark:
            found.append((start, place))
            start = None
    return found


class TestSlip:
    def test_says_whose_it_is_what_for_how_much_and_until_when(self, bill):
        words = words_of(slip_of(bill))

        for expected in [
            "臺北市立二代高級中學", "繳費單", "收執聯", "超商聯", "銀行聯", "115學年度第1學期", TITLE, "301", "08",
            "尹書妍", "10630008", "學費15,720", "減免學雜費−1,200", "新臺幣壹萬肆仟伍佰貳拾元整", "NT$14,520",
            f"民國{bill.due_on.year - 1911}年{bill.due_on.month}月{bill.due_on.day}日",
            "臺灣銀行公館分行", "004", "7006020000462711", "請沿虛線剪下", "紙本和線上只繳一種",
            "".join(str(bill.school.cashier_contact).split()),
        ]:  # fmt: skip
            assert expected in words, expected

    def test_is_read_by_scanners_of_stores_and_phones(self, bill, settings):
        settings.SITE_URL = "https://binding.tp.edu.tw"

        found = scanned(slip_of(bill))

        assert [text for kind, text in found if kind == "Code39"] == list(codes.store_codes(again(bill)))
        assert [text for kind, text in found if kind == "QRCode"] == ["https://binding.tp.edu.tw/billing/"]

    def test_bars_are_as_wide_as_high_and_as_free_as_stores_ask(self, bill):
        """Narrow bars of 0.25 mm, 6 mm white on either side, 8 mm high; measured at 40 dots a millimetre."""
        dots = 40
        with pypdfium2.PdfDocument(slip_of(bill)) as document:
            picture = document[0].render(scale=dots * 25.4 / 72, grayscale=True).to_pil()
        small = picture.resize((picture.width // 5, picture.height // 5))
        places = [one.position for one in zxingcpp.read_barcodes(small, formats=zxingcpp.BarcodeFormat.Code39)]
        assert len(places) == 3

        for place in places:
            y = (place.top_left.y + place.bottom_left.y) // 2 * 5
            start = place.top_left.x * 5 - 7 * dots
            row = [picture.getpixel((x, y)) < 128 for x in range(start, place.top_right.x * 5 + 7 * dots)]
            bars = dark_in(row)
            assert min(end - begin for begin, end in bars) >= 0.25 * dots
            assert bars[0][0] >= 6 * dots
            assert len(row) - bars[-1][1] >= 6 * dots
            x = start + sum(bars[0]) // 2
            column = [picture.getpixel((x, one)) < 128 for one in range(y - 9 * dots, y + 9 * dots)]
            assert any(begin <= 9 * dots < end and end - begin >= 8 * dots for begin, end in dark_in(column))

    def test_says_below_the_bars_what_is_in_them(self, bill):
        words = words_of(slip_of(bill))

        for one in codes.store_codes(again(bill)):
            assert one in words

    def test_carries_no_id_number(self, bill, student):
        words = words_of(slip_of(bill))

        assert student.identity_number not in words
        assert student.identity_number[-6:] not in words

    @pytest.mark.parametrize("items", [1, 10, 11, 30, 45])
    def test_is_one_page_however_many_items(self, student, items):
        names = [f"{n:02}{'教科書與簿本費' * 6}"[:40] for n in range(items)]
        bill = coded_bill(student, items=[(name, 401) for name in names], title="代收代辦費" * 12)

        pdf = slip_of(bill)

        assert pages_of(pdf) == 1
        words = words_of(pdf)
        assert all(name in words for name in names)
        assert words.count("401") >= items
        assert len(scanned(pdf)) == 4

    def test_the_longest_words_stay_on_their_page(self, settings):
        settings.SITE_URL = "https://parent-child-binding.department-of-education.taipei.gov.tw"
        school = SchoolFactory(**LONG_SCHOOL)
        student = StudentFactory(
            school=school,
            school_class=SchoolClassFactory(school=school, name="綜合高中三年忠班甲乙"),
            name="Nguyễn Thị Hoàng Phương Thảo Maria Josephine van der Bergen",
            student_number="A1234567890123456789",
        )
        agent = agent_of(school, bank_name="臺灣銀行公館分行" * 5, store_limit=999_999_999)
        items = [("學費" * 20, 4_321_098)] * 30
        bill = coded_bill(student, items=items, agent=agent, title="一一五學年度" * 10)

        pdf = slip_of(bill)

        assert pages_of(pdf) == 1
        assert len(scanned(pdf)) == 4
        words = words_of(pdf)
        assert "".join(student.name.split()) in words
        assert "臺灣銀行公館分行" * 5 in words

    def test_above_the_stores_limit_has_the_bank_alone(self, student):
        bill = coded_bill(student, items=[("學費", 20_001)])

        pdf = slip_of(bill)

        assert {kind for kind, _text in scanned(pdf)} == {"QRCode"}
        words = words_of(pdf)
        assert "超商聯" not in words
        assert "超過超商代收上限（20,000元）" in words
        assert bill.virtual_account in words

    def test_without_a_bank_has_the_store_alone(self, student):
        agent = agent_of(student.school, bank_rule="", write_off_prefix="AIIN")
        bill = coded_bill(student, agent=agent)

        pdf = slip_of(bill)

        assert "銀行聯" not in words_of(pdf)
        assert ("Code39", "AIIN000000046271") in scanned(pdf)

    def test_without_an_agent_is_paid_online_or_at_the_school(self, student):
        bill = coded_bill(student, agent=None)
        Bill.objects.filter(pk=bill.pk).update(agent=None, virtual_account="", write_off_number="")

        words = words_of(slip_of(bill))

        assert "到學校出納組繳納" in words
        assert "超商聯" not in words
        assert "銀行聯" not in words

    def test_of_nothing_to_pay_says_so(self, student):
        bill = coded_bill(student, items=[("學費", 500), ("減免", -499)])
        Bill.objects.update(amount=0)

        pdf = slip_of(bill)

        assert "不必繳費" in words_of(pdf)
        assert "零元整" in words_of(pdf)
        assert {kind for kind, _text in scanned(pdf)} == {"QRCode"}

    @pytest.mark.parametrize("words", ['#panic("x")', "*_`$\\", "<b>“\"'{}[]"])
    def test_words_are_only_ever_words(self, bill, student, words):
        School.objects.update(name=words)
        type(student).objects.update(name=words)
        BillItem.objects.update(name=words)

        text = words_of(slip_of(bill))

        assert text.count("".join(words.split())) == 5

    def test_leaves_a_box_for_what_the_font_does_not_have(self, bill, student):
        type(student).objects.update(name="陳𠮷安")

        assert "陳安" in words_of(slip_of(bill))

    @pytest.mark.parametrize("state", [one for one in Bill.State if one not in Bill.ON_PAPER])
    def test_is_of_open_bills_alone(self, bill, state):
        bill.state = state

        with pytest.raises(slips.NoSlip):
            slips.slip_pdf(bill)

    def test_is_not_of_an_overdue_bill(self, bill):
        bill.due_on = timezone.localdate()
        assert slips.slip_pdf(bill)
        bill.due_on -= timedelta(days=1)
        with pytest.raises(slips.NoSlip):
            slips.slip_pdf(bill)

    def test_many_come_page_by_page_each_with_its_own_codes(self, student):
        batch = batch_of(student.school)
        agent = agent_of(student.school)
        for n in range(3):
            other = StudentFactory(school=student.school, school_class=student.school_class)
            coded_bill(other, serial=n + 1, batch=batch, agent=agent)
        bills = list(batch.bills.order_by("pk").for_paper())

        pdf = slips.set_slips(slips.facts_of_slips(bills, student.school))

        assert pages_of(pdf) == 3
        for page, bill in enumerate(bills):
            assert {text for kind, text in scanned(pdf, page) if kind == "Code39"} == set(codes.store_codes(bill))

    def test_follows_the_agent_it_was_issued_under(self, bill, student):
        CollectingAgent.objects.update(retired_at=timezone.now())
        agent_of(student.school, collection_code="999")

        assert any(text.endswith("627") for _kind, text in scanned(slip_of(bill)))


class TestReceipt:
    def test_says_when_how_much_and_that_nothing_is_owed(self, bill):
        pdf = receipt_of(bill)
        words = words_of(pdf)

        for expected in [
            "收據", "已繳清", "民國115年9月3日", "NT$14,520", "新臺幣壹萬肆仟伍佰貳拾元整", "尹書妍", "學費15,720",
            f"353301-{bill.pk:08}",
        ]:  # fmt: skip
            assert expected in words
        assert pages_of(pdf) == 1

    def test_has_nothing_to_pay_with(self, bill):
        pdf = receipt_of(bill)

        assert scanned(pdf) == []
        assert bill.virtual_account not in words_of(pdf)

    @pytest.mark.parametrize("state", [one for one in Bill.State if one != Bill.State.PAID])
    def test_is_of_paid_bills_alone(self, bill, state):
        back = {"refund_due": bill.amount, "refunded": bill.amount, "part_refund": 1}.get(state, 0)
        facts: dict = {"owed_back": back, **({"issued_at": None} if state in Bill.NOT_YET else {})}
        with pytest.raises(slips.NoReceipt):
            receipt_of(bill, state=state, **facts)

    def test_of_thirty_items_is_one_page(self, student):
        bill = coded_bill(student, items=[(f"項目{n}", 100 + n) for n in range(30)])

        assert pages_of(receipt_of(bill)) == 1
