"""The three lines of the family's list: title, word and mark as the notice has them, and where each leads."""

from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from binding.progress import PILLS, DataStatus, SendingStatus
from binding.standing import Standing
from binding.standing_words import State


@dataclass(frozen=True)
class Line:
    """As components/step.html takes it; `url` blank: locked."""

    number: int
    title: str
    label: str  # whose state it is, as the notice names the three
    kind: str
    word: str
    url: str = ""
    hint: str = ""
    is_next: bool = False
    seal: str = ""
    seal_word: str = ""


class StepLines:
    """[1, 2, 3] of one family."""

    def __init__(self, standing: Standing):
        self.standing, self.progress = standing, standing.progress
        self.next_step = self.progress.next_step

    def __iter__(self):
        return iter([self._data, self._account, self._sending])

    def _url(self, page):
        return reverse(f"binding:{page}", args=[self.progress.student.school.slug])

    @cached_property
    def _data(self):
        status = self.progress.data_status
        hint = ""
        if status == DataStatus.CORRECTING:
            hint = _("資料其實正確時，點進去勾選「資訊正確」，更正申請就會撤回。")
        is_done = status == DataStatus.CONFIRMED
        return Line(
            1,
            _("確認學生相關資訊"),
            _("學生個資"),
            PILLS[status],
            status.label,
            self._url("confirm"),
            hint,
            self.next_step == 1,
            "approved" if is_done else "",
            pgettext("seal", "確認") if is_done else "",
        )

    @cached_property
    def _account(self):
        status = self.progress.account_status
        line = partial(Line, 2, _("申辦親子帳號"), _("親子帳號"), PILLS[status], status.label)
        if not self.progress.may("answer_consent"):
            return line(hint=_("完成步驟 1 之後才能進行。"))
        if self.progress.has_declined:
            hint = _("改變心意時，可以重新選擇。")
            return line(self._url("consent"), hint, seal="answered", seal_word=pgettext("seal", "已回覆"))
        is_next = self.next_step == 2
        if status == status.UNSET and self.progress.may("apply"):
            return line(self.standing.account_address, "", is_next)
        if status == status.UNSET:
            return line(self._url("consent"), "", is_next)
        hint = _("可以重看同意書，或改變意願。")
        return line(self._url("consent"), hint, seal="approved", seal_word=pgettext("seal", "填妥"))

    @cached_property
    def _sending(self):
        status = self.progress.sending_status
        word = status.label
        if self.standing.state in (State.SEEN, State.AT_REGISTRAR):
            word = _("註冊組審核中")
        line = partial(Line, 3, _("同意簽署回傳"), _("申請確認"), PILLS[status], word)
        if self.progress.has_declined:
            return line(hint=_("不必再送出。"), seal="answered", seal_word=pgettext("seal", "已回覆"))
        if not self.progress.may("sign"):
            return line(hint=_("完成步驟 2 之後才能進行。"))
        seal, seal_word = "", ""
        if status == SendingStatus.APPROVED:
            seal, seal_word = "approved", pgettext("seal", "核可")
        elif status == SendingStatus.RETURNED:
            seal, seal_word = "returned", pgettext("seal", "退回")
        elif status == SendingStatus.REJECTED:
            seal, seal_word = "returned", pgettext("seal", "未過")
        hint = "" if status == SendingStatus.UNSENT else _("點進去可以看每位申請人的情形。")
        return line(self._url("sign"), hint, self.next_step == 3, seal, seal_word)
