"""Collection files as stores and banks would send them."""

from io import BytesIO

from django.utils import timezone

from billing.bills.codes import check_characters


def today():
    return f"{timezone.localdate():%Y%m%d}"


def store_record(code, amount, *, day="", agent="627", channel="7111111", branch="00123456"):
    """One detail record of 120 bytes; `agent` is the collection code of the contract."""
    day = day or today()
    first = f"151130{agent}"
    third = "1130" + check_characters(first, code, f"1130{amount:09}") + f"{amount:09}"
    body = (
        "2" + "AGENT001" + channel.ljust(8) + branch + day + day
        + first + code.rjust(16) + third + f"{amount:09}"
    )  # fmt: skip
    return body.ljust(120)


def store_file(payments, *, total=None, count=None, ends="\r\n", **record):
    """`payments` are pairs of code and amount; the bytes of a whole file."""
    payments = list(payments)
    total = sum(amount for _code, amount in payments) if total is None else total
    count = len(payments) if count is None else count
    records = ["1AGENT001".ljust(120)]
    records += [store_record(code, amount, **record) for code, amount in payments]
    records.append(("3AGENT001" + f"{total:014}{count:010}").ljust(120))
    return ends.join(records).encode("big5") + ends.encode()


def bank_file(payments, *, encoding="utf-8-sig", day=None):
    day = day or timezone.localdate()
    written = f"{day.year - 1911}/{day:%m/%d}"
    lines = ["交易日期,虛擬帳號,金額,通路,交易序號"]
    lines += [f'{written},{code},"{amount:,}",ATM,{number:06}' for number, (code, amount) in enumerate(payments, 1)]
    return "\r\n".join(lines).encode(encoding)


def as_file(data):
    return BytesIO(data)
