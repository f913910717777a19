"""Who may review whom. A role's scope follows the class assignment at the moment of asking."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.models import Application, Binding, CourtOrder
from registry.models import Guardian, SchoolClass, Student
from registry.roles import Role
from review.models import Handover, ReviewRules

OWN_FAMILY = gettext_lazy("這是您自己的孩子。為求公正，這份申請請由註冊組其他同仁審核。")
HANDED_OVER = gettext_lazy("這份申請已經交給註冊組審核。")
GUARDIANSHIP = gettext_lazy("監護關係由註冊組核定。請看過證明文件，再按「交給註冊組」。")
BY_COURT = gettext_lazy("這位申請人有法院裁定的限制，這份申請請由註冊組處理。")


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


def withdrawn_of(user):
    """Applications that the family took back, perhaps while a reviewer had them open."""
    withdrawn = Application.objects.filter(status=Application.Status.WITHDRAWN, submitted_at__isnull=False)
    return withdrawn.filter(student__school_class__in=classes_of(user))


def check_can_decide(user, application):
    """Raise NotYours unless `user` reviews this student's class now and is not the child's own family."""
    if not applications_of(user).filter(pk=application.pk).exists():
        raise NotYours(_("這位學生目前不在您的審核範圍，可能已經換班或更換導師。"))
    if is_own_family(user, application):
        raise NotYours(str(OWN_FAMILY))
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


def is_own_family(user, application):
    """Whether `user` is an applicant, a guardian on record, or bound to the child already."""
    number = user.identity_fingerprint
    if not number:
        return False
    return is_applicant(user, application) or children_of(number).filter(pk=application.student_id).exists()


def is_applicant(user, application):
    number = user.identity_fingerprint
    return bool(number) and any(one.identity_fingerprint == number for one in application.applicants.all())


def own_children_in(user, students):
    """Keys of those of `students` who are the user's own children, as far as the city knows; one query."""
    if not user.identity_fingerprint:
        return set()
    own = children_of(user.identity_fingerprint).filter(pk__in=[one.pk for one in students])
    return set(own.values_list("pk", flat=True))


def children_of(number):
    """Students whose guardian on record, or bound parent, has the ID number of this fingerprint."""
    bound = Binding.objects.active().filter(account__identity_fingerprint=number)
    on_record = Guardian.objects.filter(identity_fingerprint=number)
    return Student.objects.filter(Q(pk__in=bound.values("student")) | Q(pk__in=on_record.values("student")))
