from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class CityAdminConfig(AdminConfig):
    """Django's admin, behind the second factor."""

    default_site = "config.admin.CityAdminSite"


class ConfigConfig(AppConfig):
    """Commands of the whole house: serving it, loading the demo, drawing its states."""

    name = "config"
    verbose_name = _("設定")
