"""Files that come and go: guardians on record, the export, planted errors and files that cannot be read."""

import io
from unittest import mock

import pytest
import xlsxwriter
from django.urls import reverse

from audit.models import Event
from config.uploads import BoundedUploadHandler
from registry.models import Guardian, RosterImport, Student
from registry.roster import apply_import, check_import, decide_to_apply, import_roster, receive_roster
from tests.registry.factories import StudentFactory, make_identity
from tests.registry.roster_files import HEADER, counts, errors_of, file_of, row
from tests.registry.rosters import GUARDIAN, press, upload
from tests.support.worker import do_waiting_tasks

pytestmark = pytest.mark.django_db


class TestGuardians:
    header = f"{HEADER},{GUARDIAN}"

    def test_are_kept_encrypted_and_never_drawn(self, client, school, registrar):
        line = f"{row(1)},王父,父親,{make_identity(51).lower()},0912-345-678,Dad@Example.com"
        upload(client, school, file_of(line, header=self.header))
        press(client, school, "apply", RosterImport.objects.get())

        guardian = Guardian.objects.get()
        assert guardian.identity_number == make_identity(51)
        assert (guardian.mobile, guardian.email) == ("0912345678", "dad@example.com")
        assert make_identity(51) not in str(Guardian.objects.values().get())

    def test_the_same_again_changes_nothing(self, school):
        line = f"{row(1)},王父,父親,{make_identity(51)},,"
        import_roster(school=school, data=file_of(line, header=self.header))

        result = import_roster(school=school, data=file_of(line, header=self.header))

        assert result.counts == counts(unchanged=1)

    def test_a_file_without_these_columns_leaves_them(self, school):
        line = f"{row(1)},王父,父親,{make_identity(51)},,"
        import_roster(school=school, data=file_of(line, header=self.header))

        import_roster(school=school, data=file_of(row(1, name="王小朋")))

        assert Guardian.objects.count() == 1

    @pytest.mark.parametrize(
        ("cells", "column"),
        [
            (",父親,,,", "監護人1姓名"),
            ("王父,父親,A123456788,,", "監護人1身分證字號"),
            ("王父,父親,,12345,", "監護人1手機"),
            ("王父,父親,,,nobody", "監護人1電子郵件"),
            (f"{make_identity(51)},,,,", "監護人1姓名"),
        ],
    )
    def test_a_bad_cell_is_named(self, cells, column):
        assert [error[:2] for error in errors_of(file_of(f"{row(1)},{cells}", header=self.header))] == [(2, column)]


class TestExport:
    def test_can_be_imported_again_and_changes_nothing(self, client, school, registrar):
        line = f"{row(1)},王父,父親,{make_identity(51)},0912345678,dad@example.com"
        import_roster(school=school, data=file_of(line, header=f"{HEADER},{GUARDIAN}"))

        export = client.post(reverse("registry:roster-export", args=[school.slug])).content

        assert import_roster(school=school, data=export).counts == counts(unchanged=1)
        assert Event.objects.get(event="roster.exported").data == {"students": 1}

    @pytest.mark.parametrize("size", [3, 30])
    def test_costs_the_same_queries_whatever_the_size(
        self, client, school, registrar, django_assert_max_num_queries, size
    ):
        import_roster(school=school, data=file_of(*[row(n) for n in range(1, size + 1)]))

        with django_assert_max_num_queries(12):
            client.post(reverse("registry:roster-export", args=[school.slug]))


