"""A parent leaves: every binding ends, each school's registrars hear of theirs, and the account is switched off."""

from django.db import transaction

from accounts import sso_accounts
from accounts.models import User
from binding import mails
from binding.actions.locks import lock_family
from binding.actions.starting import end_locked
from binding.models import Binding
from registry.models import Student
from registry.roles import Role


@transaction.atomic
def leave(*, user):
    """End what binds `user` to children, and let the account go. Doing it twice changes nothing."""
    bindings = Binding.objects.standing().filter(account=user.sso_account)
    for student in Student.objects.filter(bindings__in=bindings).order_by("pk"):
        lock_family(student)
    ended = list(bindings.to_end())
    for binding in ended:
        end_locked(binding, Binding.EndReason.PARENT, user)
    by_school: dict = {}
    for binding in ended:
        by_school.setdefault(binding.student.school, []).append(binding.student)
    for school, students in by_school.items():
        _tell_registrars(school, students)
    return sso_accounts.leave(user=user)


def _tell_registrars(school, students):
    registrars = User.objects.filter(school=school, is_active=True, role_rows__role=Role.REGISTRAR).exclude(
        email=""
    )
    for registrar in registrars:
        mails.parent_left(registrar, school=school, students=students)
