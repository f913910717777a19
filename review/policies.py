"""What the state of an application allows, whoever reviews it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.models import Applicant, Application, CourtOrder, Withdrawal
from consent.models import ConsentDecision
from review.models import PaperForm

BARRED = gettext_lazy("法院裁定期間不能核可這位申請人。裁定屆滿，或註冊組撤銷登錄之後，才能核可。")
NOT_AGREED = gettext_lazy("家長線上的意願不是同意，不能核可。")
WITHDRAWING = gettext_lazy("家長帳號提出撤回同意，正在等已綁定的人答覆，現在不能核可。")
CHANGED = gettext_lazy("內容剛剛有變動，請打開再看一次。")


class NotAllowed(Exception):
    """The decision can't be made as things stand; the message says what to do first."""


class Stale(Exception):
    """The application changed since the page was opened: look again before deciding."""


def check_is_fresh(application: Application, applicant: Applicant, *, revision: int) -> None:
    if application.revision != revision or applicant.review != Applicant.Review.PENDING:
        raise Stale


def check_not_barred(applicant: Applicant) -> None:
    """Raise NotAllowed while a court's order stands, today or soon, against binding this person to this child."""
    if is_barred(applicant):
        raise NotAllowed(str(BARRED))


def is_barred(applicant: Applicant) -> bool:
    orders = CourtOrder.objects.against(
        student=applicant.application.student_id, fingerprint=applicant.identity_fingerprint
    )
    return orders.exists()


def check_can_approve(application: Application) -> None:
    """Raise NotAllowed without an agreeing paper form and an agreeing answer online."""
    paper = PaperForm.objects.filter(student=application.student_id).first()
    if paper is None or paper.answer == PaperForm.Answer.NOT_RECEIVED:
        raise NotAllowed(_("還沒有登記收到申請書。請先收到家長簽名的申請書並登記，再核可。"))
    if paper.answer == PaperForm.Answer.DECLINE:
        raise NotAllowed(_("申請書勾選不同意，和線上申請不一致。請退回給家長確認。"))
    decision = ConsentDecision.objects.latest_of(application.student)
    if decision is None or not decision.is_agreed:
        raise NotAllowed(str(NOT_AGREED))
    if Withdrawal.objects.open().filter(student=application.student_id).exists():
        raise NotAllowed(str(WITHDRAWING))
