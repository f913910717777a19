"""A table of charges becomes amounts: as spreadsheets leave it, with all errors at once and nothing by halves."""

import io
import unicodedata

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError

from billing.bills.charges import Kind, charges_of, dollars, read_charges, template_of
from core.spreadsheets import tidy
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


def book(*lines, **sheets):
    """A workbook of one sheet, or of several by name; a cell that begins with = is a formula."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as workbook:
        for name, rows in (sheets or {"工作表1": lines}).items():
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write_number(row, column, cell)
    return written.getvalue()


def amounts_of(data, school, **kinds):
    """[the items of each charge], by what is proposed but for `kinds` by title."""
    reading = read_charges(data, school=school)
    assert not reading.errors, reading.errors
    for column in reading.columns:
        column.kind = kinds.get(column.title, column.kind)
    students = Student.objects.filter(school=school).in_bulk()
    charges, errors = charges_of(reading.columns, reading.lines, students)
    assert not errors, errors
    return [{name: amount for name, amount in one.items if amount} for one in charges]


def told(data, school):
    """(line, column, reason) of what is wrong, with the proposed kinds."""
    reading = read_charges(data, school=school)
    errors = reading.errors
    if not errors:
        students = Student.objects.filter(school=school).in_bulk()
        _charges, errors = charges_of(reading.columns, reading.lines, students)
    return [(one.line, one.column, one.reason) for one in errors]


def kinds(data, school):
    reading = read_charges(data, school=school)
    assert not reading.errors, reading.errors
    return {one.title: one.kind for one in reading.columns}


class TestReading:
    def test_a_line_a_student_and_a_column_an_item(self, school):
        data = csv("學號,姓名,學費,雜費,減免", "10630001,王小明,6240,1740,-1200", "10630002,,6240,,")

        assert amounts_of(data, school) == [{"學費": 6240, "雜費": 1740, "減免": -1200}, {"學費": 6240}]

    def test_excel_with_numbers_as_it_keeps_them(self, school):
        data = book(
            ["臺北市立第一高級中學"],
            ["學號", "學費", "合計"],
            [10630001.0, 6240.0000000001, 6240],
            ["10630002", "1,200", None],
        )

        assert amounts_of(data, school) == [{"學費": 6240}, {"學費": 1200}]

    def test_by_class_and_seat(self, school, students):
        reading = read_charges(csv("班級,座號,學費", "301班,3,500"), school=school)

        assert [one.student for one in reading.lines] == [students[2].pk]

    @pytest.mark.parametrize(
        ("text", "amount"),
        [
            ("1200", 1200), ("1,200", 1200), ("1,200.00", 1200), ("1200.0000000001", 1200), ("NT$ 1,200元", 1200),
            ("NT$1,200", 1200), ("1200元", 1200), ("新臺幣1,200元整", 1200), ("１，２００", 1200), ("１２００．００", 1200),
            ("1 200", 1200), ("$ 30", 30), ("+7", 7), ("0", 0), ("0.00", 0),
            ("-500", -500), ("−500", -500), ("－500", -500), ("500-", -500), ("(500)", -500), ("（500）", -500),
            ("△500", -500), ("▲500", -500), ("-$30", -30), ("NT$-30", -30), ("($30)", -30),
            ("", None), ("-", None), ("—", None), ("－", None), ("　", None),
        ],
    )  # fmt: skip
    def test_amounts_as_offices_write_them(self, text, amount):
        assert dollars(tidy(text)) == amount

    @pytest.mark.parametrize(
        "text",
        [
            "1200.5", "1,200.004", "0.5", "1.2E3", "1.2E+03", "一千", "50%", "100%", "2026-09-01", "115/9/1", "1,20", "1 20",
            "0912345678", "0500", "--500", "-500-", "-(500)", "△-500", "1'200", "٣٠", "免", "=1+2", "9999999999", "△",
        ],
    )  # fmt: skip
    def test_what_is_no_whole_amount_for_certain_is_refused(self, text):
        with pytest.raises(ValidationError):
            dollars(tidy(text))

    def test_a_percentage_and_a_date_of_a_workbook_are_refused(self, school):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, ["學號", "學費", "雜費"])
            sheet.write_row(1, 0, ["10630001", 500])
            sheet.write_number(1, 2, 1, workbook.add_format({"num_format": "0%"}))
            sheet.write_row(2, 0, ["10630002", 500])
            sheet.write_number(2, 2, 46266, workbook.add_format({"num_format": "yyyy-mm-dd"}))

        assert [one[:2] for one in told(written.getvalue(), school)] == [(2, "雜費"), (3, "雜費")]

    @pytest.mark.parametrize(
        "name", ["以莉‧高露", "以莉·高露", "以莉・高露", "以莉．高露", "以莉 • 高露", "以莉\u200b·高露"]
    )
    def test_a_name_with_another_middle_dot_is_the_same_name(self, school, students, name):
        Student.objects.filter(pk=students[0].pk).update(name="以莉．高露")

        assert amounts_of(csv("學號,姓名,學費", f"10630001,{name},5900"), school) == [{"學費": 5900}]

    def test_a_name_in_pieces_or_with_spaces_is_the_same_name(self, school, students):
        Student.objects.filter(pk=students[0].pk).update(name="Nguyễn Thị Hoa")
        apart = unicodedata.normalize("NFD", "nguyễn  thị hoa")

        data = csv("學號,姓名,學費", f"10630001,{apart},100", "10630002,李 小華,100")
        assert len(amounts_of(data, school)) == 2

    def test_another_name_is_asked_about(self, school):
        [(line, column, words)] = told(csv("學號,姓名,學費", "10630001,李小華,100"), school)
        assert (line, column) == (2, "姓名")
        assert "確認是不是同一個學生" in words


class TestSheets:
    def test_all_visible_sheets_are_read_and_one_title_is_one_column(self, school):
        data = book(
            一班=[["學號", "學費"], ["10630001", 100]], 二班=[["學號", "雜費", " 學 費*"], ["10630002", 7, 200]]
        )

        assert amounts_of(data, school) == [{"學費": 100}, {"學費": 200, "雜費": 7}]

    def test_a_student_on_two_sheets_is_told_with_both_places(self, school):
        data = book(一班=[["學號", "學費"], ["10630001", 1]], 二班=[["學號", "學費"], ["10630001", 1]])

        [error] = read_charges(data, school=school).errors
        assert (error.sheet, error.line) == ("二班", 2)
        assert "「一班」工作表第 2 列" in error.reason

    def test_a_sheet_without_titles_and_a_hidden_one_are_named(self, school):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as workbook:
            workbook.add_worksheet("填表說明").write_string(0, 0, "請填金額")
            workbook.add_worksheet("草稿").hide()
            sheet = workbook.add_worksheet("收費")
            sheet.write_row(0, 0, ["學號", "學費"])
            sheet.write_row(1, 0, ["10630001", 5])

        reading = read_charges(written.getvalue(), school=school)

        assert not reading.errors
        assert any("填表說明" in one for one in reading.notes)
        assert any("草稿" in one for one in reading.notes)

    def test_a_foot_line_is_named_and_compared(self, school):
        data = csv("學號,姓名,學費,雜費", "10630001,,100,5", "10630002,,200,", "合計,,300,6", "製表人：出納,,,")

        reading = read_charges(data, school=school)

        assert len(reading.lines) == 2
        assert any("第 4 列「合計 300 6」不是資料" in one for one in reading.notes)
        assert any("第 4 列「雜費」寫 6 元，讀到的各列相加是 5 元" in one for one in reading.notes)
        assert not any("「學費」寫" in one for one in reading.notes)
        assert any("第 5 列「製表人:出納」不是資料" in one for one in reading.notes)

    def test_a_line_of_a_student_that_mentions_a_total_is_no_foot(self, school):
        [(line, column, _words)] = told(csv("學號,學費,備註", "10639999,100,合計已繳"), school)
        assert (line, column) == (2, "學號")


class TestNothingIsLeftOutUnsaid:
    def test_an_amount_under_no_title_is_refused(self, school):
        [(line, column, words)] = told(csv("學號,姓名,學費,,雜費", "10630001,王小明,5000,1200,300"), school)
        assert (line, column) == (2, "D 欄")
        assert "沒有標題" in words

    def test_an_amount_past_the_titles_in_the_last_row_is_refused(self, school):
        data = book(["學號", "學費"], ["10630001", 5], ["10630002", 5, None, 700])
        assert [one[:2] for one in told(data, school)] == [(3, "D 欄")]

    def test_words_under_no_title_are_named(self, school):
        reading = read_charges(csv("學號,學費,,", "10630001,5,已申請,-"), school=school)

        assert not reading.errors
        assert any("C 欄" in one for one in reading.notes)

    def test_a_column_of_words_between_fees_is_named_and_not_used(self, school):
        data = csv("學號,學費,身分別,雜費,班導", "10630001,5,低收入戶,6,王老師", "10630002,5,一般生,6,王老師")

        assert kinds(data, school) == {"學費": "fee", "身分別": "unused", "雜費": "fee", "班導": "unused"}
        assert amounts_of(data, school) == [{"學費": 5, "雜費": 6}] * 2

    def test_telephones_and_remarks_are_no_amounts(self, school):
        data = csv("學號,學費,備註,家長電話", "10630001,5,500,0912345678", "10630002,5,,27208889")
        assert kinds(data, school) == {"學費": "fee", "備註": "unused", "家長電話": "unused"}

    def test_a_fee_that_nobody_can_read_is_no_column_of_words(self, school):
        assert [one[:2] for one in told(csv("學號,學費,午餐", "10630001,5,一千"), school)] == [(2, "午餐")]

    @pytest.mark.parametrize("title", ["減免原因", "補助身分別", "繳費備註", "扣款帳號", "繳費日期"])
    def test_titles_of_words_about_money_are_not_used(self, school, title):
        assert kinds(csv(f"學號,學費,{title}", "10630001,5,7"), school)[title] == "unused"

    @pytest.mark.parametrize("title", ["家長會費", "導師費", "說明會報名費", "學生證補發費"])
    def test_titles_of_fees_with_such_words_are_fees(self, school, title):
        assert kinds(csv(f"學號,學費,{title}", "10630001,5,7"), school)[title] == "fee"

    def test_a_column_without_one_amount_is_said_once(self, school, students):
        more = [StudentFactory(school=school, school_class=students[0].school_class) for _ in range(5)]
        lines = [f"{one.student_number},5,3/1" for one in [*students, *more]]

        [(_line, column, words)] = told(csv("學號,學費,級別", *lines), school)
        assert column == "級別"
        assert "沒有一格是金額" in words

    @pytest.mark.parametrize("title", ["班導", "導師", "身分別", "身份別", "收費別", "住宿", "家庭狀況"])
    def test_a_column_of_words_is_no_error_and_not_used(self, school, title):
        lines = [f"1063000{n},5,{words}" for n, words in ((1, "王老師"), (2, "一般生"), (3, "低收入戶"))]

        assert kinds(csv(f"學號,學費,{title}", *lines), school)[title] == "unused"

    def test_a_hidden_column_is_said_to_be_hidden(self, school):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, ["學號", "學費", "雜費"])
            sheet.write_row(1, 0, ["10630001", 5, 7])
            sheet.set_column(2, 2, None, None, {"hidden": True})

        reading = read_charges(written.getvalue(), school=school)
        assert [(one.title, one.is_hidden, one.total) for one in reading.columns] == [
            ("學費", False, 5), ("雜費", True, 7)
        ]  # fmt: skip

    @pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!"])
    def test_a_cell_that_shows_an_error_is_refused(self, school, error):
        [(line, column, words)] = told(csv("學號,學費,雜費", f"10630001,5,{error}"), school)
        assert (line, column) == (2, "雜費")
        assert error in words

    def test_a_formula_that_nobody_computed_is_refused(self, school):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, ["學號", "學費", "雜費"])
            sheet.write_row(1, 0, ["10630001", 5])
            sheet.write_formula(1, 2, "=B2*2", None, "#N/A")

        assert [one[:2] for one in told(written.getvalue(), school)] == [(2, "雜費")]


class TestWhatAColumnIsFor:
    def test_a_positive_amount_of_a_discount_lowers_the_bill(self, school):
        data = csv("學號,學費,減免", "10630001,5000,2000")
        assert kinds(data, school) == {"學費": "fee", "減免": "discount"}
        assert amounts_of(data, school) == [{"學費": 5000, "減免": -2000}]

    @pytest.mark.parametrize(
        "title", ["減免", "補助款", "折扣", "優惠金額", "扣除額", "獎學金", "教科書補助費", "退費", "Discount"]
    )
    def test_titles_of_what_goes_off(self, school, title):
        assert kinds(csv(f"學號,學費,{title}", "10630001,5000,20"), school)[title] == "discount"

    def test_a_discount_with_both_signs_is_asked_about(self, school):
        data = csv("學號,學費,減免", "10630001,5000,200", "10630002,5000,-300")

        assert kinds(data, school)["減免"] == ""
        assert amounts_of(data, school, 減免=Kind.FEE) == [
            {"學費": 5000, "減免": 200}, {"學費": 5000, "減免": -300}
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "title",
        ["合計", "總計", "小計", "應繳總額", "應繳金額", "實收金額", "應收", "應繳", "本期應繳金額", "減免後金額", "總金額", "Total"],
    )  # fmt: skip
    def test_titles_of_totals_are_checked_and_never_billed(self, school, title):
        right = csv(f"學號,學費,雜費,{title}", "10630001,5,6,11")
        assert kinds(right, school)[title] == "total"
        assert amounts_of(right, school) == [{"學費": 5, "雜費": 6}]

        [(line, column, words)] = told(csv(f"學號,學費,雜費,{title}", "10630001,5,6,12"), school)
        assert (line, column) == (2, title)
        assert "11" in words

    def test_an_item_that_is_owed_is_no_total(self, school):
        data = csv("學號,應繳學費,代收代辦費", "10630001,5,9")
        assert kinds(data, school) == {"應繳學費": "fee", "代收代辦費": "fee"}

    def test_two_totals_one_before_and_one_after_the_discount(self, school):
        data = csv("學號,學費,雜費,應繳總額,減免,實收金額", "10630001,5,6,11,2,9", "10630002,7,8,15,3,12")
        assert amounts_of(data, school) == [
            {"學費": 5, "雜費": 6, "減免": -2}, {"學費": 7, "雜費": 8, "減免": -3}
        ]  # fmt: skip

    def test_a_total_that_is_wrong_on_one_line_names_that_line(self, school):
        lines = ["10630001,5,6,11", "10630002,7,8,99", "10630003,1,2,3"]
        [(line, column, words)] = told(csv("學號,學費,雜費,合計", *lines), school)
        assert (line, column) == (3, "合計")
        assert "99" in words
        assert "15" in words

    def test_an_unnamed_sum_of_the_others_is_asked_about(self, school):
        data = csv("學號,學費,雜費,收費", "10630001,5,6,11", "10630002,7,8,15", "10630003,1,2,3")
        assert kinds(data, school) == {"學費": "fee", "雜費": "fee", "收費": ""}

    def test_an_unnamed_sum_that_is_wrong_on_one_line_is_asked_about(self, school):
        data = csv("學號,學費,雜費,收費", "10630001,5,6,11", "10630002,7,8,99", "10630003,1,2,3")
        assert kinds(data, school)["收費"] == ""

    def test_two_unnamed_sums_are_asked_about(self, school):
        data = csv("學號,學費,雜費,甲,午餐,課輔,乙,丙", "10630001,5,6,11,3,4,7,18", "10630002,7,8,15,1,2,3,18")
        asked = [title for title, kind in kinds(data, school).items() if not kind]
        assert asked == ["甲", "乙", "丙"]

    def test_a_sum_left_of_its_parts_is_asked_about(self, school):
        data = csv("學號,甲,學費,雜費", "10630001,11,5,6", "10630002,15,7,8")
        assert kinds(data, school) == {"甲": "", "學費": "fee", "雜費": "fee"}

    def test_a_sum_of_one_fee_is_asked_about(self, school):
        assert set(kinds(csv("學號,學費,繳費", "10630001,5,5", "10630002,7,7"), school).values()) == {""}

    def test_what_was_paid_already_is_asked_about(self, school):
        assert kinds(csv("學號,學費,已繳金額", "10630001,500,100"), school)["已繳金額"] == ""

    def test_a_single_column_of_totals_is_asked_about(self, school):
        data = csv("學號,應繳金額", "10630001,500")
        assert kinds(data, school) == {"應繳金額": ""}
        assert amounts_of(data, school, 應繳金額=Kind.FEE) == [{"應繳金額": 500}]


class TestErrors:
    @pytest.mark.parametrize(
        ("line", "column", "words"),
        [
            ("99999999,,100", "學號", "沒有這個學生"),
            (",,100", "學號", "請填學號"),
            ("10630001,李小華,100", "姓名", "姓名和學籍資料不同"),
            ("10630001,,12.5", "學費", "金額有小數"),
            ("10630001,,=1+2", "學費", "金額要是整數"),
            ("10630001,,abc", "學費", "金額要是整數"),
            ("10630001,,9999999999", "學費", "金額太大"),
            ("10630001,,-5", "", "減免比應繳的還多"),
            ("10630001,,", "", "沒有任何金額"),
        ],
    )
    def test_say_line_column_and_reason(self, school, line, column, words):
        [(number, where, reason)] = [one for one in told(csv("學號,姓名,學費", line), school) if words in one[2]]
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
            (csv("姓名,學費", "王小明,5"), "標題要有「學號」"),
            (csv("學號,姓名", "10630001,王小明"), "沒有任何收費項目"),
            (csv("學號,學費,學費", "10630001,5,6"), "出現兩次"),
            (csv("學號," + ",".join(f"x{n}" for n in range(200_000)), "10630001,5"), "超過 60 欄"),
            (csv("學號,學費"), "沒有任何學生"),
            (csv("學號," + ",".join(f"項目{n}" for n in range(31)), "10630001" + ",5" * 31), "最多 30 欄"),
            (csv("學號," + "很長的標題" * 9, "10630001,5"), "最多 40 個字"),
            (b"PK\x03\x04rubbish", "不完整"),
            (csv("學號,學費,A123456789", "10630001,5,6"), "標題像身分證字號"),
            (b"\x00\x01\x02", "編碼"),
        ],
    )
    def test_of_the_file_as_a_whole(self, school, data, words):
        [error] = told(data, school)
        assert words in error[2]

    def test_a_large_file(self, school, settings):
        settings.CHARGES_MAX_BYTES = 10
        [error] = told(csv("學號,學費", "10630001,5"), school)
        assert "檔案太大" in error[2]

    def test_of_too_many_rows(self, school, monkeypatch):
        monkeypatch.setattr("billing.bills.charges.reading.MOST_ROWS", 2)
        [error] = told(csv("學號,學費", "10630001,5", ",", "10630002,5", "10630003,5"), school)
        assert "超過 2 列" in error[2]

    def test_tell_no_identity_number(self, school):
        """A column of ID numbers is no item, and what stands in it is not said."""
        errors = told(csv("學號,身分證字號", "10630001,A123456789"), school)
        assert errors
        assert "A123456789" not in str(errors)


def test_the_template_can_be_filled_in(school, students):
    data = template_of(Student.objects.filter(school=school).select_related("school_class"))

    reading = read_charges(data, school=school)

    assert {one.reason for one in reading.errors} == {"這一列沒有任何金額。免繳的學生請不要列在表上。"}
    assert len(reading.errors) == 3
