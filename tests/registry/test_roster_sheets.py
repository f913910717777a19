"""What a roster's file holds: sheets, titles as schools write them, foot lines, cells that show an error."""

import pytest

from core.spreadsheets import RowError
from registry.models import Guardian, RosterImport, Student
from registry.roster import errors_of, import_roster
from tests.core.workbooks import error, formula, number, ods, xls, xls_error, xlsx
from tests.core.workbooks import label as xls_label
from tests.registry.factories import SchoolFactory, make_identity
from tests.registry.roster_files import HEADER, counts, file_of, row
from tests.registry.rosters import GUARDIAN, look, upload

pytestmark = pytest.mark.django_db

TITLES = HEADER.split(",")
GUARDIAN_TITLES = GUARDIAN.split(",")


@pytest.fixture
def school():
    return SchoolFactory()


def student(n, **more):
    return row(n, **more).split(",")


def refused(data, school):
    return [str(one) for one in import_roster(school=school, data=data, dry_run=True).errors]


class TestSheets:
    def test_one_class_a_sheet_is_read_whole(self, client, school, registrar):
        data = xlsx(
            ("110班", [TITLES, student(1, **{"class": "110"}), student(2, **{"class": "110"})]),
            ("空白", []),
            ("111班", [["111 班名冊"], TITLES, student(3, **{"class": "111"})]),
        )

        upload(client, school, data)

        kept = RosterImport.objects.get()
        page = look(client, school, kept)
        assert kept.counts == counts(new=3)
        assert kept.contents["sheets"] == [["110班", 2], ["111班", 1]]
        assert "「110班」工作表：2 人" in page
        assert "「111班」工作表：1 人" in page
        assert "標題在「111班」工作表第 2 列，上面 1 列沒有讀取：111 班名冊" in page

    def test_many_sheets_are_summed_up(self, client, school, registrar):
        titles = [title for title in TITLES if title != "班級"]
        sheets = [(f"10{n}", [titles, student(n, **{"class": f"10{n}"})[1:]]) for n in range(1, 6)]

        upload(client, school, xlsx(*sheets))

        page = look(client, school, RosterImport.objects.get())
        assert "5 張工作表，共 5 人" in page
        assert "「105」工作表：1 人" in page

    def test_instructions_hidden_sheets_and_sums_are_passed_over_and_named(self, client, school, registrar):
        data = xlsx(
            ("填寫說明", [["請在第二張工作表填寫"], ["不要更動標題"]]),
            ("代碼", [["班級"], ["301"]], "hidden"),
            ("舊名冊", [TITLES, student(9)], "veryHidden"),
            ("名冊", [TITLES, student(1)]),
            ("統計", [["班級", "導師姓名", "導師帳號", "人數"], ["301", "林", "t301", "1"]]),
        )

        upload(client, school, data)

        kept = RosterImport.objects.get()
        page = look(client, school, kept)
        assert kept.counts == counts(new=1)
        for name, words in (
            ("填寫說明", "沒有看得懂的標題"), ("代碼", "是隱藏的"), ("舊名冊", "是隱藏的"), ("統計", "沒有看得懂的標題"),
        ):  # fmt: skip
            assert f"「{name}」工作表{words}，沒有讀取。" in page

    def test_a_student_on_two_sheets_is_told_with_both_places(self, school):
        data = xlsx(("甲", [TITLES, student(1), student(2)]), ("乙", [[], TITLES, student(2)]))

        assert refused(data, school) == ["「乙」工作表第 3 列「學號」：和「甲」工作表第 3 列的學號重複。"]

    def test_an_error_names_the_line_of_its_sheet(self, school):
        data = xlsx(("甲", [TITLES, student(1)]), ("乙", [TITLES, student(2), student(3, seat="x")]))

        assert refused(data, school) == ["「乙」工作表第 3 列「座號」：座號應該是 1 到 99 的數字。"]

    def test_a_sheet_without_guardians_takes_none_away(self, school):
        data = xlsx(("甲", [[*TITLES, *GUARDIAN_TITLES], [*student(1), "王父", "父親"]]), ("乙", [TITLES, student(2)]))

        [words] = refused(data, school)

        assert words.startswith("「乙」工作表第 1 列：監護人的欄位和「甲」工作表不同")

    def test_a_sheet_with_titles_missing_is_named(self, school):
        data = xlsx(("甲", [TITLES, student(1)]), ("乙", [TITLES[:-2], student(2)[:-2]]))

        [words] = refused(data, school)

        assert words.startswith("「乙」工作表第 1 列「標題」：第一列要是標題，缺少：出生日期")

    def test_the_list_of_errors_has_the_sheet(self, client, school, registrar):
        upload(client, school, xlsx(("乙", [TITLES, student(1, seat="x")])))

        kept = RosterImport.objects.get()
        assert errors_of(kept)[0].sheet == "乙"
        assert RowError(*errors_of(kept)[0].as_list()) == errors_of(kept)[0]
        assert "乙 2" in look(client, school, kept)

    @pytest.mark.parametrize("kind", ["ods", "xls", "html", "utf-16"])
    def test_files_of_other_kinds(self, school, kind):
        lines = [TITLES, student(1)]
        data = {
            "ods": lambda: ods(("名冊", lines)),
            "xls": lambda: xls(
                (
                    "名冊",
                    [xls_label(n, place, cell) for n, line in enumerate(lines, 1) for place, cell in enumerate(line)],
                )
            ),
            "html": lambda: "".join(
                ["<table>", *(f"<tr><td>{'<td>'.join(line)}</tr>" for line in lines), "</table>"]
            ).encode(),
            "utf-16": lambda: "\r\n".join("\t".join(line) for line in lines).encode("utf-16"),
        }[kind]()

        assert import_roster(school=school, data=data).counts == counts(new=1)


