"""Django's admin for the city: staff of the city with a second factor, and nobody else."""

from functools import cache

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import login_flow
from accounts.views import portal
from audit.admin_events import LeavesEvents
from config import admin_values
from config.city.jobs_admin import JobAdmin, name_table
from core import identity, names
from core.fields import EmailAddressField

# Groups give nothing here: what people may do hangs on their kind and their roles.
HIDDEN_APPS = {"auth"}
# Pages of Django's that no model of ours needs: it would lead to wherever a row says.
CLOSED = {"view_on_site"}
JOBS = "django_tasks_database"


class Guarded(BaseModelAdmin):
    """What every page of the admin does with typed words: no ID number is kept, none is looked up by an address."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        is_text = isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField)
        if is_text and not isinstance(field, EmailAddressField):
            field.validators = [*field.validators, identity.refuse_in]
        return field


# Columns that are no field of ours with words of its own.
COLUMNS = {"pk": _("編號"), "masked_name": _("姓名"), "user_id": _("帳號編號")}


def labelled(name, words):
    """A column with the value of `name`, which is no quantity, and a head in words of an office."""

    def column(self, row):
        value = getattr(row, name)
        value = value() if callable(value) else value
        return None if value is None else str(value)

    return admin.display(description=words, ordering=name.removeprefix("masked_"))(column)


class GuardedAdmin(Guarded, admin.ModelAdmin):
    show_full_result_count = False  # how many there are besides those found costs a look at all of them

    def get_list_display(self, request):
        """Columns whose own name is English get a head in words; see `labelled`."""
        named = ((one, f"column_{one}") for one in super().get_list_display(request))
        return [column if hasattr(self, column) else one for one, column in named]

    def get_inlines(self, request, obj):
        return [guarded(one, Guarded) for one in super().get_inlines(request, obj)]

    def changelist_view(self, request, extra_context=None):
        if identity.may_be_in(request.GET.get("q", "")) and not hasattr(self, "find_by_number"):
            messages.warning(request, gettext("請不要在這裡查詢證號，證號不可出現在網址上。"))
            return redirect(request.path)
        words = {"title": gettext("%(name)s列表") % {"name": self.opts.verbose_name_plural}}
        return super().changelist_view(request, {**words, **(extra_context or {})})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Which one it is stands below the name of its kind."""
        name = self.opts.verbose_name
        words = {"title": name if object_id else gettext("新增%(name)s") % {"name": name}}
        return super().changeform_view(request, object_id, form_url, {**words, **(extra_context or {})})

    def get_search_results(self, request, queryset, search_term):
        """Where names are searched, however they are written."""
        if any("folded_name" in field for field in self.get_search_fields(request)):
            search_term = names.fold(search_term)
        return super().get_search_results(request, queryset, search_term)

    def log_deletions(self, request, queryset):
        """One by one, as `audit.receivers` hears of them; Django would write them past it."""
        return [
            entry
            for one in queryset
            for entry in super(GuardedAdmin, self).log_deletions(request, [one])  # type: ignore[arg-type]
        ]


@cache
def guarded(admin_class, guard=GuardedAdmin):
    shown = getattr(admin_class, "list_display", ())
    columns = {f"column_{name}": labelled(name, words) for name, words in COLUMNS.items() if name in shown}
    return type(admin_class.__name__, (guard, admin_class), {"__module__": admin_class.__module__, **columns})


class CityAdminSite(admin.AdminSite):
    site_header = _("親子綁定管理後台")
    site_title = _("管理後台")
    index_template = "admin/city_index.html"
    index_title = _("臺北市校園單一身分驗證服務")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        admin_values.install()

    def register(self, model_or_iterable, admin_class=None, **options):
        """Whatever is registered, by us or by a library, leaves events of its writes and keeps no ID number."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        shown: list[type[Model]] = [one for one in models if one._meta.app_label not in HIDDEN_APPS]
        for jobs in (one for one in shown if one._meta.app_label == JOBS):
            name_table(jobs)
            admin_class = JobAdmin
        base = guarded(admin_class or admin.ModelAdmin)
        super().register(shown, type(base.__name__, (base, LeavesEvents), {}), **options)

    def get_urls(self):
        return [one for one in super().get_urls() if getattr(one, "name", None) not in CLOSED]

    def get_app_list(self, request, app_label=None):
        """Ours first, by name; the worker's last."""
        return sorted(super().get_app_list(request, app_label), key=lambda app: app["app_label"] == JOBS)

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
        return redirect(login_flow.password_url_of(request.user))

    def password_change_done(self, request, extra_context=None):
        return redirect("admin:index")
