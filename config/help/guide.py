"""The way in, step by step: what the notice says, word by word, and what one does on each page.

Other languages read a translation of the notice's words. The pictures are of the real pages: `make guide-pictures`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config import languages

Words = str | Promise
WIDTH = 390  # CSS pixels of a picture: a phone's; its file has twice as many
HEIGHTS = Path(__file__).with_name("pictures.json")


class Picture(NamedTuple):
    name: str  # of its file: static/img/guide/<language>/<name>.webp
    alt: Words


class Shown(NamedTuple):
    """A picture in the reader's language: its file under static/, and how large it is shown, in CSS pixels."""

    file: str
    alt: Words
    width: int
    height: int


@dataclass(frozen=True)
class Step:
    name: str  # of its anchor on the page
    title: Words
    notice: tuple[Words, ...]
    to_do: tuple[Words, ...]
    pictures: tuple[Picture, ...]

    def pictures_in(self, language: str) -> list[Shown]:
        """In `language`, or in Chinese where the way was not yet gone in it."""
        language = language if language in _heights() else languages.CHINESE
        heights = _heights()[language]
        return [
            Shown(f"img/guide/{language}/{one.name}.webp", one.alt, WIDTH, heights[one.name]) for one in self.pictures
        ]


@cache
def _heights() -> dict[str, dict[str, int]]:
    """{language: {name of a picture: its height}}, as `make guide-pictures` wrote it."""
    return json.loads(HEIGHTS.read_text(encoding="utf-8"))


BEFORE = (
    _("孩子的學號，以及孩子的身分證統一編號（只有第一次登入會用到）。"),
    _("申請人自己的身分證或居留證、手機號碼，和自己的電子郵件信箱。"),
    _("學校發的紙本申請書。無論是否申辦，都要簽名交給導師。"),
)

