"""What happened on the way to a binding, as the family may read it: no names, no e-mails, no staff."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Event
from binding.models import Applicant, Application
from notifications.models import Message

SHOWN = 60
STEPS = {
    "student_data.confirmed": gettext_lazy("確認學生資料"),
    "consent.agreed": gettext_lazy("線上勾選同意"),
    "consent.declined": gettext_lazy("線上勾選無意參加"),
    "withdrawal.asked": gettext_lazy("提出不申辦，請已綁定的人確認"),
    "withdrawal.taken_back": gettext_lazy("收回不申辦的請求"),
    "withdrawal.lapsed": gettext_lazy("沒有答覆，維持原來的綁定"),
    "application.started": gettext_lazy("開始填寫申請"),
    "evidence.added": gettext_lazy("上傳證明文件"),
    "evidence.removed": gettext_lazy("移除證明文件"),
    "application.checked": gettext_lazy("確認申請資料"),
    "application.submitted": gettext_lazy("送出申請"),
    "application.withdrawn": gettext_lazy("撤回申請"),
    "student.corrected": gettext_lazy("註冊組更正學生資料"),
}
DECISIONS = {
    "applicant.approved": gettext_lazy("學校核可"),
    "applicant.returned": gettext_lazy("學校退回修正"),
    "applicant.rejected": gettext_lazy("學校審核未通過"),
}
OF_APPLICANTS = {
    "applicant.corrected": gettext_lazy("修正後再送出"),
    "applicant.address_asked": gettext_lazy("再寄一次確認信箱的信"),
    "applicant.address_confirmed": gettext_lazy("收信人確認信箱"),
    "applicant.address_refused": gettext_lazy("收信人表示沒有申請"),
}
PAPER = "paper_form.marked"
UNDONE = "applicant.undone"


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, by whom (blank: the system), what, and more about it."""

    at: datetime
    who: str
    words: str
    detail: str = ""


def timeline_for_family(student):
    """Entries, the last first; four queries. A decision taken back before anybody was told never happened."""
    positions = {str(pk): position for pk, position in _applicants_of(student)}
    entries: dict[int, Entry] = {}
    last_decision: dict[str, int] = {}
    for event in reversed(_events_of(student, positions)):
        if event.event == UNDONE:
            entries.pop(last_decision.pop(event.target_id, 0), None)
            continue
        if event.event in DECISIONS:
            last_decision[event.target_id] = event.pk
        entries[event.pk] = Entry(event.at, "", *_words_for(event, positions))
    mails = [Entry(mail.sent_at, "", _words_for_mail(mail), mail.subject) for mail in _mails_to(student)]
    return sorted([*entries.values(), *mails], key=lambda one: one.at, reverse=True)[:SHOWN]


def _applicants_of(student):
    return Applicant.objects.filter(application__student=student).values_list("pk", "position")


def _events_of(student, applicants):
    applications = Application.objects.filter(student=student).values_list("pk", flat=True)
    about = (
        Q(target_type="binding.application", target_id__in=[str(pk) for pk in applications])
        | Q(target_type="binding.applicant", target_id__in=list(applicants))
        | Q(target_type="registry.student", target_id=str(student.pk))
    )
    shown = [*STEPS, *DECISIONS, *OF_APPLICANTS, PAPER, UNDONE]
    return list(Event.objects.filter(about, event__in=shown, school_id=student.school_id)[:SHOWN])


def _mails_to(student):
    sent = Message.objects.filter(student_id=student.pk, school_id=student.school_id, state=Message.State.SENT).filter(
        about_type="binding.applicant"
    )
    return sent.only("subject", "sent_at", "bounced_as")[:SHOWN]


def _words_for_mail(mail):
    return _("寄出通知信，後來退回") if mail.bounced_as else _("寄出通知信")


def _words_for(event, positions):
    if event.event == PAPER:
        came = event.data.get("answer") != "not_received"
        return (_("學校收到申請書") if came else _("學校取消申請書的登記"), "")
    if event.event in DECISIONS:
        return (str(DECISIONS[event.event]), who_of(event, positions))
    if event.event in OF_APPLICANTS:
        return (str(OF_APPLICANTS[event.event]), "；".join([who_of(event, positions), *words_of_fields(event)]))
    return (str(STEPS[event.event]), "")


def who_of(event, positions):
    return _("申請人%(position)s") % {"position": positions[event.target_id]}


def words_of_fields(event):
    """[text]: what a family changed, and what it said to be right; empty where neither is told of."""
    told = {
        _("修改%(fields)s"): event.data.get("changed", []),
        _("確認原來的%(fields)s正確"): event.data.get("confirmed", []),
    }
    return [
        words % {"fields": "、".join(str(Applicant.FIELDS[name]) for name in fields if name in Applicant.FIELDS)}
        for words, fields in told.items()
        if fields
    ]
