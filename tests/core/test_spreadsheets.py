"""Tables as they are read: cells nobody can be sure of, sheets, formats of files, encodings."""

import io
import struct
import zipfile

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError

from core.spreadsheets import Broken, Day, Number, UnreadableFile, read, refuse_broken, tidy
from tests.core.workbooks import error, formula, label, number, ods, xls, xls_error, xls_formula, xls_number, xlsx

ERRORS = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"]
ODS_ERROR = (
    '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value=""'
    ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
)


def cells_of(data, sheet=0):
    return [cells for _line, cells in read(data).sheets[sheet].lines()]


def broken(data):
    """{(line, place): reason} of the first sheet."""
    return {
        (line, place): str(cell.reason)
        for line, cells in read(data).sheets[0].lines()
        for place, cell in enumerate(map(tidy, cells))
        if isinstance(cell, Broken)
    }


class TestCellsNobodyCanBeSureOf:
    @pytest.mark.parametrize("shown", ERRORS)
    def test_an_error_of_a_formula(self, shown):
        data = xlsx(("收費", [["學號", "學費"], ["1", error(shown)]]))

        assert broken(data) == {(2, 1): f"這一格顯示 {shown}，請在 Excel 更正後再匯入。"}

    @pytest.mark.parametrize("shown", [*ERRORS, "＃N/A", "Err:502"])
    def test_an_error_that_was_pasted_as_text(self, shown):
        assert list(broken(xlsx(("收費", [["學號", "學費"], ["1", shown]])))) == [(2, 1)]
        assert list(broken(f"學號,學費\n1,{shown}".encode())) == [(2, 1)]

    def test_an_error_in_the_shared_strings(self):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as book:
            book.add_worksheet().write_row(0, 0, ["1", "#DIV/0!", "#1 王小明"])

        assert list(broken(written.getvalue())) == [(1, 1)]

    def test_a_column_too_narrow_for_its_number(self):
        assert "拉寬" in broken("學號,學費\n1,#####".encode())[2, 1]

    @pytest.mark.parametrize("inside", ["", "<v/>", "<v></v>", "<v> </v>"])
    def test_a_formula_that_nobody_computed(self, inside):
        data = xlsx(("收費", [["學號", "學費"], ["1", formula(inside)]]))

        assert broken(data) == {(2, 1): "這一格的公式還沒有計算，請用 Excel 開啟、存檔後再匯入。"}

    def test_below_and_beside_all_other_cells(self):
        assert list(broken(xlsx(("收費", [["學號"], ["1", formula()], [], [formula()]])))) == [(2, 1), (4, 0)]
        assert list(broken(xlsx(("收費", [[formula()]])))) == [(1, 0)]

    def test_a_zero_of_a_program_that_computes_nothing(self):
        cells = [[formula("<v>0</v>"), formula("<v>780</v>"), 0]]

        assert list(broken(xlsx(("收費", cells), calculation='<calcPr fullCalcOnLoad="1"/>'))) == [(1, 0)]
        assert broken(xlsx(("收費", cells))) == {}

    def test_a_formula_that_came_to_a_value(self):
        cells = [formula("<v>780</v>"), formula("<v></v>", 't="str"'), formula("<v>王</v>", 't="str"')]

        assert cells_of(xlsx(("收費", [cells]))) == [["780", "", "王"]]

    def test_one_formula_for_many_cells(self):
        shared = formula("", "")
        shared.inside = '<f t="shared" si="0"/>'

        assert list(broken(xlsx(("收費", [["1", shared]])))) == [(1, 1)]

    def test_names_with_a_prefix(self):
        data = xlsx(("收費", [["1", error()]]))
        written = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w") as new:
            for name in old.namelist():
                text = old.read(name).decode()
                if "worksheets" in name:
                    text = text.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
                    text = text.replace("xmlns=", "xmlns:x=")
                new.writestr(name, text)

        assert list(broken(written.getvalue())) == [(1, 1)]

    def test_open_document(self):
        repeated = '<table:table-cell table:number-columns-repeated="2"/>'
        uncomputed = '<table:table-cell table:formula="of:=1+1"/>'
        empty = '<table:table-cell table:formula="of:=B1" office:value-type="string"><text:p/></table:table-cell>'
        data = ods(("收費", [["學號", "學費"], ["1", repeated, ODS_ERROR, uncomputed, empty]]))

        assert list(broken(data)) == [(2, 3), (2, 4)]

    def test_a_comment_is_no_value_of_its_cell(self):
        note = ODS_ERROR.replace("<text:p>", "<office:annotation><text:p>x</text:p></office:annotation><text:p>")

        assert broken(ods(("收費", [[note]])))[1, 0].startswith("這一格顯示 #N/A")

    def test_old_excel(self):
        records = [
            label(1, 0, "學號"), xls_error(2, 0), xls_error(2, 1, 0x17),
            xls_formula(3, 1, bytes([2, 0, 0x07, 0, 0, 0, 0xFF, 0xFF])), xls_formula(3, 2, struct.pack("<d", 780)),
            label(4, 0, "x"),
        ]  # fmt: skip

        assert {place: reason[6:13] for place, reason in broken(xls(("收費", records))).items()} == {
            (2, 0): "#N/A，請在", (2, 1): "#REF!，請", (3, 1): "#DIV/0!",
        }  # fmt: skip

    def test_old_excel_that_no_spreadsheet_ever_computed(self):
        empty = bytes([3, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        records = [label(1, 0, "學號"), xls_formula(2, 0, empty), label(3, 0, "x")]
        computed = [*records, xls_formula(4, 0, struct.pack("<d", 1))]

        assert list(broken(xls(("收費", records)))) == [(2, 0)]
        assert broken(xls(("收費", computed))) == {}

    def test_is_refused_and_never_taken_for_an_empty_cell(self):
        [[_number, cell]] = cells_of(xlsx(("收費", [["1", error("#REF!")]])))

        with pytest.raises(ValidationError, match="#REF!"):
            refuse_broken(cell)
        assert cell
        assert tidy(cell) is cell


class TestNumbersAndDays:
    @pytest.mark.parametrize(
        ("value", "style", "shown"),
        [
            (610001, "0000000", "0610001"),
            (912345678, "0000-000-000", "0912-345-678"),
            (7, '"S"000', "S007"),
            (0.5, "0%", "50%"),
            (1234, "#,##0", "1234"),
            (12345678, "0000000", "12345678"),
        ],
    )
    def test_a_number_is_what_excel_shows(self, value, style, shown):
        [[cell]] = cells_of(xlsx(("名冊", [[number(value, style)]])))
        [[old]] = cells_of(xls(("名冊", [xls_number(1, 0, value, style)])))

        assert (cell, old) == (shown, shown)
        assert isinstance(tidy(cell), Number)

    def test_open_document_shows_its_zeros(self):
        cell = '<table:table-cell office:value-type="float" office:value="610001"><text:p>0610001</text:p></table:table-cell>'

        assert cells_of(ods(("名冊", [[cell]]))) == [["0610001"]]

    def test_the_dust_of_a_calculation_is_no_fraction(self):
        assert cells_of(xlsx(("收費", [["1", 1200.0000000001, 1199.9999999999, 1200.5, 0.1]]))) == [
            ["1", "1200", "1200", "1200.5", "0.1"]
        ]

    def test_sixteen_digits_are_not_known_for_certain(self):
        [[account, other]] = cells_of(xlsx(("入帳", [[7006020000000068, 123456789012345]])))

        assert (account.is_exact, other.is_exact) == (False, True)

    def test_a_day_with_a_time_says_so(self):
        [[day, moment]] = cells_of(
            xlsx(("名冊", [[number(39936, "yyyy/m/d h:mm"), number(39936.354167, "yyyy/m/d h:mm")]]))
        )

        assert (day, day.has_time) == ("2009-05-03", False)
        assert (moment, moment.has_time) == ("2009-05-03 08:30:00", True)
        assert isinstance(tidy(moment), Day)


class TestSheets:
    def test_all_visible_ones_that_hold_anything(self):
        book = read(
            xlsx(
                ("說明", [["請看第二張"]]), ("暗", [["x"]], "hidden"), ("空", []),
                ("更暗", [["x"]], "veryHidden"), ("111班", [["y"]]),
            )
        )  # fmt: skip

        assert [sheet.name for sheet in book.sheets] == ["說明", "111班"]
        assert book.hidden == ["暗", "更暗"]

    def test_of_open_document_and_old_excel(self):
        for data in (
            ods(("甲", [["x"]]), ("乙", [["y"]], "hidden")),
            xls(("甲", [label(1, 0, "x")]), ("乙", [label(1, 0, "y")], 1)),
        ):
            book = read(data)
            assert ([sheet.name for sheet in book.sheets], book.hidden) == (["甲"], ["乙"])

    def test_a_chart_is_no_sheet(self):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as book:
            sheet = book.add_worksheet("名冊")
            sheet.write(0, 0, 1)
            chart = book.add_chart({"type": "line"})
            chart.add_series({"values": "=名冊!$A$1:$A$1"})
            book.add_chartsheet("圖").set_chart(chart)

        found = read(written.getvalue())

        assert ([one.name for one in found.sheets], found.charts) == (["名冊"], ["圖"])

    def test_lines_are_those_of_the_sheet_wherever_it_begins(self):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as book:
            book.add_worksheet().write(2, 1, "x")

        [sheet] = read(written.getvalue()).sheets

        assert [(line, cells) for line, cells in sheet.lines() if any(cells)] == [(3, ["", "x"])]

    def test_too_many_cells_in_all_of_them_are_refused_with_the_name(self, monkeypatch):
        monkeypatch.setattr("core.spreadsheets.workbook.MAX_CELLS", 3)

        with pytest.raises(UnreadableFile) as refused:
            read(xlsx(("甲", [["1", "2"]]), ("乙", [["1", "2"]])))

        assert str(refused.value.error).startswith("「乙」工作表：工作表的範圍太大")

    def test_what_a_filter_hides_is_told(self):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as book:
            sheet = book.add_worksheet()
            sheet.write_column(0, 0, ["a", "b", "c"])
            sheet.write(0, 2, "x")
            sheet.set_row(1, None, None, {"hidden": True})
            sheet.set_column(2, 2, None, None, {"hidden": True})

        [sheet] = read(written.getvalue()).sheets
        list(sheet.lines())

        assert (sheet.hidden_lines, sheet.hidden_columns) == ({2}, {2})


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950", "utf-16", "utf-16-be-bom"])
    @pytest.mark.parametrize("separator", [",", "\t", ";"])
    def test_encodings_and_separators_below_a_banner(self, encoding, separator):
        text = f'臺北市立高級中學\r\n姓名{separator}學費\r\n王小明{separator}"1,200"\r\n'
        data = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-bom" else text.encode(encoding)

        assert cells_of(data) == [["臺北市立高級中學"], ["姓名", "學費"], ["王小明", "1,200"]]

    def test_excels_own_word_for_the_separator(self):
        assert list(read("sep=;\n姓名;學費\n王,小明;1".encode()).sheets[0].lines()) == [
            (2, ["姓名", "學費"]),
            (3, ["王,小明", "1"]),
        ]


class TestWebPages:
    def test_a_table_saved_as_xls(self):
        page = (
            "<html><head><meta charset=big5><style>td {color: red}</style></head><body><table><tr><th colspan=2>名冊"
            "</th></tr><tr><td>姓&nbsp;名<td>學費</tr><tr><td>王<br>小明</td><td>1,200</td></tr></table></body></html>"
        )

        assert [[tidy(cell) for cell in cells] for cells in cells_of(page.encode("cp950"))] == [
            ["名冊", ""],
            ["姓 名", "學費"],
            ["王 小明", "1,200"],
        ]

    def test_a_cell_that_reaches_down_moves_no_other(self):
        page = "<table><tr><td rowspan=2>301<td>1<td>王</tr><tr><td>2<td>李</tr><tr><td>302<td>3<td>陳</tr></table>"
        [sheet] = read(page.encode()).sheets

        assert [cells for _line, cells in sheet.lines()] == [["301", "1", "王"], ["", "2", "李"], ["302", "3", "陳"]]
        assert sheet.merged_lines == {1}

    def test_tables_in_tables_are_refused(self):
        with pytest.raises(UnreadableFile, match="表格裡還有表格"):
            cells_of(b"<table><tr><td><table><tr><td>x</td></tr></table></td></tr></table>")


def packed(name, content=b"x"):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n", "這是 PDF 檔"),
        (b"\x89PNG\r\n\x1a\n", "這是圖片"),
        (b"\xff\xd8\xff\xe0", "這是圖片"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "這是圖片"),
        (b"\0\0\0\x18ftypheic", "這是圖片"),
        (b"{\\rtf1", "這是 Word 檔"),
        (packed("word/document.xml"), "這是 Word 檔"),
        (packed("mimetype", b"application/vnd.oasis.opendocument.text"), "這是 Word 檔"),
        (packed("名冊.csv"), "這是壓縮檔"),
        (b"Rar!\x1a\x07\0", "這是壓縮檔"),
        (b"\x1f\x8b\x08\0", "這是壓縮檔"),
        (packed("ppt/presentation.xml"), "這是簡報檔"),
        (packed("xl/workbook.bin"), ".xlsb"),
        (packed("Index/Document.iwa"), "Numbers"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "這是 Word 檔"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "設有密碼"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "XML 格式的試算表"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", "網頁封存檔"),
    ],
)
def test_what_is_no_table_is_told_what_it_is(data, words):
    with pytest.raises(UnreadableFile, match=words):
        read(data)


def test_a_document_type_is_refused():
    data = xlsx(("收費", [["1", error()]]))
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, f'<!DOCTYPE x [<!ENTITY a "b">]>{text}' if "sheet1" in name else text)

    with pytest.raises(UnreadableFile, match="無法讀取"):
        cells_of(written.getvalue())
