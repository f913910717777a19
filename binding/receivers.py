"""What bound parents hear about their child's portal account, which the whole family shares."""

from django.dispatch import receiver
from django.utils.translation import gettext as _

from accounts.signals import portal_password_changed
from binding.actions.leaving import end_all_of
from binding.models import Binding, DataConfirmation
from notifications import outbox
from registry.models import StudentChange
from registry.signals import students_ended, undo_asked


@receiver(portal_password_changed)
def tell_bound_parents(sender, *, user, **kwargs):
    """A student who takes over the family's account can't do so unnoticed."""
    student = user.student
    for binding in (
        Binding.objects.active()
        .filter(student=student)
        .select_related("account__user", "applicant__application")
    ):
        outbox.enqueue(
            "portal-password-changed",
            to=binding.account.user.email,
            about=user,
            school=student.school,
            language=binding.applicant.application.language,
            context={"school": student.school, "student_name": student.masked_name},
        )


@receiver(undo_asked)
def keep_what_families_confirmed(sender, *, roster_import, **kwargs):
    """A roster stays once a family has confirmed what it changed."""
    students = StudentChange.objects.filter(roster_import=roster_import).values("student")
    since = DataConfirmation.objects.filter(student__in=students, confirmed_at__gt=roster_import.decided_at)
    return _("有家長已經確認這份名冊更新的資料。") if since.exists() else None


@receiver(students_ended)
def end_bindings(sender, *, students, by, **kwargs):
    """A child who graduated or left is bound to nobody any longer."""
    end_all_of(students=students, by=by)
