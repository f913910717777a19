"""轉請註冊組審核: the homeroom teacher leaves an application to the registrar, who may give it back."""

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from accounts.models import User
from audit import log
from binding.actions.locks import lock_application
from binding.models import Applicant, Application
from binding.own_family import check_not_own_family, is_own_family, own_children
from registry.models import School, SchoolClass, Student
from registry.roles import AccountKind, Role
from review import permissions, policies
from review.models import Escalation


@transaction.atomic
def escalate(*, application: Application, why: str, by: User, note: str = "") -> Escalation:
    """Leave the decision to the registrar; a second press changes nothing. Raises NotYours and Stale."""
    application = lock_application(application)
    if not Application.objects.of_reviewer(by).filter(pk=application.pk).exists():
        raise permissions.NotYours(str(permissions.ESCALATED))
    if not application.is_submitted:
        raise policies.Stale
    return _escalate(application, why, by=by, note=note)


def _escalate(application: Application, why: str, *, by: User | None, note: str = "") -> Escalation:
    escalation, is_new = Escalation.objects.get_or_create(
        application=application, defaults={"why": why, "note": note, "by": by}
    )
    if is_new:
        school = application.student.school
        log.record("application.escalated", by=by, target=application, school=school, data={"why": str(why)})
    return escalation


@transaction.atomic
def return_to_teacher(*, application: Application, by: User) -> bool:
    """The homeroom teacher decides after all. Raises NotYours for the own family."""
    application = lock_application(application)
    check_not_own_family(by, application.student)
    gone, _by_model = Escalation.objects.filter(application=application).delete()
    if gone:
        log.record("application.returned_to_teacher", by=by, target=application, school=application.student.school)
    return bool(gone)


def escalate_own_children(application: Application) -> None:
    """An application for a child of the class's own teacher goes to the registrar as soon as it is sent."""
    duties = application.student.school_class.homerooms
    teachers = User.objects.filter(
        kind=AccountKind.STAFF, school=application.student.school_id, account__in=[one.account for one in duties]
    )
    if any(is_own_family(teacher, application.student) for teacher in teachers):
        _escalate(application, Escalation.Why.OWN_FAMILY, by=None)


def escalate_students_numbers(application: Application) -> None:
    """An applicant's number that is a student's of the city is looked at by the registrar, who alone is told so.

    Counted there by the reason; to say it to a teacher would tell of another child.
    """
    numbers = application.applicants.values("identity_fingerprint")
    if Student.objects.filter(identity_fingerprint__in=numbers).exists():
        _escalate(application, Escalation.Why.CHECKED, by=None)


def escalate_family_of(user: User) -> None:
    """A teacher said who they are: what waits for this person about the own family goes to the registrar."""
    if Role.HOMEROOM_TEACHER not in user.roles:
        return
    mine = Application.objects.filter(
        status=Application.Status.SUBMITTED, student__school_class__in=SchoolClass.objects.taught_by(user)
    )
    for application in mine.filter(student__in=own_children(user)).order_by("pk"):
        _escalate(lock_application(application), Escalation.Why.OWN_FAMILY, by=None)


def escalated_at(school: School) -> QuerySet[Application]:
    """Applications of `school` that wait for the registrar, the longest first, with `waiting` since when."""
    return (
        Application.objects.sent()
        .filter(student__school=school, escalation__isnull=False, applicants__review=Applicant.Review.PENDING)
        .annotate(waiting=Min("submitted_at", filter=Q(applicants__review=Applicant.Review.PENDING)))
        .select_related("student__school_class", "escalation__by")
        .order_by("escalation__at", "pk")
    )
