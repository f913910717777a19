"""How each collection file is laid out. Another bank or chain is another `Profile` in `PROFILES`.

Positions of fixed-width files are counted in bytes from 1, as the banks' handbooks do: names in Big5 take two.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Place:
    """A field of a fixed-width record: its first byte (from 1) and its length."""

    first: int
    length: int

    def of(self, record):
        return record[self.first - 1 : self.first - 1 + self.length]


@dataclass(frozen=True)
class FixedWidth:
    """Records of one length; the first bytes say what a record is. The last one carries the totals."""

    length: int
    kind: Place
    header: str
    detail: str
    trailer: str
    fields: dict[str, Place]
    count: Place
    total: Place


@dataclass(frozen=True)
class Delimited:
    """A table with a line of titles; `fields` names the title of each, with others that banks use for it."""

    fields: dict[str, tuple[str, ...]]
    optional: frozenset = field(default_factory=frozenset)

    @property
    def required(self):
        return set(self.fields) - self.optional


@dataclass(frozen=True)
class Profile:
    """`fields` of the form: code (write-off number or account), amount, paid_on; also channel, reference, segment_3.

    A table may also have `remark`, and what tells of money that did not come: `withdrawn`, `direction`, `state`.
    """

    name: str
    title: object
    account: str  # of the ledger: where this money lies until the collecting agent hands it over
    by: str  # what `code` is: "write_off" or "virtual_account"
    form: FixedWidth | Delimited
    encodings: tuple[str, ...] = ()  # of a fixed-width file; a table says it itself


STORE = Profile(
    name="store",
    title=_("超商代收檔（三段條碼，固定長度）"),
    account="stores",
    by="write_off",
    encodings=("big5",),
    form=FixedWidth(
        length=120,
        kind=Place(1, 1),
        header="1",
        detail="2",
        trailer="3",
        fields={
            "agent": Place(2, 8),
            "channel": Place(10, 8),
            "branch": Place(18, 8),
            "paid_on": Place(26, 8),
            "credited_on": Place(34, 8),
            "segment_1": Place(42, 9),
            "code": Place(51, 16),
            "segment_3": Place(67, 15),
            "amount": Place(82, 9),
        },
        total=Place(10, 14),
        count=Place(24, 10),
    ),
)

VIRTUAL_ACCOUNT = Profile(
    name="virtual-account",
    title=_("銀行虛擬帳號入帳檔（CSV、Excel）"),
    account="bank",
    by="virtual_account",
    form=Delimited(
        fields={
            "paid_on": (
                "交易日期",
                "交易日",
                "交易日期時間",
                "繳款日期",
                "繳費日期",
                "入帳日期",
                "入帳日",
                "代收日期",
                "日期",
            ),
            "code": ("虛擬帳號", "虛擬帳戶", "繳款帳號", "銷帳編號", "銷帳碼", "虛擬繳款帳號"),
            "amount": ("存入金額", "入帳金額", "繳款金額", "繳費金額", "交易金額", "金額", "存入"),
            "channel": ("通路", "交易通路", "繳款通路", "繳費管道", "摘要"),
            "reference": ("交易序號", "銀行交易序號", "交易編號", "交易流水號", "序號"),
            "remark": ("備註", "附註", "說明", "交易說明"),
            "withdrawn": ("支出金額", "提出金額", "提款金額", "支出", "提出", "提款", "轉出金額", "扣款金額"),
            "direction": ("借貸別", "借貸", "存提別", "存提", "收支別", "收支", "入扣帳別", "正負號", "D/C", "DC"),
            "state": ("交易狀態", "交易結果", "處理狀態", "狀態"),
        },
        optional=frozenset({"channel", "reference", "remark", "withdrawn", "direction", "state"}),
    ),
)

PROFILES = {one.name: one for one in (STORE, VIRTUAL_ACCOUNT)}
