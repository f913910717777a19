"""Who may change what was approved."""

from django.utils.translation import gettext as _

from binding.models import Binding
from registry.roles import Role


class NotYours(Exception):
    """This belongs to somebody else; the message says to whom."""


def check_registrar(user, student):
    """Raise NotYours unless `user` is registrar of the student's school now, and not of this family."""
    if Role.REGISTRAR not in user.roles or user.school_id != student.school_id:
        raise NotYours(_("這位學生目前不在您的學校，請由學生就讀學校的註冊組處理。"))
    if is_of_family(user, student):
        raise NotYours(_("您是這位學生的家長。為求公正，請由註冊組的另一位同仁處理。"))


def check_second(user, change):
    """Raise NotYours unless `user` may agree to what another asked: registrar or school admin, not of the family."""
    student = change.binding.student
    if user.roles.isdisjoint({Role.REGISTRAR, Role.SCHOOL_ADMIN}) or user.school_id != student.school_id:
        raise NotYours(_("請由提出更正的學校的註冊組或學校管理者處理。"))
    if user.pk == change.asked_by_id:
        raise NotYours(_("這是您自己提出的，請由另一位註冊組同仁或學校管理者確認。"))
    if is_of_family(user, student):
        raise NotYours(_("您是這位學生的家長。為求公正，請由另一位同仁處理。"))


def is_of_family(user, student):
    """Whether this member of staff is or was bound to the child."""
    if not user.identity_fingerprint:
        return False
    bound = Binding.objects.filter(student=student, account__identity_fingerprint=user.identity_fingerprint)
    return bound.exists()
