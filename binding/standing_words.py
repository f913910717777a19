"""Every state a family can be in, and what is said of it: docs/families.md is drawn from here.

Sentences are whole; what stands in %( ) is a fact of the family, given by `binding.standing`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy


class State(StrEnum):
    """Where a family is. `binding.standing.state_of` finds it."""

    CORRECTING = "correcting"
    WITHDRAWING = "withdrawing"
    CORRECTED = "corrected"
    NOT_CORRECTED = "not_corrected"
    CHANGED = "changed"
    UNCONFIRMED = "unconfirmed"
    DECLINED = "declined"
    DECLINED_UNBOUND = "declined_unbound"
    UNANSWERED = "unanswered"
    TAKEN_BACK = "taken_back"
    AGREED = "agreed"
    DRAFT = "draft"
    NOT_SENT = "not_sent"
    RETURNED = "returned"
    SEEN = "seen"
    AT_REGISTRAR = "at_registrar"
    ONE_WAITING = "one_waiting"
    SENT = "sent"
    UNBOUND = "unbound"
    ONE_UNBOUND = "one_unbound"
    ONE_REFUSED = "one_refused"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Act:
    """What to press: the notice's own word, and the page of the family it opens."""

    label: Any
    page: str


CONFIRM = Act(gettext_lazy("確認學生相關資訊"), "confirm")
CONSENT = Act(gettext_lazy("申辦親子帳號"), "consent")
APPLY = Act(gettext_lazy("申辦親子帳號"), "apply")
GO_ON = Act(gettext_lazy("申辦親子帳號"), "draft")
SIGN = Act(gettext_lazy("同意簽署回傳"), "sign")
MEND = Act(gettext_lazy("修正"), "mend")
AGAIN = Act(gettext_lazy("重新申辦"), "apply")
AGREE_AGAIN = Act(gettext_lazy("重新申辦"), "consent")
SIGN_IN = Act(gettext_lazy("前往單一身分驗證登入"), "accounts:sso-login")


@dataclass(frozen=True)
class Says:
    """`kind` of the alert; `who` acts next: family, teacher, registrar, bound people or nobody. `mails` tell of it, too."""

    kind: str
    who: str
    title: Any
    body: Any
    act: Act | None = None
    mails: tuple[str, ...] = ()


