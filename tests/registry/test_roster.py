"""The roster import: what it reads, what it refuses with line and column, what it writes."""

import io
import re
import zipfile
from datetime import date, datetime, timedelta

import pytest
import xlsxwriter
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core.spreadsheets import workbook
from registry.models import SchoolClass, Student
from registry.roster import import_roster
from tests.accounts.factories import log_in, registrar_of
from tests.registry.factories import SchoolFactory, StudentFactory, make_identity
from tests.registry.roster_files import HEADER, counts, errors_of, file_of, row

pytestmark = pytest.mark.django_db

DEMO = django_settings.BASE_DIR / "registry" / "demo"


@pytest.fixture
def school():
    return SchoolFactory()


class TestReading:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950"])
    def test_the_encodings_of_school_offices(self, school, encoding):
        data = file_of(row(1)).decode().encode(encoding)

        result = import_roster(school=school, data=data, by=None)

        assert result.errors == []
        assert Student.objects.get().name == "王小明"

    @pytest.mark.parametrize("separator", ["\t", ";"])
    def test_other_separators(self, school, separator):
        assert errors_of(file_of(row(1)).replace(b",", separator.encode()), school) == []

    def test_english_headers_in_any_order_with_columns_of_no_concern(self, school):
        header = "Name,seat,class,student_number,national_id,birth_date,homeroom_account,備註"
        line = f"Nguyen Thi Hoa,1,301,10630001,{make_identity(1)},2008-05-03,T301,無"

        import_roster(school=school, data=file_of(line, header=header), by=None)

        student = Student.objects.get()
        assert (student.name, student.school_class.homeroom.account) == ("Nguyen Thi Hoa", "t301")

    def test_what_spreadsheets_leave_behind(self, school):
        line = f'301.0,１,10630001.0,\'王小明,"=""{make_identity(1)}""",0970503,t301'

        import_roster(school=school, data=file_of(line), by=None)

        student = Student.objects.get()
        assert (student.student_number, student.seat_number, student.name) == ("10630001", 1, "王小明")

    @pytest.mark.parametrize("name", ["以莉．高露", "林﨑", "Nguyen Thi Hoa", "陳堃"])
    def test_names_are_kept_as_they_are_written(self, school, name):
        import_roster(school=school, data=file_of(row(1, name=name)), by=None)

        assert Student.objects.get().name == name

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "檔案是空的"),
            (b"\n\n", "檔案是空的"),
            (file_of(), "沒有任何學生"),
            (b"PK\x03\x04 anything", "檔案不完整"),
            (b"\xd0\xcf\x11\xe0 with a password", "無法讀取這個 Excel 檔"),
            (file_of(row(1)).decode().encode("utf-16-le"), "編碼無法辨識"),
            (file_of(row(1)).decode().encode("utf-16")[:-1], "編碼無法辨識"),
            (b"\xff\xff\xff\xff", "編碼無法辨識"),
            (file_of(row(1)) + b"\0", "編碼無法辨識"),
            (file_of(row(1), header=HEADER.replace("座號", "編號")), "缺少：座號"),
            (file_of(row(1), header=HEADER.replace("座號", "班級")), "標題重複"),
        ],
    )
    def test_a_file_that_cannot_be_read_says_why(self, data, words):
        [(_line, _column, reason)] = errors_of(data)

        assert words in reason

    def test_a_quote_left_open_never_swallows_the_students_after_it(self, school):
        data = file_of(row(1) + ",x", row(2) + ',"02-2321', row(3) + ",x", header=f"{HEADER},導師聯絡方式")

        result = import_roster(school=school, data=data, by=None)

        [error] = result.errors
        assert (error.line, str(error)[:6]) == (3, "第 3 列：")
        assert "引號" in error.reason
        assert not SchoolClass.objects.exists()

    @pytest.mark.parametrize(
        "second", [HEADER, "class,seat,student_number,name,national_id,birth_date,homeroom_account"]
    )
    def test_a_second_header_is_one_error(self, second):
        assert errors_of(file_of(row(1), second, row(2))) == [
            (3, "標題", "標題只能有一列，請刪除多出來的標題，兩層的標題請合併成一列。")
        ]

    def test_invisible_characters_are_dropped_and_characters_of_private_use_kept(self, school):
        line = row(1, seat="\u200b1", name="\ufeff王\u202e小\x07\ue000")

        import_roster(school=school, data=file_of(line), by=None)

        assert Student.objects.get().name == "王小\ue000"

    def test_a_huge_file_is_refused_unread(self, settings):
        settings.ROSTER_MAX_BYTES = 100

        assert "檔案超過" in errors_of(b"x" * 101)[0][2]

    def test_lines_are_counted_as_an_editor_does(self):
        data = file_of('301,1,10630001,"王\n小明",' + make_identity(1) + ",97/05/03,t301", "", row(2, seat="x"))

        assert errors_of(data) == [(5, "座號", "座號應該是 1 到 99 的數字。")]


