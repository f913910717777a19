"""Lines below a table that are no row of it: sums, who printed it and when, notes."""

import re
from collections.abc import Sequence

from core.spreadsheets.cells import tidy

SUMS = r"(?:全班|本班|全校|本校|班級|年級|學生|本頁)?(?:合計|總計|小計|共計|總和|加總|總額|累計|平均|總人數|總數|人數)"
FOOT = re.compile(
    rf"{SUMS}(?:[:：(（\d].*|人數.*|金額.*|元|人)?"
    r"|(?:總)?共(?:計|有)?[:：]?\d+(?:人|位|名|筆|列|頁|元|張|生).*"
    r"|[男女]生?[:：]\d+.*|[男女]生?(?:人數|小計|合計).*"
    r"|(?:列印|印表|製表|製作|產生|產出|輸出|匯出|報表|填表|更新|下載|查詢)(?:日期|時間|人員?|者|單位).*"
    r"|(?:製表|填表|承辦|經辦|核章|覆核|審核|校長|主任|組長|導師|出納|會計|主計)(?:人員?|簽章|核章|簽名)?[:：].*"
    r"|第\d+頁.*|頁次.*|page\d+.*|(?:grand|sub)?total[:：]?.*|printed(?:on|by|at)?[:：].*|count[:：]?\d*"
    r"|(?:備註|附註|說明|註)\d*[:：].+|※.*|[-—=_–]{3,}|以下空白|(?:以下)?無資料|資料結束|end",
    re.IGNORECASE,
)


# How those begin: most cells of a table don't, and need no longer look.
FIRSTS = frozenset(
    "全本校班年學合總小共加累平人第男女列印製產輸匯報填更下查承經核覆審主組導出會頁備附說註※-—=_–以無資pPtTgGsScCeE"
)


def is_foot(cell: str) -> bool:
    """Whether a cell says that its line is no row: 合計, 列印日期：115/9/1, 共 35 人, ※ 請於 9 月底前交回."""
    text = tidy(cell)
    return text[:1] in FIRSTS and bool(FOOT.fullmatch("".join(text.split())))


def foot_of(cells: Sequence[str]) -> str:
    """What a foot line says, cells joined; "" where none of them begins one."""
    if any(cell[:1] in FIRSTS and is_foot(cell) for cell in cells):
        return " ".join(cell for cell in cells if cell)
    return ""
