"""Collection files: read line by line, refused as a whole when anything is wrong with them."""

import tracemalloc
from datetime import date
from io import BytesIO

import pytest

from billing.collection.reconciliation.profiles import STORE, VIRTUAL_ACCOUNT
from billing.collection.reconciliation.reading import FileRefused, lines_of, look_through
from tests.billing.collection.collection_files import bank_file, store_file

PAID = [("70060200000001", 3900), ("70060200000002", 14520)]


def november(payments, **how):
    return store_file(payments, **{"day": "20261101", **how})


def test_a_store_file_is_read():
    file = BytesIO(november(PAID))

    summary = look_through(file, STORE)
    first, second = lines_of(file, STORE)

    assert (summary.count, summary.total) == (2, 18420)
    assert (first.number, first.code, first.amount) == (2, "70060200000001", 3900)
    assert first.paid_on == date(2026, 11, 1)
    assert first.channel == "7111111 00123456"
    assert second.amount == 14520


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "big5"])
def test_a_bank_file_is_read_in_each_encoding(encoding):
    file = BytesIO(bank_file(PAID, encoding=encoding, day=date(2026, 11, 1)))

    assert look_through(file, VIRTUAL_ACCOUNT).total == 18420
    first, _second = lines_of(file, VIRTUAL_ACCOUNT)
    assert (first.code, first.amount, first.channel, first.reference) == (
        "70060200000001", 3900, "ATM", "000001",
    )  # fmt: skip
    assert first.paid_on == date(2026, 11, 1)


def test_other_line_ends_are_the_same_file_and_another_amount_is_not():
    digests = [
        look_through(BytesIO(data), STORE).digest
        for data in (
            november(PAID),
            november(PAID, ends="\n"),
            november(PAID) + b"\r\n",
            november([PAID[0], ("70060200000002", 14521)]),
        )
    ]

    assert digests[0] == digests[1] == digests[2] != digests[3]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "沒有結尾"),
        (november([]), "沒有任何代收資料"),
        (november(PAID, total=1), "總計不同"),
        (november(PAID, count=3), "總計不同"),
        (november(PAID)[:-122], "沒有結尾"),
        (november(PAID)[:-200], "第 3 列"),
        (november(PAID) + november(PAID), "第 5 列"),
        (november(PAID).replace(b"000003900", b"00000390O"), "金額"),
        (november(PAID).replace(b"000003900000003900", b"000003900000003901"), "第三段條碼"),
        (november(PAID).replace(b"20261101", b"20261301"), "不是日期"),
        (november(PAID, day="20991231"), "今天之後"),
        (november(PAID).replace(b"70060200000001", b"70060200000003"), "檢查碼"),
        (november(PAID).replace(b"151130627", b"15113062~"), "檢查碼"),
        (november(PAID).replace(b"7111111", b"711\x001111"), "第 2 列"),
        (b"\xff\xd8\xff\xe0" * 500, "第 1 列"),
        (bank_file(PAID), "第 1 列"),
    ],
)
def test_a_store_file_with_anything_wrong_is_refused(data, words):
    with pytest.raises(FileRefused, match=words):
        look_through(BytesIO(data), STORE)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "交易日期"),
        ("交易日期,金額\n".encode(), "虛擬帳號"),
        ("交易日期,虛擬帳號,金額\n115/11/01,123,-5\n".encode(), "第 2 列"),
        ("交易日期,虛擬帳號,金額\n115/11/01,,5\n".encode(), "銷帳編號"),
        ("交易日期,虛擬帳號,金額\n115/11/01\n".encode(), "第 2 列"),
        ("交易日期,虛擬帳號,金額\n115/11/01,12\x003,5\n".encode(), "無法辨識的字元"),
        (b"\xff\xfe\x00\x81\xff", "編碼"),
        (november(PAID), "交易日期"),
    ],
)
def test_a_bank_file_with_anything_wrong_is_refused(data, words):
    with pytest.raises(FileRefused, match=words):
        look_through(BytesIO(data), VIRTUAL_ACCOUNT)


def test_a_hundred_wrong_lines_are_told_of_with_twenty():
    data = november([("1", 5)] * 100).replace(b"20261101", b"20269999")

    with pytest.raises(FileRefused) as refused:
        look_through(BytesIO(data), STORE)

    assert len(refused.value.problems) == 20


def test_memory_does_not_grow_with_the_file():
    peaks = []
    for count in (1_000, 6_000):
        file = BytesIO(november((f"{n:016}", 1 + n % 9000) for n in range(count)))
        tracemalloc.start()
        look_through(file, STORE)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] + 50_000