class TestExcel:
    def workbook(self, *lines, columns=None, dates=False):
        written = io.BytesIO()
        book = xlsxwriter.Workbook(written, {"in_memory": True})
        sheet = book.add_worksheet("名冊")
        sheet.write_row(0, 0, columns or HEADER.split(","))
        for at, line in enumerate(lines, start=1):
            sheet.write_row(at, 0, line)
            if dates:
                sheet.write_datetime(at, 5, datetime(2008, 5, 3), book.add_format({"num_format": "yyyy/m/d"}))
        book.close()
        return written.getvalue()

    def line(self, n):
        return [301, n, 10630000.0 + n, "王小明", make_identity(n), "97/05/03", "t301"]

    @pytest.mark.parametrize("dates", [False, True])
    def test_numbers_and_dates_are_read_as_people_see_them(self, school, dates):
        data = self.workbook(self.line(1), self.line(2), dates=dates)

        result = import_roster(school=school, data=data, by=None)

        student = Student.objects.first()
        assert result.errors == []
        assert (student.student_number, student.school_class.name) == ("10630001", "301")
        assert student.birth_on == date(2008, 5, 3)

    def test_errors_name_the_line_of_the_sheet(self):
        bad = self.line(2)
        bad[1] = "x"

        assert errors_of(self.workbook(self.line(1), bad)) == [(3, "座號", "座號應該是 1 到 99 的數字。")]

    def test_formulas_are_text(self, school):
        line = self.line(1)
        line[3] = "'=王小明"

        [(_line, column, _reason)] = errors_of(self.workbook(line), school)

        assert column == "姓名"

    def test_a_bomb_is_refused_before_it_is_unpacked(self):
        packed = io.BytesIO()
        with (
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
        ):
            for _ in range(301):
                part.write(b"0" * 1024 * 1024)

        assert "展開後太大" in errors_of(packed.getvalue())[0][2]

    @pytest.mark.parametrize("far", [(1_048_575, 16_383), (1_048_575, 50), (150_000, 50)])
    def test_one_cell_far_away_is_refused_where_it_can_do_no_harm(self, far):
        """A few kilobytes that would take gigabytes: all cells between the first and the last are held in memory."""
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, HEADER.split(","))
            sheet.write_string(*far, "x")

        assert "範圍太大" in errors_of(written.getvalue())[0][2]

    def test_a_sheet_that_takes_too_long_is_refused(self, monkeypatch):
        monkeypatch.setattr(workbook, "CHILD_SECONDS", 0.001)

        assert "範圍太大" in errors_of(self.workbook(self.line(1)))[0][2]

    def test_the_template_has_every_column_and_no_student(self, client, school):
        log_in(client, registrar_of(school))

        template = client.get(reverse("registry:roster-template", args=[school.slug])).content

        assert "沒有任何學生" in errors_of(template)[0][2]

    def test_a_very_wide_sheet_is_refused(self):
        assert "超過 60 欄" in errors_of(self.workbook(columns=[*HEADER.split(","), *map(str, range(100))]))[0][2]


