"""Tables on sheets: titles as schools write them, foot lines, columns nobody knows."""

import pytest

from core.spreadsheets import Titles, UnreadableFile, find_table, is_foot, left_out, read
from tests.core.workbooks import xlsx

KNOWN = Titles(
    {"學號": "number", "姓名": "name", "監護人1手機": "mobile", "身分證字號": "identity"},
    {"number": "學號", "name": "姓名", "mobile": "監護人1手機", "identity": "身分證字號"}.get,
)


def table_of(data):
    table = find_table(read(data).sheets[0], KNOWN, is_enough=lambda columns: len(columns) >= 2)
    return table, [cells for _line, cells in table.rows()]


def csv(*lines):
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "title",
    [
        "學 號",
        "學　號",
        "*學號",
        "學號＊",
        "學號(必填)",
        "學號（必填）",
        "【必填】學號",
        "學\n號",
        " 學號 ",
        "學號：",
        "學\u200b號",
    ],
)
def test_a_title_is_known_however_it_is_written(title):
    assert KNOWN.column_of(title) == "number"


@pytest.mark.parametrize("title", ["學號姓名", "學號2", "", "號"])
def test_another_title_is_not(title):
    assert KNOWN.column_of(title) is None


def test_the_nearest_title_is_named_unless_it_is_there_already():
    assert KNOWN.nearest("監護人電話手機") == "監護人1手機"
    assert KNOWN.nearest("身份證字號碼") == "身分證字號"
    assert KNOWN.nearest("備註") == ""
    assert KNOWN.nearest("身份證字號碼", besides=["identity"]) == ""


@pytest.mark.parametrize(
    "text",
    [
        "合計", "總計", "小計：", "全班合計", "合 計", "列印日期：115/09/01", "製表人：王小明", "共 35 人", "共35人",
        "總人數：35", "男生：18", "第 1 頁，共 3 頁", "※ 請於 9 月底前交回", "備註：轉學生 2 人", "以下空白", "Total", "導師：",
    ],
)  # fmt: skip
def test_a_foot_line(text):
    assert is_foot(text)


@pytest.mark.parametrize(
    "text", ["王小明", "共維", "301", "10630001", "計小平", "男", "導師", "註冊組", "-5", "Totti Wang"]
)
def test_what_stands_in_a_row_is_no_foot(text):
    assert not is_foot(text)


def test_nothing_is_left_out_unnamed():
    data = xlsx(
        (
            "名冊",
            [
                ["二代高中"],
                ["學號", "姓名", "監護人手機", "", "備註"],
                ["1", "王", "0912", "5", "", "x"],
                ["合計", "1"],
            ],
        ),
        ("統計", [["班級", "人數"]]),
        ("代碼", [["x"]], "hidden"),
    )
    book = read(data)
    table = find_table(book.sheets[0], KNOWN, is_enough=lambda columns: len(columns) >= 2)

    assert [cells for _line, cells in table.rows()] == [["1", "王", "0912", "5", "", "x"]]
    assert left_out(book, [table]) == [
        "「統計」工作表沒有看得懂的標題，沒有讀取。",
        "「代碼」工作表是隱藏的，沒有讀取。",
        "標題在「名冊」工作表第 2 列，上面 1 列沒有讀取：二代高中",
        "「名冊」工作表的『監護人手機』沒有使用，您是指『監護人1手機』嗎？",
        "「名冊」工作表的『備註』沒有使用。",
        "D 欄沒有標題，有 1 格沒有使用，第一格在「名冊」工作表第 3 列。",
        "F 欄沒有標題，有 1 格沒有使用，第一格在「名冊」工作表第 3 列。",
        "「名冊」工作表第 4 列「合計 1」不是資料，沒有讀取。",
    ]


def test_what_is_left_out_of_every_sheet_is_said_once():
    def sheet(name, count, *more):
        return name, [[f"{name}班名冊"], ["學號", "姓名", "段考1", "段考2", *more], ["1", "王"], [f"合計 {count} 人"]]

    book = read(xlsx(sheet("101", 30), sheet("102", 28), sheet("103", 31, "備註")))
    tables = [find_table(one, KNOWN, is_enough=lambda columns: len(columns) >= 2) for one in book.sheets]
    for table in tables:
        list(table.rows())

    assert left_out(book, tables) == [
        "標題在「101」工作表第 2 列，上面 1 列沒有讀取：101班名冊（另有 2 張工作表也是這樣）",
        "「101」工作表的『段考1』沒有使用。（另有 2 張工作表也是這樣）",
        "「101」工作表的『段考2』沒有使用。（另有 2 張工作表也是這樣）",
        "「103」工作表的『備註』沒有使用。",
        "「101」工作表第 4 列「合計 30 人」不是資料，沒有讀取。（另有 2 張工作表也是這樣）",
    ]


def test_two_feet_of_one_sheet_are_both_said():
    data = csv("學號,姓名", "1,王", "合計 1 人", "合計 2 人")
    book = read(data)
    table = find_table(book.sheets[0], KNOWN, is_enough=lambda columns: len(columns) >= 2)
    list(table.rows())

    assert len(left_out(book, [table])) == 2


def test_an_id_number_is_blotted_out_of_what_was_left_out():
    data = csv("學號,姓名", "1,王", "製表人：A123456789")
    book = read(data)
    table = find_table(book.sheets[0], KNOWN, is_enough=lambda columns: len(columns) >= 2)
    list(table.rows())

    assert left_out(book, [table]) == ["第 3 列「製表人:•••」不是資料，沒有讀取。"]


@pytest.mark.parametrize("second", ["學號,姓名,身分證字號", "姓名,手機", "姓名,"])
def test_titles_in_two_lines(second):
    data = csv("學號,姓名,身分證字號", second, "1,王,A123456789")
    if second == "學號,姓名,身分證字號":
        with pytest.raises(UnreadableFile, match="標題只能有一列"):
            table_of(data)
    else:
        assert len(table_of(data)[1]) == 2


def test_a_second_line_of_known_titles_right_below_is_told():
    with pytest.raises(UnreadableFile, match="兩層的標題"):
        table_of(csv("學號,監護人1手機,", "姓名,身分證字號", "1,王"))
