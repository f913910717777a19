"""Rows that are held while somebody writes."""

from collections.abc import Iterable

from accounts.models import SSOAccount
from binding.models import Application
from registry.models import Student


def lock_family(student: Student) -> Student:
    """Let one of a family's tabs write at a time. It leaves the row free for references to it."""
    return Student.objects.select_for_update(no_key=True, of=("self",)).get(pk=student.pk)


def lock_account(pk: int) -> SSOAccount:
    """Let one correction of a person's account be asked for or decided at a time."""
    accounts = SSOAccount.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    return accounts.get(pk=pk)


def lock_open_applications(students: Iterable[int]) -> list[Application]:
    """Those of the students with these keys that are open once whoever holds one has let go."""
    return list(
        Application.objects.open()
        .select_for_update(no_key=True, of=("self",))
        .filter(student__in=students)
        .select_related("student__school", "student__school_class")
        .order_by("pk")
    )


def lock_application(application: Application) -> Application:
    """Let either the family or a reviewer have the application, with its applicants as they are now."""
    return (
        Application.objects.select_for_update(no_key=True, of=("self",))
        .select_related("student__school", "student__school_class")
        .get(pk=application.pk)
    )