class TestChecking:
    @pytest.mark.parametrize(
        ("more", "column"),
        [
            ({"class": ""}, "班級"),
            ({"class": "三年 一班甲乙丙丁戊己庚"}, "班級"),
            ({"seat": "0"}, "座號"),
            ({"seat": "第三號"}, "座號"),
            ({"number": "1063 0001"}, "學號"),
            ({"name": ""}, "姓名"),
            ({"name": "<b>王</b>"}, "姓名"),
            ({"id": "A123456788"}, "身分證字號"),
            ({"birth": "97/13/01"}, "出生日期"),
            ({"birth": "2999-01-01"}, "出生日期"),
            ({"birth": date.today() + timedelta(days=2)}, "出生日期"),
            ({"number": make_identity(7)}, "學號"),
            ({"class": 302, "teacher": make_identity(7)}, "導師帳號"),
            ({"teacher": "林老師"}, "導師帳號"),
        ],
    )
    def test_a_bad_cell_is_named_by_line_and_column(self, more, column):
        errors = errors_of(file_of(row(1), row(2, **more), row(3)))

        assert [(line, where) for line, where, _reason in errors] == [(3, column)]

    @pytest.mark.parametrize("contact", ["長" * 81, f"電話{make_identity(7)}", f"林老師 {make_identity(7)}"])
    def test_what_families_read_about_the_teacher_is_neither_cut_nor_an_id_number(self, contact):
        data = file_of(f"{row(1)},{contact}", header=f"{HEADER},導師聯絡方式")

        [(line, column, reason)] = errors_of(data)

        assert (line, column) == (2, "導師聯絡方式")
        assert make_identity(7) not in reason

    def test_every_bad_cell_is_reported_and_nothing_is_written(self, school):
        data = file_of(row(1), row(2, seat="x", birth="?"), row(3, id="A123456788"), row(4))

        result = import_roster(school=school, data=data, by=None)

        assert [(error.line, error.column) for error in result.errors] == [
            (3, "座號"), (3, "出生日期"), (4, "身分證字號"),
        ]  # fmt: skip
        assert not Student.objects.exists()
        assert not SchoolClass.objects.exists()

    @pytest.mark.parametrize(
        ("more", "column"),
        [({"number": 10630001}, "學號"), ({"id": make_identity(1)}, "身分證字號"), ({"seat": 1}, "座號")],
    )
    def test_repeats_in_the_file(self, more, column):
        assert errors_of(file_of(row(1), row(2, **more))) == [(3, column, f"和第 2 列的{column}重複。")]

    def test_another_teacher_in_one_row_of_many_is_a_slip(self):
        rows = [row(n) for n in range(1, 12)]

        [(line, column, reason)] = errors_of(file_of(*rows, row(12, teacher="t302")))

        assert (line, column) == (13, "導師帳號")
        assert "和第 2 列不同" in reason

    def test_a_student_of_another_school(self, school):
        StudentFactory(identity_number=make_identity(1))

        [(line, column, reason)] = errors_of(file_of(row(1)), school)

        assert (line, column) == (2, "身分證字號")
        assert "另一所學校" in reason

    def test_a_number_registered_under_another_student_number(self, school):
        StudentFactory(school=school, student_number="99", identity_number=make_identity(1))

        [(_line, column, reason)] = errors_of(file_of(row(1)), school)

        assert column == "身分證字號"
        assert "學號 99" in reason

    def test_a_seat_still_held_by_who_is_missing_from_the_file(self, school):
        import_roster(school=school, data=file_of(row(1)), by=None)

        kept = import_roster(school=school, data=file_of(row(2, seat=1)))

        [asked] = kept.questions
        assert (asked.kind, asked.places[0].line, asked.places[0].column) == ("seat_given", 2, "座號")
        assert "10630001" in asked.places[0].reason

    def test_no_error_carries_an_id_number(self, school):
        StudentFactory(identity_number=make_identity(1))
        data = file_of(row(1), row(2, id="A123456788"), row(3, id="A1234567890"), row(4), row(5, id=make_identity(4)))

        result = import_roster(school=school, data=data)

        assert len(result.errors) == 4
        assert not [error for error in result.errors if re.search(r"[A-Z]\d{8}", str(error))]


