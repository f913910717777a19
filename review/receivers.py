"""What follows when a family sends its application."""

from django.dispatch import receiver

from binding.signals import application_sent
from review.handing_over import hand_over_own_children
from review.tasks import consider_later


@receiver(application_sent)
def find_the_reviewer(sender, *, application, **kwargs):
    hand_over_own_children(application)
    consider_later(application.student)
