from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    """An app of its own, so that Django finds its tables where they are."""

    name = "review.reminders"
    label = "reminders"
    verbose_name = _("提醒設定")