class TestPlantedErrors:
    """Three thousand students in a workbook, twelve mistakes of the kinds that people make."""

    PLANTED = {
        10: ("座號", {"seat": "0"}),
        250: ("身分證字號", {"id": "A123456788"}),
        251: ("出生日期", {"birth": "97/02/30"}),
        600: ("姓名", {"name": ""}),
        777: ("學號", {"number": "1063 0001"}),
        1000: ("班級", {"class": ""}),
        1001: ("姓名", {"name": "=cmd|' /C calc'!A0"}),
        1500: ("學號", {"number": "repeated"}),
        1999: ("身分證字號", {"id": "repeated"}),
        2222: ("座號", {"seat": "repeated"}),
        2600: ("導師帳號", {"teacher": "t9999"}),
        2999: ("身分證字號", {"id": "elsewhere"}),
    }

    def line(self, n, **more):
        cells = {
            "class": f"{n // 40 + 1}", "seat": float(n % 40 + 1), "number": 10630000.0 + n, "name": "王小明",
            "id": make_identity(n), "birth": "97/05/03", "teacher": f"t{n // 40 + 1}", **more,
        }  # fmt: skip
        return list(cells.values())

    def workbook(self, changed):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written, {"constant_memory": True, "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, HEADER.split(","))
            for n in range(3000):
                sheet.write_row(n + 1, 0, self.line(n, **changed.get(n, {})))
        return written.getvalue()

    def test_exactly_these_are_named_and_mended_it_applies_and_again_changes_nothing(self, school, registrar):
        StudentFactory(identity_number=make_identity(2999))
        changed = {n: dict(more) for n, (_column, more) in self.PLANTED.items()}
        changed[1500]["number"] = 10630000.0 + 1499
        changed[1999]["id"] = make_identity(1998)
        changed[2222]["seat"] = float(2221 % 40 + 1)
        del changed[2999]["id"]

        result = import_roster(school=school, data=self.workbook(changed))

        assert [(error.line, error.column) for error in result.errors] == [
            (n + 2, column) for n, (column, _more) in self.PLANTED.items()
        ]
        assert not Student.objects.filter(school=school).exists()

        mended = self.workbook({2999: {"id": make_identity(5000)}})
        assert import_roster(school=school, data=mended).counts == counts(new=3000)
        assert import_roster(school=school, data=mended).counts == counts(unchanged=3000)


class TestBadFiles:
    def test_of_a_huge_upload_only_the_limit_reaches_the_disk(self, client, school, registrar, settings):
        settings.ROSTER_MAX_BYTES = settings.UPLOAD_MAX_BYTES = 4_000_000
        kept = []
        original = BoundedUploadHandler.file_complete
        with mock.patch.object(
            BoundedUploadHandler, "file_complete", lambda self, size: kept.append(self.kept) or original(self, size)
        ):
            page = upload(client, school, b"x" * 12_000_000).content.decode()

        do_waiting_tasks()
        assert kept == [4_000_001]
        assert "正在檢查" in page
        assert "檔案超過" in RosterImport.objects.get().errors[0][2]

    def test_merged_cells_are_named_by_their_line(self, school):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as book:
            sheet = book.add_worksheet()
            sheet.merge_range(0, 0, 0, 6, "臺北市立二代高級中學 學生名冊")
            sheet.write_row(1, 0, HEADER.split(","))
            for n in (1, 2):
                sheet.write_row(n + 1, 1, [n, 10630000 + n, "王小明", make_identity(n), "97/05/03", "t301"])
            sheet.merge_range(2, 0, 3, 0, "301")

        [error] = import_roster(school=school, data=written.getvalue()).errors

        assert (error.line, "合併的儲存格" in error.reason) == (3, True)

    def test_a_banner_above_the_header_is_no_obstacle(self, school):
        data = "臺北市立二代高級中學,,,,,,\n列印日期,115/9/1,,,,,\n".encode() + file_of(row(1))

        assert import_roster(school=school, data=data).counts == counts(new=1)

    def test_a_character_that_cannot_be_read_is_named_by_its_line(self, school):
        data = file_of(row(1), row(2), row(3)).decode().encode("cp950").replace(b"\xa4\xfd", b"\xfa\x40", 2)
        good = file_of(row(1)).decode().encode("cp950")
        assert import_roster(school=school, data=good).errors == []

        [error] = import_roster(school=school, data=data).errors

        assert error.line == 2
        assert "無法辨識的字" in error.reason

    def test_rows_that_slipped_by_one_do_not_give_a_child_to_another_family(self, school):
        people = [row(1, name="王小明", birth="97/05/03"), row(2, name="李大華", birth="97/06/04")]
        import_roster(school=school, data=file_of(*people))
        slipped = [
            row(1, name="李大華", birth="97/06/04", id=make_identity(2)),
            row(2, name="王小明", birth="97/05/03", id=make_identity(1)),
        ]

        result = import_roster(school=school, data=file_of(*slipped))

        assert [error.line for error in result.errors] == [2, 3]
        assert "核對名冊有沒有錯位" in result.errors[0].reason

    def test_numbers_of_two_students_that_were_swapped_can_be_mended(self, school):
        import_roster(school=school, data=file_of(row(1, id=make_identity(2)), row(2, id=make_identity(1))))

        result = import_roster(school=school, data=file_of(row(1), row(2)))

        assert result.counts == counts(changed=2)
        assert Student.objects.get(student_number="10630001").identity_number == make_identity(1)

    def test_who_graduated_elsewhere_can_come(self, school):
        StudentFactory(identity_number=make_identity(1), status="graduated")

        assert import_roster(school=school, data=file_of(row(1))).counts == counts(new=1)

    def test_a_roster_of_the_new_year_takes_the_school_there(self, school, registrar):
        import_roster(school=school, data=file_of(row(1)))
        year = school.school_year
        kept = receive_roster(
            school=school, data=file_of(row(1, **{"class": "401"})), name="x", by=registrar, school_year=year + 1
        )

        apply_import(decide_to_apply(roster_import=check_import(kept), by=registrar))

        student = Student.objects.get()
        school.refresh_from_db()
        assert (school.school_year, student.school_class.school_year) == (year + 1, year + 1)
