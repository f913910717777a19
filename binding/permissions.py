"""Who may decide about a family. Each `check_…` raises NotYours with a reason to show."""

from django.utils.translation import gettext as _

from accounts.models import User
from binding.models import Binding, EmailCorrection, PersonCorrection
from binding.own_family import NotYours, check_not_own_account, check_not_own_family
from registry.models import Student
from registry.roles import Role


class NotBound(Exception):
    """A school where the person is not bound now has no say in the person's account."""


def check_registrar(user: User, student: Student) -> None:
    """Raise NotYours unless `user` is registrar of the student's school now, and not of this family."""
    if Role.REGISTRAR not in user.roles or user.school_id != student.school_id:
        raise NotYours(_("這位學生目前不在您的學校，請由學生就讀學校的註冊組處理。"))
    check_not_own_family(user, student)


def check_may_correct(user: User, binding: Binding) -> None:
    """Raise NotYours unless `user` may ask for a correction of who is bound there; NotBound where it does not count now."""
    check_registrar(user, binding.student)
    check_not_own_account(user, binding.account)
    if not binding.is_active:
        raise NotBound


def check_second_person(user: User, correction: EmailCorrection | PersonCorrection) -> None:
    """Raise NotYours unless `user` may agree to what another asked: registrar or school admin, not of the family."""
    student = correction.binding.student
    if user.roles.isdisjoint({Role.REGISTRAR, Role.SCHOOL_ADMIN}) or user.school_id != student.school_id:
        raise NotYours(_("請由提出更正的學校的註冊組或學校管理者處理。"))
    if user.pk == correction.asked_by_id:
        raise NotYours(_("這是您自己提出的，請由另一位註冊組同仁或學校管理者確認。"))
    check_not_own_account(user, correction.account)