class TestBrokenCells:
    @pytest.mark.parametrize("place", range(len(TITLES)))
    @pytest.mark.parametrize("cell", [error(), error("#REF!"), formula(), "#VALUE!"])
    def test_are_refused_in_every_column(self, school, place, cell):
        line = student(1)
        line[place] = cell

        [words] = refused(xlsx(("名冊", [TITLES, line])), school)

        assert words.startswith(f"「名冊」工作表第 2 列「{TITLES[place]}」：這一格")

    @pytest.mark.parametrize("cell", [error(), formula("<v/>"), "#N/A"])
    def test_of_a_guardian_delete_no_guardian(self, school, cell):
        titles = [*TITLES, *GUARDIAN_TITLES]
        import_roster(school=school, data=xlsx(("名冊", [titles, [*student(1), "王父", "父親", make_identity(51)]])))

        result = import_roster(school=school, data=xlsx(("名冊", [titles, [*student(1), *[cell] * 5]])))

        assert [one.column for one in result.errors] == GUARDIAN_TITLES
        assert Guardian.objects.get().name == "王父"

    def test_in_the_last_line_of_an_old_workbook(self, school):
        titles = [*TITLES, *GUARDIAN_TITLES]
        records = [
            xls_label(n, place, cell) for n, line in ((1, titles), (2, student(1))) for place, cell in enumerate(line)
        ]

        [words] = refused(xls(("名冊", [*records, xls_error(2, len(TITLES))])), school)[:1]

        assert words == "「名冊」工作表第 2 列「監護人1姓名」：這一格顯示 #N/A，請在 Excel 更正後再匯入。"

    def test_in_a_column_nobody_knows_stop_nothing(self, school):
        data = xlsx(("名冊", [[*TITLES, "排名"], [*student(1), error()]]))

        assert import_roster(school=school, data=data).counts == counts(new=1)

    def test_a_student_number_keeps_the_zeros_that_excel_shows(self, school):
        line = student(1)
        line[2] = number(610001, "0000000")

        import_roster(school=school, data=xlsx(("名冊", [TITLES, line])))

        assert Student.objects.get().student_number == "0610001"


