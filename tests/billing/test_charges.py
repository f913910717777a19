"""A table of charges becomes amounts: as spreadsheets leave it, with all errors at once and nothing by halves."""

import io

import pytest
import xlsxwriter

from billing.charges import Charge, dollars, read_charges, template_of
from registry.models import Student
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def students():
    school_class = SchoolClassFactory(name="301")
    return [
        StudentFactory(
            school=school_class.school, school_class=school_class, seat_number=seat,
            student_number=f"1063000{seat}", name=name,
        )
        for seat, name in ((1, "王小明"), (2, "李小華"), (3, "陳小美"))
    ]  # fmt: skip


@pytest.fixture
def school(students):
    return students[0].school


def csv(*lines):
    return "\n".join(lines).encode()


def book(*lines):
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as workbook:
        sheet = workbook.add_worksheet()
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write_number(row, column, cell)
    return written.getvalue()


def told(data, school):
    found, errors = read_charges(data, school=school)
    assert not (found and errors)
    return [(one.line, one.column, one.reason) for one in errors]


class TestReading:
    def test_a_line_a_student_and_a_column_an_item(self, school, students):
        data = csv("學號,姓名,學費,雜費,減免", "10630001,王小明,6240,1740,-1200", "10630002,,6240,,")

        found, errors = read_charges(data, school=school)

        assert not errors
        assert found == [
            Charge(students[0], (("學費", 6240), ("雜費", 1740), ("減免", -1200))),
            Charge(students[1], (("學費", 6240),)),
        ]
        assert [one.amount for one in found] == [6780, 6240]

    def test_excel_with_numbers_as_it_keeps_them(self, school, students):
        data = book(
            ["臺北市立第一高級中學"],
            ["學號", "學費", "合計"],
            [10630001.0, 6240.0, 6240],
            ["10630002", "1,200", None],
        )

        found, errors = read_charges(data, school=school)

        assert not errors
        assert [(one.student, one.amount) for one in found] == [(students[0], 6240), (students[1], 1200)]

    def test_by_class_and_seat(self, school, students):
        found, errors = read_charges(csv("班級,座號,學費", "301,3,500"), school=school)

        assert not errors
        assert found == [Charge(students[2], (("學費", 500),))]

    @pytest.mark.parametrize(
        ("text", "amount"),
        [
            ("1200", 1200), ("1,200", 1200), ("-500", -500), ("−500", -500), ("(500)", -500), ("NT$1,200", 1200),
            ("$ 30", 30), ("-$30", -30), ("1200元", 1200), ("0", 0), ("", None), ("+7", 7),
        ],
    )  # fmt: skip
    def test_amounts_as_people_write_them(self, text, amount):
        assert dollars(text) == amount

    def test_full_width_figures(self, school):
        found, errors = read_charges(
            book(["學號", "學費"], ["１０６３０００１", "１，２００"]), school=school
        )
        assert not errors
        assert found[0].amount == 1200

    def test_remarks_are_left_out(self, school):
        found, errors = read_charges(csv("學號,學費,備註", "10630001,5,請洽導師"), school=school)

        assert not errors
        assert found[0].items == (("學費", 5),)


class TestErrors:
    @pytest.mark.parametrize(
        ("line", "column", "words"),
        [
            ("99999999,,100", "學號", "沒有這個學生"),
            (",,100", "學號", "請填學號"),
            ("10630001,李小華,100", "姓名", "姓名和學籍資料不同"),
            ("10630001,,12.5", "學費", "金額要是整數"),
            ("10630001,,=1+2", "學費", "金額要是整數"),
            ("10630001,,abc", "學費", "金額要是整數"),
            ("10630001,,9999999999", "學費", "金額太大"),
            ("10630001,,-5", "", "減免比應繳的還多"),
            ("10630001,,", "", "沒有任何金額"),
        ],
    )
    def test_say_line_column_and_reason(self, school, line, column, words):
        [(number, where, reason)] = [
            one for one in told(csv("學號,姓名,學費", line), school) if words in one[2]
        ]
        assert (number, where) == (2, column)
        assert words in reason

    def test_come_all_at_once(self, school):
        data = csv("學號,學費", "10630001,x", "1,5", "10630002,", "10630003,7", "10630003,7")

        assert [line for line, _column, _reason in told(data, school)] == [2, 3, 4, 6]

    def test_a_student_twice(self, school):
        [error] = told(csv("學號,學費", "10630001,5", "10630001,5"), school)
        assert error[:2] == (3, "學號")
        assert "第 2 列" in error[2]

    def test_who_is_not_at_school(self, school, students):
        Student.objects.filter(pk=students[0].pk).update(status="graduated")
        [error] = told(csv("學號,學費", "10630001,5"), school)
        assert "畢業" in error[2]

    def test_another_schools_student(self, school):
        other = StudentFactory()
        [error] = told(csv("學號,學費", f"{other.student_number},5"), school)
        assert "沒有這個學生" in error[2]

    def test_a_total_that_does_not_add_up(self, school):
        [error] = told(csv("學號,學費,雜費,合計", "10630001,5,6,12"), school)
        assert error[1] == "合計"
        assert "11" in error[2]

    def test_another_class(self, school):
        [error] = told(csv("學號,班級,學費", "10630001,302,5"), school)
        assert "301 班" in error[2]

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "標題"),
            (csv("姓名,學費", "王小明,5"), "要有「學號」"),
            (csv("學號,姓名", "10630001,王小明"), "沒有任何收費項目"),
            (csv("學號,學費,學費", "10630001,5,6"), "出現兩次"),
            (csv("學號," + ",".join(f"x{n}" for n in range(200_000)), "10630001,5"), "超過 60 欄"),
            (csv("學號,學費", *[","] * 20_000, "10630001,5"), "超過 10000 列"),
            (csv("學號,學費"), "沒有任何學生"),
            (csv("學號," + ",".join(f"項目{n}" for n in range(31)), "10630001,5"), "最多 30 欄"),
            (csv("學號," + "很長的標題" * 9, "10630001,5"), "最多 40 個字"),
            (b"PK\x03\x04rubbish", "不完整"),
            (b"\xff\xfe1\x002\x00\x00", "編碼"),
        ],
    )
    def test_of_the_file_as_a_whole(self, school, data, words):
        [error] = told(data, school)
        assert words in error[2]

    def test_a_large_file(self, school, settings):
        settings.CHARGES_MAX_BYTES = 10
        [error] = told(csv("學號,學費", "10630001,5"), school)
        assert "檔案太大" in error[2]

    def test_tell_no_identity_number(self, school):
        """A column of ID numbers is no item, and what stands in it is not said."""
        errors = told(csv("學號,身分證字號", "10630001,A123456789"), school)
        assert errors
        assert "A123456789" not in str(errors)


def test_the_template_can_be_filled_in(school, students):
    data = template_of(Student.objects.filter(school=school).select_related("school_class"))

    found, errors = read_charges(data, school=school)

    assert not found
    assert {one.reason for one in errors} == {"這一列沒有任何金額。免繳的學生請不要列在表上。"}
    assert len(errors) == 3
