from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "review"
    verbose_name = _("導師審核")

    def ready(self):
        from review import receivers  # noqa: F401
