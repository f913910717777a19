"""A bank's table as banks and offices write it: read for certain, or refused with the place and what to do."""

from datetime import date
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from billing.collection.reconciliation.profiles import VIRTUAL_ACCOUNT
from billing.collection.reconciliation.reading import FileRefused, lines_of, look_through

TITLES = "交易日期,虛擬帳號,金額,摘要,交易序號"
ACCOUNT = "7006020000000116"


def table(*lines, titles=TITLES, encoding="utf-8-sig"):
    return "\r\n".join([titles, *lines]).encode(encoding)


def line(*, day="115/11/02", code=ACCOUNT, amount="9330", words="轉帳", number="S00011"):
    return f'{day},{code},"{amount}",{words},{number}'


def workbook(*rows, titles=TITLES):
    kept = BytesIO()
    with Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet("明細")
        for place, cells in enumerate([titles.split(","), *rows]):
            for column, cell in enumerate(cells):
                (sheet.write_string if isinstance(cell, str) else sheet.write)(place, column, cell)
    return kept.getvalue()


def read(data):
    file = BytesIO(data)
    look_through(file, VIRTUAL_ACCOUNT)
    return list(lines_of(file, VIRTUAL_ACCOUNT))


def facts(data):
    [one] = read(data)
    return one.code, one.amount, one.paid_on, one.reference


def problems(data):
    with pytest.raises(FileRefused) as refused:
        read(data)
    return refused.value.problems


READ = (ACCOUNT, 9330, date(2026, 11, 2), "S00011")


@pytest.mark.parametrize(
    "data",
    [
        table("臺灣銀行", "查詢期間：115/11/01-115/11/28", "分行：公館", "列印人：王", TITLES, line(), titles="虛擬帳號入帳明細"),
        table(line().replace(",", "\t"), titles=TITLES.replace(",", "\t")),
        table(line().replace(",", ";"), titles=TITLES.replace(",", ";")),
        table(line(words="轉帳碁"), encoding="cp950"),
        table(line().replace(",", "\t"), titles=TITLES.replace(",", "\t"), encoding="utf-16"),
        table(line(code=f"'{ACCOUNT}")),
        table(line(code=f'"=""{ACCOUNT}"""')),
        table(line(code="７００６０２ 0000-000116")),
        table(line(code='"7,006,020,000,000,116"')),
        table(line(amount="9,330.00")),
        table(line(amount="NT$ 9,330 元")),
        table(line(day="2026/11/02 14:03:22")),
        table(line(day="115/11/02 下午 02:03")),
        table(line(day="1151102")),
        table(line(day="115年11月2日 14時03分")),
        table(line(day="2026-11-02T14:03:22")),
        table(line(day="20261102140322")),
        table(line(), titles=" 交易日期*,虛擬 帳號,金額（元）,摘要,交易序號".replace("（元）", "(元)")),
        workbook([date(2026, 11, 2).isoformat(), ACCOUNT, 9330, "轉帳", "S00011"]),
        workbook(["115/11/02", ACCOUNT, 9330.0, "轉帳", "S00011"]),
    ],
)  # fmt: skip
def test_a_table_is_read_however_it_is_written(data):
    assert facts(data) == READ


