"""Django's admin for the city: staff of the city with a second factor, and nobody else."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CityAdminSite(admin.AdminSite):
    site_header = _("親子綁定管理後台")
    site_title = _("管理後台")
    index_template = "admin/city_index.html"
    index_title = _("臺北市校園單一身分驗證服務")

    def has_permission(self, request):
        return super().has_permission(request) and request.user.is_verified()

    def login(self, request, extra_context=None):
        """There is one log-in for the city's staff; for everyone else the admin does not exist."""
        if request.user.is_authenticated:
            raise Http404
        return redirect(f"{reverse('accounts:city-login')}?next={reverse('admin:index')}")

    login.login_required = False  # type: ignore[attr-defined]
