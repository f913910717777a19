"""Django's admin for the city: staff of the city with a second factor, and nobody else."""

from django.contrib import admin
from django.db.models import Model
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import doors
from accounts.views import portal
from audit.admin_events import LeavesEvents

# Groups give nothing here: what people may do hangs on their kind and their roles.
HIDDEN_APPS = {"auth"}
# Pages of Django's that no model of ours needs: it would lead to wherever a row says.
CLOSED = {"view_on_site"}
NAMED_HERE = {"django_tasks_database": _("背景工作")}


class CityAdminSite(admin.AdminSite):
    site_header = _("親子綁定管理後台")
    site_title = _("管理後台")
    index_template = "admin/city_index.html"
    index_title = _("臺北市校園單一身分驗證服務")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Whatever is registered, by us or by a library, leaves events of its writes."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        shown: list[type[Model]] = [one for one in models if one._meta.app_label not in HIDDEN_APPS]
        base = admin_class or admin.ModelAdmin
        super().register(shown, type(base.__name__, (base, LeavesEvents), {}), **options)

    def get_urls(self):
        return [one for one in super().get_urls() if getattr(one, "name", None) not in CLOSED]

    def get_app_list(self, request, app_label=None):
        """Ours first, by name; the worker's last."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            if name := NAMED_HERE.get(app["app_label"]):
                app["name"] = name
                for model in app["models"]:
                    model["name"] = name
        return sorted(apps, key=lambda app: app["app_label"] in NAMED_HERE)

    def has_permission(self, request):
        return super().has_permission(request) and request.user.is_verified()

    def login(self, request, extra_context=None):
        """There is one log-in for the city's staff; for everyone else the admin does not exist."""
        if request.user.is_authenticated:
            raise Http404
        return redirect(f"{reverse('accounts:city-login')}?next={reverse('admin:index')}")

    login.login_required = False  # type: ignore[attr-defined]

    def logout(self, request, extra_context=None):
        """The one log-out of the house, which leaves an event and ends what hangs on the session."""
        return portal.log_out(request)

    def password_change(self, request, extra_context=None):
        """The house's own page: it counts tries, keeps former passwords, and tells the owner."""
        return redirect(doors.password_url_of(request.user))

    def password_change_done(self, request, extra_context=None):
        return redirect("admin:index")
