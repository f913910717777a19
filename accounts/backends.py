from contextvars import ContextVar

from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from core.compiled import compiled
from registry.models import Student
from registry.roles import AccountKind

# Whom the session's own statement brought along, while Django checks that the session is theirs.
read_with_session: ContextVar[User | None] = ContextVar("read_with_session", default=None)


class AccountBackend(ModelBackend):
    """Loads the person behind a session; passwords are checked by `accounts.passwords` alone."""

    def authenticate(self, request, username=None, password=None, **credentials):
        return None

    def get_user(self, user_id):
        user = read_with_session.get()
        if user is None or user.pk != int(user_id):
            user = _people.first(pk=int(user_id))
        return user if user and user.is_active and is_welcome(user) else None


@compiled(pk=int)
def _people(pk):
    return User.objects.select_related("school", "student__school_class", "sso_account").filter(pk=pk)


def is_welcome(user):
    """A family comes in while its child is at the school, a parent while the SSO account is open."""
    if user.kind == AccountKind.FAMILY:
        return user.student.status == Student.Status.ENROLLED and user.student.school_id == user.school_id
    if user.kind == AccountKind.PARENT:
        return user.sso_account.state != user.sso_account.State.CLOSED
    return True