SAYS = {
    State.CORRECTING: Says(
        "info",
        "registrar",
        gettext_lazy("註冊組正在處理您的更正申請"),
        gettext_lazy(
            "處理好之後會在這裡回覆（已綁定或已送出申請的家長，也會收到電子郵件）。請再回來確認資料並繼續申辦，不必重新送出。"
        ),
    ),
    State.WITHDRAWING: Says(
        "info",
        "bound",
        gettext_lazy("已提出不申辦，等待已綁定的人答覆"),
        gettext_lazy(
            "已寄信給 %(asked)s 位已綁定的人，由各人決定自己的綁定：%(agreed)s 位同意解除，%(kept)s 位維持綁定。"
            "%(until)s 前沒有答覆，就維持原來的綁定。改變心意，請在步驟 2 重新勾選同意。"
        ),
        mails=("withdrawal-asked",),
    ),
    State.CORRECTED: Says(
        "info",
        "family",
        gettext_lazy("註冊組已更正學生資料"),
        gettext_lazy("請再看一次，正確就勾選「資訊正確」。"),
        CONFIRM,
        mails=("correction-answered",),
    ),
    State.NOT_CORRECTED: Says(
        "info",
        "family",
        gettext_lazy("註冊組核對後沒有更正"),
        gettext_lazy("請再看一次，正確就勾選「資訊正確」。"),
        CONFIRM,
        mails=("correction-answered",),
    ),
    State.CHANGED: Says("info", "family", gettext_lazy("學校更新了學生資料"), gettext_lazy("請再確認一次。"), CONFIRM),
    State.UNCONFIRMED: Says(
        "info",
        "family",
        gettext_lazy("請先確認學生資料"),
        gettext_lazy("看看班級、座號、姓名、學號對不對。中途可以暫存離開，下次登入再繼續。"),
        CONFIRM,
    ),
    State.DECLINED: Says(
        "info",
        "nobody",
        gettext_lazy("已收到您的意願：無意參加"),
        gettext_lazy("改變心意時，隨時可以從步驟 2 重新選擇。"),
    ),
    State.DECLINED_UNBOUND: Says(
        "info",
        "nobody",
        gettext_lazy("綁定已於 %(day)s 解除"),
        gettext_lazy("目前的意願是無意參加。要恢復，請重新勾選同意，再申辦一次。"),
        AGREE_AGAIN,
    ),
    State.UNANSWERED: Says(
        "info",
        "family",
        gettext_lazy("請回傳您的意願"),
        gettext_lazy("閱讀個人資料同意書，選擇申辦帳號或無意參加。"),
        CONSENT,
    ),
    State.TAKEN_BACK: Says(
        "info", "family", gettext_lazy("申請已撤回"), gettext_lazy("學校不會審核這份申請。需要時可以重新申辦。"), AGAIN
    ),
    State.AGREED: Says(
        "info",
        "family",
        gettext_lazy("已同意，請選擇申辦方式"),
        gettext_lazy("接著填寫申請人的資料。還沒有送出申請。"),
        APPLY,
    ),
    State.DRAFT: Says(
        "info",
        "family",
        gettext_lazy("申請還沒有填完，也還沒有送出"),
        gettext_lazy("填過的內容都保存著，可以繼續填寫。"),
        GO_ON,
    ),
    State.NOT_SENT: Says(
        "info",
        "family",
        gettext_lazy("申請還沒有送出"),
        gettext_lazy("資料都填好了。最後一步：到「同意簽署回傳」按「送出申請」，導師才收得到。"),
        SIGN,
    ),
    State.RETURNED: Says(
        "warning",
        "family",
        gettext_lazy("申請退回修正"),
        gettext_lazy("請看下面的原因，修正後再送出。"),
        MEND,
        mails=("applicant-returned",),
    ),
    State.SEEN: Says(
        "info",
        "registrar",
        gettext_lazy("導師已看過，註冊組審核中"),
        gettext_lazy("審核完成後，系統會寄電子郵件通知申請人。審核前還可以修正。"),
    ),
    State.AT_REGISTRAR: Says(
        "info",
        "registrar",
        gettext_lazy("已送出，註冊組審核中"),
        gettext_lazy("審核完成後，系統會寄電子郵件通知申請人。審核前還可以修正。"),
    ),
    State.ONE_WAITING: Says(
        "info",
        "teacher",
        gettext_lazy("還有一位申請人等待審核"),
        gettext_lazy("審核完成後，系統會寄電子郵件通知這位申請人。"),
    ),
    State.SENT: Says(
        "info",
        "teacher",
        gettext_lazy("已送出，等待導師審核"),
        gettext_lazy("審核完成後，系統會寄電子郵件通知申請人。審核前還可以修正。"),
    ),
    State.UNBOUND: Says(
        "info",
        "nobody",
        gettext_lazy("綁定已於 %(day)s 解除"),
        gettext_lazy("要恢復，請重新申辦一次，再由學校審核。"),
        AGAIN,
        mails=("binding-ended",),
    ),
    State.ONE_UNBOUND: Says(
        "success",
        "nobody",
        gettext_lazy("親子綁定已完成"),
        gettext_lazy("其中一位的綁定已於 %(day)s 解除，其他人不受影響。要恢復，從步驟 3 重新申請。"),
        SIGN_IN,
    ),
    State.ONE_REFUSED: Says(
        "success",
        "nobody",
        gettext_lazy("一位已完成綁定，另一位沒有通過"),
        gettext_lazy("通過的人請用自己的電子郵件登入。沒有通過的人請看原因，可以從步驟 3 重新申請。"),
        SIGN_IN,
    ),
    State.APPROVED: Says(
        "success",
        "nobody",
        gettext_lazy("親子綁定已完成"),
        gettext_lazy("申請人會收到通知信。請用收到信的那個電子郵件登入單一身分驗證服務。"),
        SIGN_IN,
        mails=("account-opened", "child-added", "already-bound"),
    ),
    State.REJECTED: Says(
        "warning",
        "family",
        gettext_lazy("申請沒有通過"),
        gettext_lazy("請看下面的原因，有疑問請與導師聯絡。需要時可以重新申辦。"),
        AGAIN,
        mails=("applicant-rejected",),
    ),
}
