"""Who may review whom. A role's scope follows the class assignment at the moment of asking."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.models import Application, CourtOrder
from binding.permissions import NotYours, check_not_own_family
from registry.models import SchoolClass, Student
from registry.roles import Role
from review.models import Handover, ReviewRules

HANDED_OVER = gettext_lazy("這份申請已經交給註冊組審核。")
GUARDIANSHIP = gettext_lazy("監護關係由註冊組核定。請看過證明文件，再按「交給註冊組」。")
BY_COURT = gettext_lazy("這位申請人有法院裁定的限制，這份申請請由註冊組處理。")


def classes_of(user):
    """Classes whose desk `user` may open: the own ones, or all of the school for the registrar."""
    if Role.REGISTRAR in user.roles:
        return SchoolClass.objects.current().filter(school=user.school_id)
    if Role.HOMEROOM_TEACHER in user.roles:
        return SchoolClass.objects.taught_by(user)
    return SchoolClass.objects.none()


def students_of(user):
    return Student.objects.filter(school_class__in=classes_of(user))


def applications_of(user):
    """Applications that were sent by families of the user's classes."""
    return Application.objects.sent().filter(student__school_class__in=classes_of(user))


def withdrawn_of(user):
    """Applications that the family took back, perhaps while a reviewer had them open."""
    withdrawn = Application.objects.filter(status=Application.Status.WITHDRAWN, submitted_at__isnull=False)
    return withdrawn.filter(student__school_class__in=classes_of(user))


def check_can_decide(user, application):
    """Raise NotYours unless `user` reviews this student's class now and is not of the child's family."""
    if not applications_of(user).filter(pk=application.pk).exists():
        raise NotYours(_("這位學生目前不在您的審核範圍，可能已經換班或更換導師。"))
    check_not_own_family(user, application.student)
    if Role.REGISTRAR not in user.roles and Handover.objects.filter(application=application).exists():
        raise NotYours(str(HANDED_OVER))


def check_can_settle(user, application):
    """Raise NotYours where the registrar alone says yes or no: the teacher looks, and hands it over."""
    if needs_registrar(application) and Role.REGISTRAR not in user.roles:
        raise NotYours(str(GUARDIANSHIP))


def needs_registrar(application):
    return (
        application.kind == Application.Kind.GUARDIAN
        and ReviewRules.of(application.student.school).registrar_decides_guardianship
    )


def check_not_by_court(user, applicant):
    """Raise NotYours where a court's order stands against the applicant, unless `user` is a registrar."""
    if Role.REGISTRAR not in user.roles and is_barred(applicant):
        raise NotYours(str(BY_COURT))


def is_barred(applicant):
    """Whether a court's order stands, today or soon, against binding this person to this child."""
    orders = CourtOrder.objects.against(
        student=applicant.application.student_id, fingerprint=applicant.identity_fingerprint
    )
    return orders.exists()
