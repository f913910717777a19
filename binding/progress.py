"""Where a family stands: the three steps, their three statuses as the notice names them, what comes next."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from binding import family_rows, visibility
from binding.models import Applicant, Application, Binding, CorrectionRequest, DataConfirmation, Withdrawal
from consent.models import ConsentDecision
from registry.models import Student


class DataStatus(models.TextChoices):
    """學生個資"""

    UNCONFIRMED = "unconfirmed", _("未確認")
    CONFIRMED = "confirmed", _("已確認")
    CORRECTING = "correcting", _("更正中")


class AccountStatus(models.TextChoices):
    """親子帳號"""

    UNSET = "unset", _("未設定")
    SET = "set", _("已設定")
    DECLINED = "declined", _("無意參加")


class SendingStatus(models.TextChoices):
    """申請確認"""

    UNSENT = "unsent", _("未送出")
    PENDING = "pending", _("待審核")
    RETURNED = "returned", _("退回修正")
    APPROVED = "approved", _("已通過")
    REJECTED = "rejected", _("未通過")
    ENDED = "ended", _("已解除")
    ANSWERED = "answered", _("已回傳意願")


# The mark that goes with each word; see templates/components/pill.html. A refusal is an answer, and nobody's approval.
PILLS = {
    DataStatus.UNCONFIRMED: "todo",
    DataStatus.CONFIRMED: "done",
    DataStatus.CORRECTING: "waiting",
    AccountStatus.UNSET: "todo",
    AccountStatus.SET: "done",
    AccountStatus.DECLINED: "answered",
    SendingStatus.UNSENT: "todo",
    SendingStatus.PENDING: "waiting",
    SendingStatus.RETURNED: "returned",
    SendingStatus.APPROVED: "done",
    SendingStatus.REJECTED: "refused",
    SendingStatus.ENDED: "todo",
    SendingStatus.ANSWERED: "answered",
    Applicant.Review.PENDING: "waiting",
    Applicant.Review.APPROVED: "done",
    Applicant.Review.RETURNED: "returned",
    Applicant.Review.REJECTED: "refused",
    Applicant.Review.WITHDRAWN: "todo",
}


class NotYet(Exception):
    """An earlier step is to be done first; the message says which."""


@dataclass(frozen=True)
class Progress:
    """All that the family's pages ask about, read in a fixed number of queries."""

    student: Student
    confirmation: DataConfirmation | None
    correction: CorrectionRequest | None
    decision: ConsentDecision | None
    application: Application | None
    is_restricted: bool = False
    withdrawal: Withdrawal | None = None
    deadline: date | None = None
    paper_on: date | None = None
    took_back: bool = False
    login: str = ""  # whose pages: `accounts.sessions.mark_of`

    @classmethod
    def of(cls, student, login=""):
        """Of one student in three queries, a fourth while consent is being taken back."""
        found = family_rows.standing_of(student)
        return cls(
            student=student,
            confirmation=found.confirmation,
            correction=found.correction,
            decision=found.decision,
            application=family_rows.last_application(student),
            is_restricted=found.is_restricted,
            withdrawal=family_rows.open_withdrawal(student) if found.decision and found.is_withdrawing else None,
            deadline=found.deadline,
            paper_on=timezone.localdate(found.paper_at) if found.paper_at else None,
            took_back=found.took_back,
            login=login,
        )

    @classmethod
    def of_each(cls, students):
        """[Progress] of many students at once, in five queries; their classes are fetched already."""
        keys = [student.pk for student in students]
        of_these = {"student__in": keys}
        applications = Application.objects.exclude(status=Application.Status.WITHDRAWN)
        confirmations = family_rows.last_each(DataConfirmation.objects.filter(**of_these))
        corrections = family_rows.last_each(CorrectionRequest.objects.filter(**of_these))
        decisions = family_rows.last_each(ConsentDecision.objects.filter(**of_these))
        last = family_rows.last_each(
            family_rows.with_bindings(applications).filter(**of_these).prefetch_related("applicants")
        )
        return [
            cls(
                student,
                confirmations.get(student.pk),
                corrections.get(student.pk),
                decisions.get(student.pk),
                last.get(student.pk),
            )
            for student in students
        ]

    @property
    def people(self):
        """The applicants as the family's pages may show them."""
        return visibility.people_of(self.application, restricted=self.is_restricted, login=self.login)

    @property
    def files(self):
        """The evidence as the family's pages may show it."""
        return visibility.files_of(self.application, restricted=self.is_restricted)

    @property
    def open_correction(self):
        is_open = self.correction and self.correction.status == CorrectionRequest.Status.OPEN
        return self.correction if is_open else None

    @property
    def answered_correction(self):
        """The registrar's answer that the family has not acted upon yet."""
        answered = (CorrectionRequest.Status.DONE, CorrectionRequest.Status.DECLINED)
        waits = self.data_status == DataStatus.UNCONFIRMED
        return self.correction if waits and self.correction and self.correction.status in answered else None

    @cached_property
    def data_status(self):
        if self.open_correction:
            return DataStatus.CORRECTING
        if self.confirmation and self.confirmation.still_holds_for(self.student):
            return DataStatus.CONFIRMED
        return DataStatus.UNCONFIRMED

    @property
    def was_confirmed_before(self):
        """Confirmed once, but the registry has changed since."""
        return self.data_status == DataStatus.UNCONFIRMED and self.confirmation is not None

    @property
    def handed_over(self):
        """Why the registrar decides in place of the homeroom teacher (`review.escalation`); None: the teacher does."""
        return getattr(self.application, "handed_over", None)

    @property
    def was_seen_by_teacher(self):
        return self.handed_over == "guardianship"

    @property
    def has_agreed(self):
        return self.decision is not None and self.decision.is_agreed

    @property
    def has_declined(self):
        return self.decision is not None and not self.decision.is_agreed

    @property
    def is_bound(self):
        """Whether somebody of the latest application, or of one before, is bound to the child today."""
        return self.application is not None and self.application.is_bound  # type: ignore[attr-defined]

    @property
    def was_unbound(self):
        """Whether somebody who had applied is bound no longer, be others bound or not."""
        return self.application is not None and self.application.was_unbound  # type: ignore[attr-defined]

    @property
    def is_unbound(self):
        """Nobody is bound any longer, and nobody applies: the way back is a new application."""
        return self.sending_status == SendingStatus.ENDED or (self.has_declined and self.was_unbound)

    @cached_property
    def unbound_on(self):
        """The day since when nobody, or one person fewer, is bound; one query, None where nobody was unbound."""
        if not self.was_unbound:
            return None
        over = Binding.objects.ended().filter(student=self.student, kind=Binding.Kind.APPLIED)
        return max((one.ended_on for one in over), default=None)

    @cached_property
    def account_status(self):
        if self.has_declined:
            return AccountStatus.DECLINED
        if self.sending_status == SendingStatus.ENDED:
            return AccountStatus.UNSET
        if self.application and self.application.checked_at:
            return AccountStatus.SET
        return AccountStatus.UNSET

    @cached_property
    def sending_status(self):
        if self.has_declined:
            return SendingStatus.ANSWERED
        if self.application is None or self.application.is_draft:
            return SendingStatus.UNSENT
        reviews = {one.review for one in self.application.applicants.all()}
        for review, status in [
            (Applicant.Review.RETURNED, SendingStatus.RETURNED),
            (Applicant.Review.PENDING, SendingStatus.PENDING),
            (Applicant.Review.APPROVED, SendingStatus.APPROVED),
        ]:
            if review in reviews:
                is_over = status == SendingStatus.APPROVED and self.was_unbound and not self.is_bound
                return SendingStatus.ENDED if is_over else status
        return SendingStatus.REJECTED

    # What the state allows; each has a reason to give when it does not.

    def check_can_answer_consent(self):
        """Consent comes after the data are confirmed; who already answered may always answer anew."""
        if self.decision is None and self.data_status == DataStatus.CORRECTING:
            raise NotYet(gettext("註冊組正在處理您的更正申請，處理好之後就可以繼續申辦。"))
        if self.decision is None and self.data_status != DataStatus.CONFIRMED:
            raise NotYet(gettext("請先完成步驟 1「確認學生相關資訊」。"))

    def check_can_apply(self):
        self._check_has_agreed()
        if self.withdrawal:
            raise NotYet(gettext("您已提出不申辦，正在等已綁定的人答覆。改變心意，請先在步驟 2 重新勾選同意。"))

    def _check_has_agreed(self):
        self.check_can_answer_consent()
        if self.has_declined:
            raise NotYet(gettext("您已選擇無意參加。想申辦，請從步驟 2 重新選擇。"))
        if not self.has_agreed:
            raise NotYet(gettext("請先在步驟 2 閱讀同意書並勾選意願。"))

    def check_can_sign(self):
        self._check_has_agreed()
        if self.application is None or not self.application.checked_at:
            raise NotYet(gettext("請先完成步驟 2「申辦親子帳號」，按下「確認送出」。"))

    def allows(self, check):
        try:
            check()
        except NotYet:
            return False
        return True

    def may(self, action):
        """Whether the family may `answer_consent`, `apply` or `sign` now."""
        return self.allows(getattr(self, f"check_can_{action}"))

    @cached_property
    def next_step(self):
        """1, 2 or 3: the step to do now; None when nothing is left for the family to do."""
        if self.data_status == DataStatus.CORRECTING or self.withdrawal:
            return None
        if self.data_status == DataStatus.UNCONFIRMED:
            return 1
        if self.account_status == AccountStatus.UNSET:
            return 2
        if self.sending_status in (SendingStatus.UNSENT, SendingStatus.RETURNED, SendingStatus.REJECTED):
            return 3
        return None
