"""The one rule that keeps staff from their own family's matters.

Each `check_…` raises NotYours with a reason to show; `is_…` or `…_among` answers the same question.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import SSOAccount, User
from binding.models import Applicant, Application, Binding
from core import emails, names
from core.compiled import compiled
from registry.models import Guardian, Student

OWN_FAMILY = gettext_lazy("這是您自己的家人。為求公正，請由註冊組的另一位同仁處理。")
PERHAPS_OWN = gettext_lazy(
    "這個家庭裡有人的姓名或電子郵件和您相同。請先登錄您本人的證號（在頁面上方），確認不是同一個人，再處理。"
)


class NotYours(Exception):
    """This belongs to somebody else; the message says to whom."""


def check_not_own_family(user: User, *students: Student) -> None:
    """Raise NotYours where one of `students` is a child of the own family, as far as the city knows."""
    if words := own_family_among(user, students):
        raise NotYours(next(iter(words.values())))


def check_not_oneself(user: User, number: str) -> None:
    """As `check_not_own_family`, of the person with this fingerprint of an ID number."""
    if number == user.identity_fingerprint:
        raise NotYours(str(OWN_FAMILY))


def check_not_own_account(user: User, account: SSOAccount) -> None:
    """As `check_not_own_family`, of all children who are or were bound to this SSO account."""
    check_not_own_family(user, *Student.objects.filter(bindings__account=account).distinct())


def own_family_among(user: User, students: Iterable[Student]) -> dict[int, str]:
    """{key of a student: why `user` keeps away from this family}; at most one query.

    A person's number decides where it is known. Where it is not, somebody of the same name or e-mail in
    the family stands in the way until the number is given.
    """
    keys = [one.pk for one in students]
    if not keys:
        return {}
    one = keys[0] if len(keys) == 1 else None
    if number := user.identity_fingerprint:
        own = _own(number=number, student=one) if one else _children_of(number).filter(pk__in=keys)
        return dict.fromkeys([student.pk for student in own], str(OWN_FAMILY))
    if user.school_id is None:  # the city's own staff give their number in the admin site
        return {}
    people = _people(student=one) if one else _people_around(student__in=keys)
    return dict.fromkeys(_looking_like(user, people), str(PERHAPS_OWN))


def is_own_family(user: User, student: Student) -> bool:
    """Whether `user` keeps away from this student's family, or has to say who they are first."""
    return bool(own_family_among(user, [student]))


def own_children(user: User) -> QuerySet[Student]:
    """Students of whose family `user`, whose ID number is known, is.

    Bound to the child now, later or before, unless by mistake; a guardian on record; or one who applies.
    """
    return _children_of(user.identity_fingerprint)


@compiled(number=str, student=int)
def _own(number: str, student: int) -> QuerySet[Student]:
    return _children_of(number).filter(pk=student).only("pk")


def _children_of(number: str) -> QuerySet[Student]:
    bound = Binding.objects.filter(account__identity_fingerprint=number)
    bound = bound.exclude(end_reason=Binding.EndReason.MISTAKE)
    on_record = Guardian.objects.filter(identity_fingerprint=number)
    applying = _applying().filter(identity_fingerprint=number)
    return Student.objects.filter(
        Q(pk__in=bound.values("student"))
        | Q(pk__in=on_record.values("student"))
        | Q(pk__in=applying.values("application__student"))
    )


def _applying() -> QuerySet[Applicant]:
    """Who waits for a decision; who was approved is known by the binding."""
    waiting = (Applicant.Review.PENDING, Applicant.Review.RETURNED)
    return Applicant.objects.filter(application__status=Application.Status.SUBMITTED, review__in=waiting)


def _looking_like(user: User, people: Iterable[tuple[int, str, str]]) -> set[int]:
    """Keys of students among whose `people` (see below) somebody has the user's name or e-mail."""
    own_name, own_email = names.fold(user.name), emails.normalize(user.email)
    return {
        student
        for student, name, email in people
        if (own_name and names.fold(name) == own_name) or (own_email and emails.normalize(email) == own_email)
    }


@compiled(student=int)
def _people(student: int) -> Any:
    return _people_around(student=student)


def _people_around(**students: Any) -> Any:
    """(student's key, name, e-mail) of guardians on record, who applies and who is bound, of the `students` so found."""
    guardians = Guardian.objects.filter(**students).values_list("student", "name", "email")
    applying = _applying().filter(**{f"application__{path}": value for path, value in students.items()})
    bound = Binding.objects.filter(**students).exclude(end_reason=Binding.EndReason.MISTAKE)
    return guardians.order_by().union(
        applying.order_by().values_list("application__student", "name", "email"),
        bound.order_by().values_list("student", "account__name", "account__user__email"),
    )
