"""What follows when a family sends its application."""

from django.dispatch import receiver

from accounts.signals import staff_number_kept
from binding.signals import application_sent
from review.automatic import consider_later
from review.escalation import escalate_family_of, escalate_own_children, escalate_students_numbers


@receiver(application_sent)
def find_the_reviewer(sender, *, application, **kwargs):
    escalate_own_children(application)
    escalate_students_numbers(application)
    consider_later(application.student)


@receiver(staff_number_kept)
def leave_the_own_family(sender, *, user, **kwargs):
    escalate_family_of(user)