@pytest.mark.parametrize(
    ("data", "place", "what"),
    [
        (table(line(code="7.00602E+15")), "第 2 列「虛擬帳號」", "銀行的原檔"),
        (table(line(code="1.23E+13")), "第 2 列「虛擬帳號」", "銀行的原檔"),
        (workbook(["115/11/02", 7006020000000116, 9330, "", "1"]), "「明細」工作表第 2 列「虛擬帳號」", "「文字」"),
        (table(line(code="7006020000000116.5")), "第 2 列「虛擬帳號」", "無法確定"),
        (table(line(), line(code="#N/A")), "第 3 列「虛擬帳號」", "#N/A"),
        (table(line(amount="#VALUE!")), "第 2 列「金額」", "#VALUE!"),
        (table(line(number="1.23E+13")), "第 2 列「交易序號」", "交易序號"),
        (table(line(amount="9330.5")), "第 2 列「金額」", "整數"),
        (table(line(amount="9,33")), "第 2 列「金額」", "整數"),
        (table(line(amount="9.330,00")), "第 2 列「金額」", "整數"),
        (table(line(amount="9.33E+03")), "第 2 列「金額」", "整數"),
        (table(line(amount="93%")), "第 2 列「金額」", "整數"),
        (table(line(amount="0")), "第 2 列「金額」", "整數"),
        (table(line(amount="")), "第 2 列「金額」", "沒有金額"),
        (table(line(amount="-9330")), "第 2 列「金額」", "負數"),
        (table(line(amount="(9,330)")), "第 2 列「金額」", "負數"),
        (table(line(amount="△9,330")), "第 2 列「金額」", "負數"),
        (table(line(amount="9,330-")), "第 2 列「金額」", "負數"),
        (table(line(words="沖正")), "第 2 列「摘要」", "不是入帳"),
        (table(line(words="跨行退款")), "第 2 列「摘要」", "不是入帳"),
        (table(line(day="46000")), "第 2 列「交易日期」", "不是日期"),
        (table(line(day="115/13/02")), "第 2 列「交易日期」", "不是日期"),
        (table(line(day="26/11/02")), "第 2 列「交易日期」", "五年"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused_with_its_place(data, place, what):
    (problem,) = problems(data)

    assert problem.startswith(f"{place}：")
    assert what in problem


@pytest.mark.parametrize(
    ("more", "cell", "is_taken"),
    [
        ("支出金額", "", True),
        ("支出金額", "0", True),
        ("支出金額", "9330", False),
        ("借貸別", "貸", True),
        ("借貸別", "借", False),
        ("借貸別", "D", False),
        ("交易狀態", "成功", True),
        ("交易狀態", "失敗", False),
        ("備註", "更正前一筆", False),
        ("備註", "王大明", True),
    ],
)
def test_money_that_went_is_never_money_that_came(more, cell, is_taken):
    data = table(f"{line()},{cell}", titles=f"{TITLES},{more}")

    if is_taken:
        assert facts(data) == READ
    else:
        assert problems(data)[0].startswith(f"第 2 列「{more}」：")


@pytest.mark.parametrize(
    "foot", ["合計,,9330,,", "總計：9330 元,,,,", ",合計,9330,,", "列印日期：115/11/03,,,,", "以下空白,,,,"]
)
def test_a_foot_line_is_no_payment_and_is_named(foot):
    summary = look_through(BytesIO(table(line(), foot)), VIRTUAL_ACCOUNT)

    assert (summary.count, summary.total) == (1, 9330)
    assert summary.left_out[0].startswith("第 3 列「")


def test_sums_in_the_middle_and_at_the_end_are_no_payments():
    data = table(line(number="1"), "小計,,9330,,", line(number="2"), line(number="3"), "小計,,18660,,", "合計,,27990,,")

    assert [one.number for one in read(data)] == [2, 4, 5]


def test_a_sum_that_is_wrong_refuses_the_file():
    (problem,) = problems(table(line(), "合計,,18660,,"))

    assert "18,660" in problem
    assert "9,330" in problem


def test_columns_that_are_not_used_are_named():
    data = table(f"{line()},12,陳", titles=f"{TITLES},手續費,經辦")

    left_out = look_through(BytesIO(data), VIRTUAL_ACCOUNT).left_out

    assert left_out == ("「手續費」這一欄沒有使用。", "「經辦」這一欄沒有使用。")


def test_each_visible_sheet_is_read_and_the_others_are_named():
    kept = BytesIO()
    with Workbook(kept, {"in_memory": True}) as book:
        for name, number in (("十月", "1"), ("說明", ""), ("十一月", "2"), ("舊", "3")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, TITLES.split(",") if number else ["使用說明"])
            if number:
                sheet.write_row(1, 0, ["115/11/02", ACCOUNT, 9330, "轉帳", number])
        sheet.hide()
    file = BytesIO(kept.getvalue())

    summary = look_through(file, VIRTUAL_ACCOUNT)

    assert [(one.place, one.reference) for one in lines_of(file, VIRTUAL_ACCOUNT)] == [
        ("「十月」工作表第 2 列", "1"),
        ("「十一月」工作表第 2 列", "2"),
    ]
    assert len({one.number for one in lines_of(file, VIRTUAL_ACCOUNT)}) == 2
    assert "「舊」" in summary.left_out[0]
    assert "「說明」" in summary.left_out[1]


def test_of_two_days_the_transactions_counts():
    data = table(f"115/11/03,{line()}", titles=f"入帳日期,{TITLES}")

    assert facts(data) == READ
