"""Who did what for a class: forms registered, applications decided, notes and reminders, the last first."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import with_staff_names
from audit.models import Event
from binding.models import Applicant
from core.listing import Column, Filter
from registry.models import SchoolClass, Student
from review.timeline import WORDS as OF_APPLICATION
from review.timeline import detail_of

# Words of a kind of deeds, and the events it is made of.
GROUPS: dict[str, tuple[Any, dict[str, Any]]] = {
    "paper": (
        gettext_lazy("申請書"),
        {
            "paper_form.marked": OF_APPLICATION["paper_form.marked"],
            "paper_form.taken_back": gettext_lazy("復原申請書的登記"),
            "paper_forms.printed": gettext_lazy("重印申請書"),
        },
    ),
    "decisions": (
        gettext_lazy("審核"),
        {
            name: OF_APPLICATION[name]
            for name in (
                "applicant.approved",
                "applicant.returned",
                "applicant.rejected",
                "applicant.undone",
                "application.escalated",
                "application.returned_to_teacher",
            )
        },
    ),
    "notes": (
        gettext_lazy("備註與提醒"),
        {
            "student_note.written": gettext_lazy("寫備註"),
            "student_note.removed": gettext_lazy("刪除備註"),
            "reminders.sent_to_family": gettext_lazy("寄提醒信"),
        },
    ),
}
WORDS = {name: words for _label, events in GROUPS.values() for name, words in events.items()}


class ClassLog:
    """The events of those who are in the class now; `rows` is a queryset. Two queries before it is asked."""

    def __init__(self, school_class: SchoolClass) -> None:
        students = Student.objects.enrolled().filter(school_class=school_class).order_by("seat_number")
        self.students = {str(one.pk): one for one in students}
        applicants = Applicant.objects.filter(application__student__in=list(self.students)).select_related(
            "application"
        )
        self.applicants = {str(one.pk): one for one in applicants.only("name", "application__student_id")}
        self.school_class = school_class

    @property
    def rows(self) -> QuerySet[Event]:
        applications = {str(one.application_id) for one in self.applicants.values()}
        about = Q(target_type="registry.student", target_id__in=list(self.students))
        about |= Q(target_type="binding.applicant", target_id__in=list(self.applicants))
        about |= Q(target_type="binding.application", target_id__in=applications)
        own = Event.objects.filter(about, event__in=WORDS, school_id=self.school_class.school_id)
        return with_staff_names(own)

    def student_of(self, event: Event) -> Student:
        if event.target_type == "registry.student":
            return self.students[event.target_id]
        key = event.target_id
        if event.target_type == "binding.applicant":
            return self.students[str(self.applicants[key].application.student_id)]
        found = next(one for one in self.applicants.values() if str(one.application_id) == key)
        return self.students[str(found.application.student_id)]

    def words_of(self, event: Event) -> str:
        return str(WORDS[event.event])

    def detail_of(self, event: Event) -> str:
        """What was registered, who was decided on and why."""
        return detail_of(event, {key: one.name for key, one in self.applicants.items()})

    @property
    def columns(self) -> Sequence[Column]:
        student = self.student_of
        return (
            Column("at", gettext_lazy("時間"), lambda one: one.at, order=("at", "pk"), width=18),
            Column("seat", gettext_lazy("座號"), lambda one: student(one).seat_number, is_number=True, width=8),
            Column("name", gettext_lazy("學生"), lambda one: student(one).name),
            Column("what", gettext_lazy("做了什麼"), self.words_of, order=("event", "-at"), width=24),
            Column("detail", gettext_lazy("內容"), self.detail_of, width=32),
            Column("who", gettext_lazy("誰"), who_of, order=("actor_label", "-at")),
        )


def narrow_by_group(events: QuerySet[Event], group: str) -> QuerySet[Event]:
    return events.filter(event__in=GROUPS[group][1])


def filters() -> list[Filter]:
    return [Filter("group", _("種類"), narrow_by_group, [(key, word) for key, (word, _events) in GROUPS.items()])]


def who_of(event: Any) -> str:
    """A member of staff by name, where there is one; else the account, or the system."""
    return event.staff_name or event.actor_label.rpartition("/")[2] or _("系統")