class TestWriting:
    def test_the_same_file_again_changes_nothing(self, school):
        data = file_of(*[row(n) for n in range(1, 31)])
        import_roster(school=school, data=data, by=None)
        before = list(Student.objects.order_by("pk").values())

        result = import_roster(school=school, data=data, by=None)

        assert result.counts == counts(unchanged=30)
        assert list(Student.objects.order_by("pk").values()) == before

    def test_a_changed_name_and_a_moved_class(self, school):
        import_roster(school=school, data=file_of(row(1), row(2)), by=None)
        data = file_of(row(1, name="王小朋"), row(2, **{"class": "302", "teacher": "t302"}))

        result = import_roster(school=school, data=data, by=None)

        assert result.counts == counts(changed=1, moved=1)
        assert Student.objects.get(student_number="10630001").name == "王小朋"
        assert Student.objects.get(student_number="10630002").school_class.name == "302"

    def test_two_students_change_seats(self, school):
        import_roster(school=school, data=file_of(row(1), row(2)), by=None)

        result = import_roster(school=school, data=file_of(row(1, seat=2), row(2, seat=1)), by=None)

        assert result.errors == []
        assert list(Student.objects.order_by("pk").values_list("seat_number", flat=True)) == [2, 1]

    def test_who_is_missing_stays(self, school):
        import_roster(school=school, data=file_of(row(1), row(2)), by=None)

        result = import_roster(school=school, data=file_of(row(1)), by=None)

        assert result.counts["missing"] == 1
        assert Student.objects.enrolled().count() == 2

    def test_a_new_homeroom_teacher_takes_over(self, school):
        import_roster(school=school, data=file_of(row(1)), by=None)

        import_roster(school=school, data=file_of(row(1, teacher="t999")), by=None)

        assert SchoolClass.objects.get().homeroom.account == "t999"

    def test_is_an_event(self, school):
        import_roster(school=school, data=file_of(row(1)), by=None)

        assert Event.objects.get(event="roster.imported").data["new"] == 1

    def test_checking_writes_nothing(self, school):
        result = import_roster(school=school, data=file_of(row(1)), dry_run=True)

        assert result.counts["new"] == 1
        assert not Student.objects.exists()
        assert not Event.objects.filter(event="roster.imported").exists()

    def test_costs_the_same_queries_whatever_the_size_within_a_batch(self):
        # Django gives SQLite 999 values a statement: that is 58 rows an INSERT. PostgreSQL takes the batch.
        large = 50 if connection.features.max_query_params else 300
        costs = []
        for size in (20, large):
            places = [{"class": 301 + n // 30, "seat": n % 30 + 1, "teacher": "t"} for n in range(size)]
            data = file_of(*[row(n, **place) for n, place in enumerate(places)])
            Student.objects.all().delete()
            with CaptureQueriesContext(connection) as queries:
                import_roster(school=SchoolFactory.create(), data=data, by=None)
            costs.append(len(queries))

        assert costs[0] == costs[1]

    @pytest.mark.parametrize(("name", "size"), [("roster.csv", 90), ("roster_second.csv", 12)])
    def test_the_demo_files_are_good(self, school, name, size):
        result = import_roster(school=school, data=(DEMO / name).read_bytes(), by=None)

        assert result.errors == []
        assert Student.objects.count() == size


class TestCommand:
    def test_imports_and_prints_counts(self, school, tmp_path, capsys):
        roster = tmp_path / "roster.csv"
        roster.write_bytes(file_of(row(1)))

        call_command("import_roster", school.slug, roster, "--dry-run")
        assert not Student.objects.exists()
        call_command("import_roster", school.slug, roster)

        assert "1 new" in capsys.readouterr().out
        assert Student.objects.count() == 1

    def test_prints_every_error_and_fails(self, school, tmp_path, capsys):
        roster = tmp_path / "roster.csv"
        roster.write_bytes(file_of(row(1, seat="x")))

        with pytest.raises(CommandError, match="1 errors"):
            call_command("import_roster", school.slug, roster)

        assert "第 2 列「座號」" in capsys.readouterr().err

    @pytest.mark.parametrize(("school_slug", "file"), [("nosuch", "x.csv"), (None, "nosuch.csv")])
    def test_says_what_is_missing(self, school, school_slug, file):
        with pytest.raises(CommandError, match="nosuch"):
            call_command("import_roster", school_slug or school.slug, file)
