"""Where a family stands and what is said of it: the one place that hub, step pages, mails and log-out ask.

Rows come from `binding.progress`; `state_of` names what they come to, `standing_words` what is said.
tests/binding/test_standing.py walks every state by real actions and compares the pages.
"""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from binding.models import Applicant
from binding.progress import PILLS
from binding.standing_words import AGAIN, APPLY, CONFIRM, CONSENT, GO_ON, MEND, SAYS, SIGN, State
from core.formats import roc_short

Review = Applicant.Review
FINISHED = (State.APPROVED, State.ONE_UNBOUND, State.ONE_REFUSED)
ABOUT_DATA = (State.CORRECTING, State.CORRECTED, State.NOT_CORRECTED, State.CHANGED)
LINE = (CONFIRM, CONSENT, APPLY, GO_ON, SIGN)  # what is done one after another
WAITING = (State.SENT, State.SEEN, State.AT_REGISTRAR, State.ONE_WAITING)


def state_of(progress):
    """The `State` that the family's rows come to."""
    if progress.open_correction:
        return State.CORRECTING
    if progress.withdrawal:
        return State.WITHDRAWING
    if progress.data_status == "unconfirmed":
        return _state_of_data(progress)
    if progress.has_declined:
        return State.DECLINED_UNBOUND if progress.was_unbound else State.DECLINED
    if progress.decision is None:
        return State.UNANSWERED
    if progress.application is None:
        return State.TAKEN_BACK if progress.took_back else State.AGREED
    if progress.application.is_draft:
        return State.NOT_SENT if progress.application.checked_at else State.DRAFT
    return _state_of_review(progress)


def _state_of_data(progress):
    if answered := progress.answered_correction:
        return State.CORRECTED if answered.status == answered.Status.DONE else State.NOT_CORRECTED
    return State.CHANGED if progress.confirmation else State.UNCONFIRMED


def _state_of_review(progress):
    reviews = {one.review for one in progress.application.applicants.all()}
    if Review.RETURNED in reviews:
        return State.RETURNED
    if Review.PENDING in reviews:
        return _state_of_waiting(progress, reviews)
    if Review.APPROVED not in reviews:
        return State.REJECTED
    if progress.was_unbound:
        return State.ONE_UNBOUND if progress.is_bound else State.UNBOUND
    return State.ONE_REFUSED if Review.REJECTED in reviews else State.APPROVED


def _state_of_waiting(progress, reviews):
    if reviews != {Review.PENDING}:
        return State.ONE_WAITING
    if progress.handed_over:
        return State.SEEN if progress.was_seen_by_teacher else State.AT_REGISTRAR
    return State.SENT


@dataclass(frozen=True)
class Paper:
    """申請書: the day the school received it, or that it is asked for, until when."""

    received_on: date | None
    is_asked: bool


@dataclass(frozen=True)
class Button:
    label: str
    url: str


class Standing:
    """One family's standing, in the language of the moment."""

    def __init__(self, progress):
        self.progress = progress
        self.state = state_of(progress)
        self.says = SAYS[self.state]

    @property
    def kind(self):
        return self.says.kind

    @cached_property
    def title(self):
        return str(self.says.title) % self._facts

    @cached_property
    def body(self):
        """Our words, or what the registrar answered in their place."""
        answered = self.progress.answered_correction
        if self.state in (State.CORRECTED, State.NOT_CORRECTED) and answered.answer:
            return answered.answer
        return str(self.says.body) % self._facts

    @cached_property
    def _facts(self):
        if self.state == State.WITHDRAWING:
            asked = self.progress.withdrawal
            until = timezone.localtime(asked.expires_at)
            moment = f"{roc_short(until.date())} {until:%H:%M}"
            return {"asked": asked.asked, "agreed": asked.agreed, "kept": asked.kept, "until": moment}
        is_over = self.state in (State.UNBOUND, State.ONE_UNBOUND, State.DECLINED_UNBOUND)
        return {"day": roc_short(self.progress.unbound_on)} if is_over else {}

    @cached_property
    def also(self):
        """What lasts beside what is asked now; blank where the sentence says all."""
        application = self.progress.application
        if self.progress.is_bound and self.state not in (*FINISHED, State.WITHDRAWING):
            return _("先前完成的綁定照常有效。")
        if self.progress.is_unbound and self.state in ABOUT_DATA:
            return ended_words(self.progress.unbound_on)
        if self.state in ABOUT_DATA and application and application.is_submitted:
            return _("已送出的申請照常審核。")
        return ""

    @cached_property
    def button(self):
        """The next thing to do, or None where somebody else acts."""
        act = self.says.act
        return Button(str(act.label), self.address_of(act)) if act else None

    def address_of(self, act):
        """The page of the family that `act` opens."""
        if ":" in act.page:
            return reverse(act.page)
        slug, application = self.progress.student.school.slug, self.progress.application
        if act == MEND:
            returned = min(one.position for one in application.applicants.all() if one.review == Review.RETURNED)
            return reverse("binding:applicant", args=[slug, returned])
        if act == GO_ON:
            return address_in_draft(application, slug)
        return reverse(f"binding:{act.page}", args=[slug])

    def next_address(self, *, again=False):
        """The next page of the line, or the list of steps. `again`: who may apply anew is meant to."""
        act = self.says.act
        goes_on = act in LINE or again and act == AGAIN
        return self.address_of(act) if goes_on else reverse("binding:tasks", args=[self.progress.student.school.slug])

    @property
    def account_address(self):
        """Step 2 of who agreed: the draft where it was left, or the choice of how to apply."""
        application = self.progress.application
        if application and application.is_draft:
            return address_in_draft(application, self.progress.student.school.slug)
        return self.address_of(APPLY)

    @property
    def is_asked(self):
        """Whether it is the family's turn."""
        return self.says.who == "family"

    @cached_property
    def paper(self):
        received = self.progress.paper_on
        return Paper(received, is_asked=received is None and self.state not in (*FINISHED, State.UNBOUND))

    @cached_property
    def deadline(self):
        """The last day while anything is still asked, else None."""
        return self.progress.deadline if self.is_asked or self.paper.is_asked else None

    @property
    def is_late(self):
        return self.deadline is not None and self.deadline < timezone.localdate()

    @cached_property
    def people(self):
        """Applicants whose review has to be told one by one: where they differ, or one has a reason to read."""
        application = self.progress.application
        if application is None or application.is_draft or self.state in ABOUT_DATA or self.progress.has_declined:
            return []
        people = [one for one in self.progress.people if one.applicant]
        differ = len({one.applicant.review for one in people}) > 1
        return people if differ or any(one.reason for one in people) else []

    def review_of(self, applicant):
        """(kind of the pill, its words) of one applicant, whoever decides."""
        if self.progress.application.is_draft:
            return "todo", _("未送出")
        if applicant.review == Review.PENDING and self.progress.handed_over:
            seen = self.progress.was_seen_by_teacher
            return "waiting", _("導師已看過，註冊組審核中") if seen else _("註冊組審核中")
        return PILLS[applicant.review], applicant.get_review_display()


def address_in_draft(application, slug):
    """The first page of a draft that is not filled in, or where it is checked."""
    missing = application.missing_parts()
    if not missing:
        return reverse("binding:check", args=[slug])
    if missing[0] == "evidence":
        return reverse("binding:evidence", args=[slug])
    return reverse("binding:applicant", args=[slug, missing[0]])


def ended_words(day):
    """Of a binding that is over, wherever it is told."""
    return _("綁定已於 %(day)s 解除") % {"day": roc_short(day)}
