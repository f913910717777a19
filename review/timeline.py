"""What happened to an application, and to the mails it caused, the last first."""

from datetime import datetime
from itertools import islice

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import names_of_actors, with_staff_names
from audit.models import Event
from binding.reasons import in_readers_language
from binding.timeline import ABOUT_A_MAILBOX, CORRECTED, SHOWN, STEPS, Entry, words_of_fields
from core.compiled import compiled
from core.languages import in_a_row, labelled
from notifications.models import Message
from review.models import PaperForm

WORDS = {
    **STEPS,
    **ABOUT_A_MAILBOX,
    CORRECTED: gettext_lazy("修正後再送出"),
    "applicant.saved": gettext_lazy("填寫申請人資料"),
    "paper_form.marked": gettext_lazy("登記申請書"),
    "applicant.approved": gettext_lazy("核可"),
    "applicant.returned": gettext_lazy("退回修正"),
    "applicant.rejected": gettext_lazy("不通過"),
    "applicant.undone": gettext_lazy("復原決定"),
    "application.escalated": gettext_lazy("轉請註冊組審核"),
    "application.returned_to_teacher": gettext_lazy("退回導師"),
}


def timeline_of(application):
    """Entries of the event log and the outbox together; two queries. `applicants` are prefetched."""
    names = {str(one.pk): one.name for one in application.applicants.all()}
    first, last = min(names, default=""), max(names, default="")
    student = application.student
    events = _events(application=str(application.pk), first=first, last=last, student=str(student.pk))
    actors = names_of_actors(events)
    entries = [
        *(_of_event(event, names, actors) for event in events),
        *(_of_mail(mail) for mail in _mails(student=student.pk, school=student.school_id, at=application.started_at)),
    ]
    return list(islice(sorted(entries, key=lambda one: one.at, reverse=True), SHOWN))


@compiled(application=str, first=str, last=str, student=str)
def _events(application, first, last, student):
    about = (
        Q(target_type="binding.application", target_id=application)
        | Q(target_type="binding.applicant", target_id__in=[first, last])
        | Q(target_type="registry.student", target_id=student)
    )
    return with_staff_names(Event.objects.filter(about, event__in=WORDS))[:SHOWN]


@compiled(student=int, school=int, at=datetime)
def _mails(student, school, at):
    sent = Message.objects.filter(student_id=student, school_id=school, created_at__gte=at)
    return sent.only("subject", "state", "bounced_as", "created_at", "sent_at")[:SHOWN]


def _of_event(event, names, actors):
    return Entry(event.at, actors.get(event.actor_id, ""), str(WORDS[event.event]), detail_of(event, names))


def detail_of(event, names):
    """More about an event, in words; `names`: {key of an applicant, as text: name}."""
    detail = names.get(event.target_id, "") if event.target_type == "binding.applicant" else ""
    if event.event == "paper_form.marked":
        detail = str(PaperForm.Answer(event.data["answer"]).label)
    if event.event == "applicant.approved" and not event.actor_id:
        detail += _("（自動，與學校登錄的監護人相符）")
    if told := words_of_fields(event):
        detail = labelled(detail) + in_a_row(told)
    if reason := event.data.get("reason"):
        detail = labelled(detail) + in_readers_language(reason)
    return detail


def _of_mail(mail):
    words = _("寄信：%(subject)s") % {"subject": mail.subject}
    return Entry(mail.sent_at or mail.created_at, "", words, str(mail.fate))
