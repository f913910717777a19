from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OidcConfig(AppConfig):
    name = "oidc"
    verbose_name = _("單一登入")

    def ready(self):
        from oidc import checks, receivers  # noqa: F401