class TestTitles:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("座號", "座　號"), ("姓名", "姓 名"), ("姓名", "*姓名"), ("學號", "學號（必填）"), ("姓名", '"姓\n名"'),
            ("身分證字號", "身分證號"), ("身分證字號", "身份證字號"), ("身分證字號", "身分證統一編號"), ("班級", "班別"),
            ("座號", "號碼"), ("出生日期", "出生日期(民國)"),
        ],
    )  # fmt: skip
    def test_as_schools_write_them(self, school, old, new):
        data = file_of(row(1), header=HEADER.replace(old, new))

        assert import_roster(school=school, data=data).counts == counts(new=1)

    @pytest.mark.parametrize("mobile", ["監護人電話", "監護人手機", "家長聯絡電話", "監護人手機號碼"])
    def test_a_guardian_without_a_number_is_the_first(self, school, mobile):
        header = f"{HEADER},監護人姓名,監護人關係,{mobile}"

        import_roster(school=school, data=file_of(f"{row(1)},王大明,父親,0912345678", header=header))

        guardian = Guardian.objects.get()
        assert (guardian.position, guardian.name, guardian.relationship, guardian.mobile) == (
            1, "王大明", "父親", "0912345678",
        )  # fmt: skip

    def test_a_telephone_beside_a_mobile_number_is_not_used(self, school):
        header = f"{HEADER},監護人姓名,監護人電話,監護人手機"

        result = import_roster(school=school, data=file_of(f"{row(1)},王大明,02-23216256,0912345678", header=header))

        assert result.errors == []
        assert Guardian.objects.get().mobile == "0912345678"

    def test_columns_that_nobody_knows_are_named_with_the_nearest_title(self, client, school, registrar):
        header = f"{HEADER},監護人大名,備註,"
        upload(client, school, file_of(f"{row(1)},王大明,轉學,多的,更多", header=header))

        page = look(client, school, RosterImport.objects.get())

        assert "『監護人大名』沒有使用，您是指『監護人1姓名』嗎？" in page
        assert "『備註』沒有使用。" in page
        assert "J 欄沒有標題，有 1 格沒有使用，第一格在第 2 列。" in page
        assert "K 欄沒有標題，有 1 格沒有使用，第一格在第 2 列。" in page

    def test_a_note_far_beside_the_table_is_named_and_stops_nothing(self, school):
        line = [*student(1), *[""] * 100]
        data = file_of(",".join([*line, "這一班有轉學生"]))

        assert import_roster(school=school, data=data).counts == counts(new=1)
        assert RosterImport.objects.get().contents["left_out"] == ["DD 欄沒有標題，有 1 格沒有使用，第一格在第 2 列。"]

    def test_below_four_lines_of_a_merged_banner(self, school):
        banner = [["二代高中"], ["學生名冊", "", "115 學年度"], [], ["列印日期：115/9/1"]]
        data = xlsx(
            ("名冊", [*banner, TITLES, student(1)]),
            tail='<mergeCells count="2"><mergeCell ref="A1:G1"/><mergeCell ref="A2:B2"/></mergeCells>',
        )

        assert import_roster(school=school, data=data).counts == counts(new=1)

    def test_in_two_lines_are_told(self, school):
        titles = [*TITLES, "監護人1", ""]
        below = [""] * len(TITLES) + ["姓名", "監護人1關係"]

        [words] = refused(xlsx(("名冊", [titles, below, student(1)])), school)

        assert "兩層的標題請合併成一列" in words


class TestFootLines:
    @pytest.mark.parametrize(
        "line",
        [
            "合計,,1 人,,,,", "總計：1 人", "列印日期：115/09/01,,,,,,", ",,,共 1 人,,,", "製表人：王小明", "小計,男,1,女,0",
            "※ 轉學生請另外通知",
        ],
    )  # fmt: skip
    def test_are_no_students_and_named(self, client, school, registrar, line):
        upload(client, school, file_of(row(1), "", line))

        kept = RosterImport.objects.get()
        assert kept.counts == counts(new=1)
        assert "第 4 列「" in look(client, school, kept)
        assert "不是資料，沒有讀取。" in look(client, school, kept)

    def test_a_student_whose_note_begins_like_one_is_a_student(self, school):
        data = file_of(f"{row(1)},※轉學生", header=f"{HEADER},備註")

        assert import_roster(school=school, data=data).counts == counts(new=1)

    def test_a_student_without_a_number_is_no_foot_line(self, school):
        data = file_of(row(1), f"合計,2,,李大華,{make_identity(2)},97/05/03,t301")

        assert len(refused(data, school)) == 1


def test_what_stands_in_a_file_is_forgotten_with_its_errors(school, django_user_model):
    from datetime import timedelta

    from django.utils import timezone

    from registry.roster import forget_old_imports

    import_roster(school=school, data=file_of(row(1), "製表人：王小明"))
    RosterImport.objects.update(decided_at=timezone.now() - RosterImport.kept_for() - timedelta(days=1))

    forget_old_imports(school)

    assert RosterImport.objects.get().contents == {}
