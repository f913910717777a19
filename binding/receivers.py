"""What bound parents hear about their child's portal account, which the whole family shares."""

from django.dispatch import receiver

from accounts.signals import portal_password_changed
from binding.models import Binding
from notifications import outbox


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
