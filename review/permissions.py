"""Who may decide on an application; what may be opened at all is `of_reviewer` on the models."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from binding.models import Applicant, Application
from binding.own_family import NotYours, check_not_own_family
from registry.roles import Role
from review import policies
from review.models import Escalation, ReviewRules

ESCALATED = gettext_lazy("這份申請已轉請註冊組審核。")
GUARDIANSHIP = gettext_lazy("監護關係由註冊組核定。請看過證明文件，再按「已檢視，轉註冊組」。")
BY_COURT = gettext_lazy("這位申請人有法院裁定的限制，這份申請請由註冊組處理。")


def check_can_decide(user: User, application: Application) -> None:
    """Raise NotYours unless `user` reviews this student's class now and is not of the child's family."""
    if not Application.objects.of_reviewer(user).filter(pk=application.pk).exists():
        raise NotYours(_("這位學生目前不在您的審核範圍，可能已經換班或更換導師。"))
    check_not_own_family(user, application.student)
    if Role.REGISTRAR not in user.roles and Escalation.objects.filter(application=application).exists():
        raise NotYours(str(ESCALATED))


def check_needs_no_registrar(user: User, application: Application) -> None:
    """Raise NotYours where the registrar alone says yes or no: the teacher looks, and hands it over."""
    if needs_registrar(application) and Role.REGISTRAR not in user.roles:
        raise NotYours(str(GUARDIANSHIP))


def needs_registrar(application: Application) -> bool:
    return (
        application.kind == Application.Kind.GUARDIAN
        and ReviewRules.of(application.student.school).registrar_decides_guardianship
    )


def check_may_decide_on(user: User, applicant: Applicant) -> None:
    """Raise NotYours where a court's order stands against the applicant, unless `user` is a registrar."""
    if Role.REGISTRAR not in user.roles and policies.is_barred(applicant):
        raise NotYours(str(BY_COURT))
