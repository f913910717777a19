"""The last day as a calendar entry: RFC 5545 to the octet, and no child's full name."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.family import calendar_entry
from tests.accounts.factories import log_in
from tests.billing.families import ZOE, bill_of, child_of, parent_of
from tests.billing.money import void


def unfolded(data):
    return data.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.django_db
class TestEntry:
    @pytest.fixture
    def zoe(self):
        return parent_of(ZOE)

    @pytest.fixture
    def bill(self, zoe):
        title = "學雜費；含代收,代辦\\課後照顧費（中低收入戶減免之後的金額，詳見學校網站公告說明）"
        return bill_of(child_of(ZOE), title=title)

    def get(self, zoe, bill):
        return log_in(Client(), zoe).get(reverse("billing:bill-due", args=[bill.pk]))

    def test_is_an_all_day_entry_with_an_alarm(self, zoe, bill):
        response = self.get(zoe, bill)

        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert response["Content-Disposition"] == f'attachment; filename="bill-{bill.pk}.ics"'
        lines = unfolded(response.content)
        assert lines[0] == "BEGIN:VCALENDAR"
        assert lines[-2:] == ["END:VCALENDAR", ""]
        assert f"DTSTART;VALUE=DATE:{bill.due_on:%Y%m%d}" in lines
        assert f"DTEND;VALUE=DATE:{bill.due_on + timedelta(days=1):%Y%m%d}" in lines
        alarm = lines[lines.index("BEGIN:VALARM") : lines.index("END:VALARM")]
        assert "TRIGGER:-P2DT15H" in alarm
        assert re.fullmatch(r"UID:bill-\d+@\S+", next(one for one in lines if one.startswith("UID")))

    def test_masks_the_name_and_escapes_the_title(self, zoe, bill):
        text = self.get(zoe, bill).content.decode().replace("\r\n ", "")

        assert bill.student.masked_name in text
        assert bill.student.name not in text
        assert r"含代收\,代辦\\課後照顧費" in text

    def test_lines_are_at_most_75_octets_and_end_with_crlf(self, zoe, bill):
        data = self.get(zoe, bill).content

        assert b"\n" not in data.replace(b"\r\n", b"")
        lines = data.split(b"\r\n")
        assert max(len(one) for one in lines) <= 75
        assert any(one.startswith(b" ") for one in lines)
        assert all(one.decode() is not None for one in lines)  # no character cut in two

    def test_of_an_open_bill_only(self, zoe, bill):
        void(bill)

        assert self.get(zoe, bill).status_code == 404

    def test_the_day_is_taipeis(self, zoe, bill):
        bill.due_on = date(2026, 12, 31)

        lines = unfolded(calendar_entry.of_bill(bill))

        assert "DTSTART;VALUE=DATE:20261231" in lines
        assert "DTEND;VALUE=DATE:20270101" in lines
        stamp = next(one for one in lines if one.startswith("DTSTAMP"))
        assert stamp.startswith(f"DTSTAMP:{timezone.now():%Y%m%d}T")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a,b;c\\d", "a\\,b\\;c\\\\d"), ("a\r\nb\nc\rd", "a\\nb\\nc\\nd"), ("a\x00\x07b\t", "ab"), ("a:b", "a:b")],
)
def test_escaping(text, escaped):
    assert calendar_entry.escape(text) == escaped


@pytest.mark.parametrize("line", ["", "x" * 75, "x" * 76, "x" * 500, "學" * 25, "學" * 26, "x" + "學" * 99, "🧒" * 60])
def test_folding(line):
    folded = calendar_entry.fold(line)

    assert folded.replace("\r\n ", "") == line
    assert all(len(one.encode()) <= 75 for one in folded.split("\r\n"))
    assert ("\r\n" in folded) == (len(line.encode()) > 75)
