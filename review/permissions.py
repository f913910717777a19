"""Who may review whom. A role's scope follows the class assignment at the moment of asking."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.models import Application, CourtOrder
from registry.models import SchoolClass, Student
from registry.roles import Role

BY_COURT = gettext_lazy("這位申請人有法院裁定的限制，這份申請請由註冊組處理。")
OWN_FAMILY = gettext_lazy("申請人是您本人。為求公正，這份申請請由註冊組審核。")


class NotYours(Exception):
    """This decision belongs to somebody else; the message says to whom."""


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


def check_can_decide(user, application):
    """Raise NotYours unless `user` reviews this student's class now and is not the child's own family."""
    if not applications_of(user).filter(pk=application.pk).exists():
        raise NotYours(_("這位學生目前不在您的審核範圍，可能已經換班或更換導師。"))
    if is_own_family(user, application):
        raise NotYours(str(OWN_FAMILY))


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


def is_own_family(user, application):
    return bool(user.identity_fingerprint) and any(
        one.identity_fingerprint == user.identity_fingerprint for one in application.applicants.all()
    )
