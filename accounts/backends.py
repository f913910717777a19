from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from registry.models import Student
from registry.roles import AccountKind


class AccountBackend(ModelBackend):
    """Loads the person behind a session; passwords are checked by `accounts.passwords` alone."""

    def authenticate(self, request, username=None, password=None, **credentials):
        return None

    def get_user(self, user_id):
        user = (
            User.objects.select_related("school", "student__school_class", "sso_account")
            .filter(pk=user_id, is_active=True)
            .first()
        )
        return user if user and is_welcome(user) else None


def is_welcome(user):
    """A family comes in while its child is at the school, a parent while the SSO account is open."""
    if user.kind == AccountKind.FAMILY:
        return user.student.status == Student.Status.ENROLLED and user.student.school_id == user.school_id
    if user.kind == AccountKind.PARENT:
        return user.sso_account.state != user.sso_account.State.CLOSED
    return True
