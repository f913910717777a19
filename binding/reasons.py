"""The usual reasons for handing an application back: kept in Chinese, read in the reader's language."""

from collections.abc import Iterable

from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_noop

USUAL = [
    gettext_noop("線上資料和申請書不同，請確認後修正。"),
    gettext_noop("手機號碼和申請書不同，請確認後修正。"),
    gettext_noop("姓名或證號和證件不同，請對照證件修正。"),
    gettext_noop("證明文件看不清楚，請重新拍照上傳。"),
    gettext_noop("申請書勾選不同意，請確認您的意願。"),
]


_ABOUT = list(zip(USUAL[1:4], ({"mobile"}, {"name", "identity_number"}, {"evidence"}), strict=True))


def usual_for(fields: Iterable[str]) -> str:
    """The usual reason for handing back `fields`, keys of Applicant.FIELDS."""
    asked = set(fields)
    return next((reason for reason, about in _ABOUT if asked and asked <= about), USUAL[0])


def in_readers_language(reason):
    """`reason` with a usual one at its start translated; the reviewer's own words stay as written."""
    for usual in USUAL:
        if reason.startswith(usual):
            return gettext(usual) + reason.removeprefix(usual)
    return reason


in_readers_language_lazy = lazy(in_readers_language, str)
