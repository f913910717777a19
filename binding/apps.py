from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BindingConfig(AppConfig):
    name = "binding"
    verbose_name = _("親子綁定")

    def ready(self):
        from binding import receivers  # noqa: F401
