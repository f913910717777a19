"""What each column of a table of charges is for: told by its title and its amounts, and confirmed by the cashier."""

import re
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.spreadsheets import fold_title


class Kind(models.TextChoices):
    FEE = "fee", gettext_lazy("收費項目")
    DISCOUNT = "discount", gettext_lazy("減免（從應繳扣除）")
    TOTAL = "total", gettext_lazy("合計（只核對）")
    UNUSED = "unused", gettext_lazy("不使用")


BILLED = (Kind.FEE, Kind.DISCOUNT)
ASK = ""  # nobody can tell but the cashier
DISCOUNTS = re.compile(
    r"減免|免繳|免收|免費|豁免|抵|折|優惠|優待|補助|補貼|津貼|扣|退費|退還|獎學金|獎助|減收|discount|waiver|subsid|exempt"
)
TOTALS = re.compile(
    r".*(?:合計|總計|小計|共計|總額|總金額|總價|總數|總和|加總|累計|subtotal|total|sum).*"
    r"|(?:本期|本次|本學期|學期|每人|個人|全部)?[應實](?:該|際)?[繳收付](?:總)?(?:金額|款項?|費用?|數)?"
    r"|.*(?:減免|補助|扣除|扣抵|折扣|優惠|減)後.*"
)
UNCERTAIN = re.compile(r"已繳|已付|已收|未繳|未付|尚欠|欠費|欠繳|溢繳|預繳|預收|訂金|前期|上期|餘額|差額|結餘")
UNUSED = re.compile(
    r"類別|種類|備註|附註|說明|註記|記事|原因|電話|手機|行動|日期|生日|出生|地址|住址|帳號|帳戶|代碼|代號|編號|序號|項次|流水號|證號|身分|身份"
    r"|信箱|郵件|性別|導師|班導|家長|監護|簽名|簽章|聯絡|備考|note|remark|phone|mobile|email|e-mail|address|birth|gender|sex"
    r"|no\.?|number|id"
)
MONEY = re.compile(r"(?:費|費用|款|款項|金|金額|稅|錢|元|雜支|減免|補助|優惠|折扣|獎助|fee|fees|amount|tuition)\d*$")
NEARLY = 10  # one line of so many may differ from the sum, and one anyway


@dataclass
class Column:
    """One column with amounts or words, over all sheets.

    `filled` cells hold something, `total` whole dollars as they are written, `below` of them are negative, `above`
    positive. `kind` is what we take it for, ASK where the cashier must say; `remark` says why.
    """

    title: str
    filled: int = 0
    total: int = 0
    above: int = 0
    below: int = 0
    is_hidden: bool = False
    is_text: bool = False
    kind: str = ASK
    remark: str = ""

    def add(self, amount):
        self.total += amount
        self.above += amount > 0
        self.below += amount < 0


@dataclass(frozen=True)
class Line:
    """What stands of one student: `amounts` by column, None where nothing is written."""

    student: int
    sheet: str
    line: int
    amounts: tuple[int | None, ...]


def kind_of(title):
    """What a title alone says."""
    folded = fold_title(title)
    for words, kind in ((UNCERTAIN, ASK), (TOTALS, Kind.TOTAL), (DISCOUNTS, Kind.DISCOUNT)):
        if words.fullmatch(folded) if kind == Kind.TOTAL else words.search(folded):
            return kind
    return Kind.FEE


def is_of_words(title):
    """A title of what is never an amount, however it looks: telephones, dates, remarks, 減免原因."""
    folded = fold_title(title)
    if folded.isascii():
        return bool(UNUSED.fullmatch(folded))
    return bool(UNUSED.search(folded)) and not MONEY.search(folded)


def is_of_money(title):
    """A title of amounts, so that words below it are mistakes."""
    folded = fold_title(title)
    return bool(MONEY.search(folded) or kind_of(title) != Kind.FEE)


def part_of(kind, amount):
    """What an amount of a column of this kind adds to the bill."""
    if not amount or kind not in BILLED:
        return 0
    return -abs(amount) if kind == Kind.DISCOUNT else amount


def propose(columns, lines):
    """Set `kind` and `remark` of each column; what looks like a sum of others is asked about, never taken for a fee."""
    for column in columns:
        _propose_alone(column)
    amounts = [one for one in columns if one.kind != Kind.UNUSED]
    if len(amounts) == 1 and amounts[0].kind == Kind.TOTAL:
        amounts[0].kind, amounts[0].remark = ASK, _("只有這一欄有金額，請選擇它是不是收費項目。")
    for place in sums_among(columns, lines):
        columns[place].kind = ASK
        columns[place].remark = _("和其他各欄相加相同，可能是合計。請選擇這一欄的用途。")


def _propose_alone(column):
    if column.is_text:
        column.kind = Kind.UNUSED
        column.remark = _("這一欄是文字，不會算進繳費單。如果是收費項目，請改標題（例如加上「費」）再上傳。")
        return
    column.kind = kind_of(column.title)
    if not column.filled:
        column.kind, column.remark = column.kind or Kind.UNUSED, _("這一欄沒有填。")
    elif column.kind == ASK:
        column.remark = _("看不出這一欄要加、要減，還是不使用，請選擇。")
    elif column.kind == Kind.DISCOUNT and column.above and column.below:
        column.kind = ASK
        column.remark = _("這一欄有正數也有負數，無法確定是加是減。請在檔案裡改成一致，或選擇用途。")
    elif column.kind == Kind.DISCOUNT:
        column.remark = _("從應繳金額扣除。")
    elif column.kind == Kind.FEE and column.below:
        column.remark = _("其中 %(count)d 格是負數，會減少應繳金額。") % {"count": column.below}


def sums_among(columns, lines):
    """Places of the columns that look like fees but equal a sum of others in (nearly) every line.

    The others: all of them, or at least two that stand together left or right of it. Found from the left and from
    the right, each without the sums that were found before it.
    """
    parts = [[part_of(column.kind, line.amounts[at]) for line in lines] for at, column in enumerate(columns)]
    found: set[int] = set()
    places = list(range(len(columns)))
    for order in (places, places[::-1]):
        together: list[int] = []  # all before this one
        since: list[int] = []  # those since the last sum
        for at in order:
            if at in found or columns[at].kind == Kind.TOTAL:
                since = []
            elif columns[at].kind in BILLED:
                if any(len(group) > 1 and _is_sum(at, group, parts, lines) for group in (together, since)):
                    found.add(at)
                    since = []
                else:
                    together.append(at)
                    since.append(at)
    rest = [at for at in places if columns[at].kind in BILLED and at not in found]
    return found | {
        at for at in rest if len(rest) > 1 and _is_sum(at, [one for one in rest if one != at], parts, lines)
    }


def _is_sum(at, others, parts, lines):
    compared = [
        (line.amounts[at], sum(parts[one][n] for one in others), sum(max(parts[one][n], 0) for one in others))
        for n, line in enumerate(lines)
        if line.amounts[at]
    ]
    return any(_nearly_all([one[0] == one[n] for one in compared]) for n in (1, 2))


def _nearly_all(agrees):
    right = sum(agrees)
    wrong = len(agrees) - right
    return right > 0 and wrong <= max(1, len(agrees) // NEARLY) and right >= wrong
