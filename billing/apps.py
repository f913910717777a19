from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("繳費")

    def ready(self):
        from billing import receivers  # noqa: F401
        from billing.payments import checks  # noqa: F401
