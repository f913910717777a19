"""Cells of a bank's table as amounts, accounts, days and numbers; what can't be read for certain is refused with a reason."""

import re
import unicodedata
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import parse_date
from core.spreadsheets import Broken, Day, Number
from core.text import half_width, without_invisible

MOST_DOLLARS = 999_999_999
LONGEST_CODE = 20
LONGEST_NUMBER = 40
OLDEST = timedelta(days=5 * 366)
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
AMOUNT = re.compile(r"(?:NT\$|NTD|TWD|新[臺台]幣|\$)?(?P<dollars>[\d,]+)(?:\.0{1,4})?元?整?", re.IGNORECASE)
SCIENTIFIC = re.compile(r"\d+(?:\.\d*)?E[+-]?\d+", re.IGNORECASE)
BELOW_NOTHING = re.compile(r"^[(（]|^[-−–—－△▲▽▼]|[-−–—－]$")  # noqa: RUF001 – signs that offices write
TIME = r"(?:上午|下午|早上|晚上|AM|PM)?\s*\d{1,2}(?:[:時點]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?)?)?[秒分]?\s*(?:AM|PM)?"
DAY_AND_TIME = re.compile(rf"(?P<day>.*\d日?)(?:\s+|T){TIME}|(?P<run>\d{{7,8}})(?:\d{{6}}|\d{{4}})", re.IGNORECASE)
# What the words of a line say when no money came, whatever its amount looks like.
BACK = re.compile(r"沖正|沖銷|沖回|沖帳|更正|退款|退匯|退回|退費|退票|取消|撤銷|轉出|支出|提款|扣款|扣帳")
IN = frozenset({"貸", "C", "CR", "存", "存入", "收", "收入", "入", "入帳", "入賬", "+", "貸方", "CREDIT", "轉入"})
DONE = frozenset(
    {"成功", "正常", "完成", "已入帳", "入帳", "已入賬", "OK", "Y", "SUCCESS", "交易成功", "已銷帳", "0000", "00"}
)


def amount_of(cell):
    """Whole New Taiwan dollars above nothing: 9330, 9,330, 9,330.00, NT$ 9,330 元. Raises ValidationError."""
    text = _certain(cell).replace(" ", "")
    if not text:
        raise ValidationError(_("沒有金額。"))
    if BELOW_NOTHING.search(text):
        raise ValidationError(_("金額是負數。沖正、退款、支出不是入帳，請向銀行索取只有入帳的檔案，或刪除這一列。"))
    found = AMOUNT.fullmatch(text)
    if not found or not GROUPED.fullmatch(found["dollars"]):
        raise ValidationError(_("金額不是大於零的整數。"))
    amount = int(found["dollars"].replace(",", ""))
    if not 0 < amount <= MOST_DOLLARS:
        raise ValidationError(_("金額不是大於零的整數。"))
    return amount


def code_of(cell):
    """A virtual account or write-off number: digits and letters alone. Raises ValidationError."""
    text = _certain(cell)
    if not text:
        raise ValidationError(_("沒有銷帳編號。"))
    if SCIENTIFIC.fullmatch(text.replace(" ", "")) or (isinstance(cell, Number) and not cell.is_exact):
        words = _(
            "帳號被試算表改成數字，後面幾碼可能已經不見。請上傳銀行的原檔；要用試算表時，請先把這一欄設成「文字」再貼上帳號。"
        )
        raise ValidationError(words)
    if isinstance(cell, Day):
        raise ValidationError(_("帳號被試算表改成日期，請上傳銀行的原檔。"))
    code = re.sub(r"[\s\-_]", "", text).upper()
    if "," in code and GROUPED.fullmatch(code):
        code = code.replace(",", "")
    if not (code.isascii() and code.isalnum()) or len(code) > LONGEST_CODE:
        raise ValidationError(_("帳號不是只有數字，無法確定是哪一個帳號。請上傳銀行的原檔。"))
    return code


def day_of(cell):
    """The day of a date with or without a time of day, of the Republic or not. Raises ValidationError."""
    text = _certain(cell)
    found = DAY_AND_TIME.fullmatch(text)
    try:
        day = parse_date((found["day"] or found["run"]) if found else text)
    except ValueError:
        raise ValidationError(_("代收日期不是日期。")) from None
    today = timezone.localdate()
    if day > today:
        raise ValidationError(_("代收日期在今天之後。"))
    if day < today - OLDEST:
        raise ValidationError(_("代收日期在五年以前，請確認年份。"))
    return day


def number_of(cell):
    """The bank's number of a transaction, half width and without spaces; "" where there is none. Raises ValidationError."""
    text = re.sub(r"[\s\-_]", "", _certain(cell)).upper()
    if SCIENTIFIC.fullmatch(text) or (isinstance(cell, Number) and not cell.is_exact):
        words = _("交易序號被試算表改成數字，後面幾碼可能已經不見。請上傳銀行的原檔，或先把這一欄設成「文字」。")
        raise ValidationError(words)
    if isinstance(cell, Day):
        raise ValidationError(_("交易序號被試算表改成日期，請上傳銀行的原檔。"))
    if len(text) > LONGEST_NUMBER:
        raise ValidationError(_("交易序號太長，請確認選對了檔案種類。"))
    return text


def refuse_money_that_went(cell):
    """The column of debit and credit says that money came, or nothing. Raises ValidationError."""
    direction = _certain(cell).upper()
    if direction and direction not in IN:
        raise ValidationError(_("這一列是支出或沖正，不是入帳。請向銀行索取只有入帳的檔案，或刪除這一列。"))


def refuse_what_was_not_done(cell):
    """The column of states says that the transaction was done, or nothing. Raises ValidationError."""
    state = _certain(cell).upper()
    if state and state not in DONE:
        raise ValidationError(_("這一列的交易沒有成功，或狀態無法辨識。請確認後刪除這一列。"))


def refuse_money_that_went_back(cell):
    """The bank's words tell of no correction, refund or withdrawal. Raises ValidationError."""
    if BACK.search(_certain(cell)):
        raise ValidationError(_("這一列看起來是沖正、退款或支出，不是入帳。請確認後刪除這一列。"))


def refuse_withdrawal(cell):
    """A column of withdrawals holds nothing, or nothing but zero, where money came. Raises ValidationError."""
    text = _certain(cell).replace(" ", "")
    if text and not re.fullmatch(r"[-−–—－]|\$?0(?:\.0+)?元?", text):  # noqa: RUF001
        raise ValidationError(_("這一列是支出，不是入帳。請向銀行索取只有入帳的檔案，或刪除這一列。"))


def words_of(cell):
    """Words as they are kept, where nothing depends on them."""
    return _certain(cell)


def _certain(cell):
    if isinstance(cell, Broken):
        raise ValidationError(str(cell.reason))
    text = unicodedata.normalize("NFKC", half_width(without_invisible(cell))).strip()
    if not text.isprintable():
        raise ValidationError(_("有無法辨識的字元，檔案可能損壞，請重新下載。"))
    return text
