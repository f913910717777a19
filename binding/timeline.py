"""What happened on the way to a binding, as the family may read it: no names, no e-mails, no staff."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Event
from binding.models import Applicant, Application, Binding, CorrectionRequest
from core.languages import in_a_row, joined
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
    "application.checked": gettext_lazy("確認申請資料，還沒有送出"),
    "application.submitted": gettext_lazy("送出申請"),
    "application.escalated": gettext_lazy("轉請註冊組審核"),
    "application.returned_to_teacher": gettext_lazy("註冊組交回導師審核"),
    "application.withdrawn": gettext_lazy("撤回申請"),
    "student.corrected": gettext_lazy("註冊組更正學生資料"),
    "correction.requested": gettext_lazy("申請更正學生資料"),
    "correction.declined": gettext_lazy("註冊組核對後沒有更正"),
    "correction.withdrawn": gettext_lazy("撤回更正申請"),
    "binding.ended": gettext_lazy("一位家長的綁定解除"),
}
SEEN = gettext_lazy("導師已檢視，轉請註冊組審核")
CORRECTED = "applicant.corrected"
DECISIONS = {
    "applicant.approved": (
        gettext_lazy("學校核可申請"),
        gettext_lazy("學校核可第一位申請人"),
        gettext_lazy("學校核可第二位申請人"),
    ),
    "applicant.returned": (
        gettext_lazy("學校退回修正"),
        gettext_lazy("學校退回第一位申請人，請修正"),
        gettext_lazy("學校退回第二位申請人，請修正"),
    ),
    "applicant.rejected": (
        gettext_lazy("學校審核未通過"),
        gettext_lazy("第一位申請人審核未通過"),
        gettext_lazy("第二位申請人審核未通過"),
    ),
    CORRECTED: (
        gettext_lazy("修正申請資料後再送出"),
        gettext_lazy("修正第一位申請人的資料後再送出"),
        gettext_lazy("修正第二位申請人的資料後再送出"),
    ),
}
ABOUT_A_MAILBOX = {
    "applicant.address_asked": gettext_lazy("再寄一次確認信箱的信"),
    "applicant.address_confirmed": gettext_lazy("收信人確認信箱"),
    "applicant.address_refused": gettext_lazy("收信人表示沒有申請"),
}
POSITIONS = ("", gettext_lazy("第一位申請人"), gettext_lazy("第二位申請人"))
PAPER = "paper_form.marked"
UNDONE = "applicant.undone"


@dataclass(frozen=True)
class Place:
    """Which applicant of which application; `position` 0 where there is one alone."""

    application: str
    position: int


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, by whom (blank: the system), what, and more about it."""

    at: datetime
    who: str
    words: str
    detail: str = ""


def timeline_for_family(student):
    """Entries, the last first; six queries. A decision taken back before anybody was told never happened."""
    places = _places(student)
    entries: dict[int, Entry] = {}
    last_decision: dict[str, int] = {}
    for event in reversed(_events_of(student, places)):
        if event.event == UNDONE:
            entries.pop(last_decision.pop(event.target_id, 0), None)
            continue
        if event.event in DECISIONS and event.event != CORRECTED:
            last_decision[event.target_id] = event.pk
        entries[event.pk] = Entry(event.at, "", _words_for(event, places), _detail_of(event, places))
    mails = [Entry(mail.sent_at, "", _words_for_mail(mail), mail.subject) for mail in _mails_to(student)]
    return sorted([*entries.values(), *mails], key=lambda one: one.at, reverse=True)[:SHOWN]


def _places(student):
    """{key of an applicant, as text: Place}"""
    applicants = Applicant.objects.filter(application__student=student).select_related("application")
    return {
        str(one.pk): Place(str(one.application_id), one.position if len(one.application.positions) > 1 else 0)
        for one in applicants.only("position", "application__kind")
    }


def _events_of(student, applicants):
    of_child = {
        "binding.application": Application.objects.filter(student=student),
        "binding.binding": Binding.objects.filter(student=student, kind=Binding.Kind.APPLIED),
        "binding.correctionrequest": CorrectionRequest.objects.filter(student=student),
    }
    about = Q(target_type="binding.applicant", target_id__in=list(applicants))
    about |= Q(target_type="registry.student", target_id=str(student.pk))
    for target_type, rows in of_child.items():
        keys = [str(pk) for pk in rows.values_list("pk", flat=True)]
        about |= Q(target_type=target_type, target_id__in=keys)
    shown = [*STEPS, *DECISIONS, *ABOUT_A_MAILBOX, PAPER, UNDONE]
    return list(Event.objects.filter(about, event__in=shown, school_id=student.school_id)[:SHOWN])


def _mails_to(student):
    sent = Message.objects.filter(student_id=student.pk, school_id=student.school_id, state=Message.State.SENT).filter(
        about_type="binding.applicant"
    )
    return sent.only("subject", "sent_at", "bounced_as")[:SHOWN]


def _words_for_mail(mail):
    return _("寄出通知信，後來退回") if mail.bounced_as else _("寄出通知信")


def _words_for(event, places):
    if event.event == PAPER:
        came = event.data.get("answer") != "not_received"
        return _("學校收到申請書") if came else _("學校取消申請書的登記")
    if event.event in DECISIONS:
        return str(DECISIONS[event.event][places[event.target_id].position])
    if event.event == "application.escalated" and event.data.get("why") == "guardianship":
        return str(SEEN)
    return str(ABOUT_A_MAILBOX.get(event.event) or STEPS[event.event])


def _detail_of(event, places):
    if event.event in ABOUT_A_MAILBOX:
        return str(POSITIONS[places[event.target_id].position])
    return in_a_row(words_of_fields(event)) if event.event == CORRECTED else ""


def words_of_fields(event):
    """[text]: what a family changed, and what it said to be right; empty where neither is told of."""
    told = {
        _("修改%(fields)s"): event.data.get("changed", []),
        _("確認原來的%(fields)s正確"): event.data.get("confirmed", []),
    }
    return [
        words % {"fields": joined(str(Applicant.FIELDS[name]) for name in fields if name in Applicant.FIELDS)}
        for words, fields in told.items()
        if fields
    ]