STEPS = (
    Step(
        "school",
        _("由學校首頁進入校務行政系統"),
        (_("由學校首頁進入校務行政系統"),),
        (_("在首頁選擇孩子的學校，或用手機掃描申請書上的 QR code。"), _("按「家長登入」。")),
        (Picture("school", _("學校首頁：按下方的「家長登入」按鈕。")),),
    ),
    Step(
        "log-in",
        _("選擇家長身分作帳號登入"),
        (
            _(
                "若第一次登入，請輸入家長帳號(P+學生學號，例如：若學生學號為 10730xxx，則家長帳號為 P10730xxx)、"
                "密碼(學生身分證字號，第一碼英文字大寫)與驗證碼，即可登錄系統。"
            ),
            _("第一次登錄後，系統即會要求更改密碼。"),
        ),
        (
            _("帳號是大寫 P 加孩子的學號。"),
            _("第一次的密碼是孩子的身分證統一編號。登入後請換成只有您知道的密碼，不要告訴孩子的同學。"),
            _("看不清楚驗證碼，可以換一張，也可以用聽的。"),
            _("忘記密碼，或密碼被改掉而不能登入，請按登入頁的「忘記密碼？」，或打電話給學校的網路中心。"),
        ),
        (Picture("log-in", _("家長登入頁：依序填家長帳號、密碼、驗證碼，再按「登入」。")),),
    ),
    Step(
        "binding",
        _("點選【親子綁定】"),
        (_("請點選【親子綁定】"),),
        (_("在這個網站登入後，直接就是親子綁定的頁面，上面列出三個步驟和辦到哪裡。"),),
        (Picture("binding", _("親子綁定頁：列出三個步驟，第一步可以按「確認學生相關資訊」，後兩步還不能進行。")),),
    ),
    Step(
        "confirm",
        _("確認學生相關資訊"),
        (
            _("請點選【確認學生相關資訊】"),
            _("確認資料皆正確後勾選「資訊正確」，再點選【填答送出】。"),
            _("以上資訊若有錯誤，請洽學校註冊組辦理，再進行親子帳號申請。"),
        ),
        (
            _("看一看孩子的班級、姓名和學號。"),
            _("都正確，勾選「資訊正確」，按「填答送出」。"),
            _("有錯，按「資訊有誤」寫下正確的資料，註冊組會處理。更正之後，再回來確認。"),
        ),
        (
            Picture(
                "confirm", _("確認學生相關資訊頁：班級、座號、姓名和學號下面，先勾選「資訊正確」，再按「填答送出」。")
            ),
        ),
    ),
    Step(
        "consent",
        _("勾選【本人同意】，點選【申辦帳號】"),
        (_("勾選【本人同意】按鈕，並點選【申辦帳號】。"), _("無論是否同意，均須回傳意願，以便行政作業，謝謝")),
        (
            _("先讀六行摘要，想看正式條文再展開全文；可以換語言閱讀。"),
            _("要申辦，勾選「本人同意」，按「申辦帳號」。"),
            _("不申辦，按「無意參加」，線上就完成了。之後改變心意，可以回來重新選擇。"),
        ),
        (
            Picture(
                "consent",
                _(
                    "申辦親子帳號頁的「您的意願」：先勾選「本人同意」，再按「申辦帳號」；不申辦的按鈕「無意參加」在最下面。"
                ),
            ),
        ),
    ),
    Step(
        "apply",
        _("選擇申辦方式，填寫綁定資料"),
        (
            _(
                "選擇申辦方式（一位、兩位或監護人），並填寫綁定資料，確定申請資料無誤後點選【確認送出】，"
                "待導師依家長填寫之【申請書】審核。"
            ),
        ),
        (
            _("一位家長申辦、兩位家長一起申辦，或由其他監護人申辦，三種選一種。"),
            _("填申請人的姓名、親屬關係、身分證統一編號、手機和電子郵件。電子郵件就是以後登入的帳號，請仔細核對。"),
            _("其他監護人要上傳證明文件，例如戶籍謄本或法院裁定書，用手機拍照也可以。"),
            _("核對資料，按「確認送出」，到下一頁。"),
        ),
        (
            Picture("kind", _("選擇申辦方式頁：從三種方式選一種，再按「下一步」。")),
            Picture(
                "person", _("申請人資料頁：填好姓名、親屬關係、身分證統一編號、手機和兩次電子郵件，再按「下一步」。")
            ),
            Picture("check", _("請確認申請資料頁：每一項旁邊可以按「修改」；都正確，按「確認送出」。")),
        ),
    ),
    Step(
        "send",
        _("同意簽署回傳，送出申請"),
        (
            _("親愛的家長,您好，相關服務申辦情形如下"),
            _("填寫完成並經導師審核通過後，校務行政系統會發送 email 通知家長。"),
        ),
        (
            _("按「送出申請」，才算送出。"),
            _("把簽了名的申請書交給導師。導師收到申請書，核對之後審核。"),
            _("退回修正時，頁面會寫明哪裡要改；改好再送出。"),
        ),
        (Picture("send", _("同意簽署回傳頁：看過申請人的資料，按「送出申請」。")),),
    ),
    Step(
        "sign-in",
        _("使用單一身分驗證服務登入"),
        (
            _("帳號：家長至校務行政系統親子綁定填寫之電子郵件。"),
            _("密碼：家長至校務行政系統親子綁定填寫之身份證統一編號末六碼，第一次登入會強迫修改密碼。"),
        ),
        (
            _("通過後會收到一封信，信裡有登入的網址，也有直接設定密碼的連結。"),
            _("第一次用末六碼登入時，系統會再寄一組驗證碼到信箱，確認信箱是您的。"),
            _("登入後就能查看繳費單，進入臺北酷課雲等服務。"),
            _("繳費請擇一方式，切勿同時繳納：線上繳了，就不要再拿紙本繳費單去繳。"),
        ),
        (Picture("sign-in", _("單一身分驗證的登入頁：填電子郵件和密碼，再按「登入」。")),),
    ),
)
