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
from core import identity, names
from core.fields import EmailAddressField

# Groups give nothing here: what people may do hangs on their kind and their roles.
HIDDEN_APPS = {"auth"}
# Pages of Django's that no model of ours needs: it would lead to wherever a row says.
CLOSED = {"view_on_site"}
NAMED_HERE = {"django_tasks_database": _("背景工作")}


class Guarded(BaseModelAdmin):
    """What every page of the admin does with typed words: no ID number is kept, none is looked up by an address."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        is_text = isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField)
        if is_text and not isinstance(field, EmailAddressField):
            field.validators = [*field.validators, identity.refuse_in]
        return field


# What lists of the admin show that is no field of ours with words of its own.
COLUMNS = {
    "pk": _("編號"),
    "masked_name": _("姓名"),
    "user_id": _("帳號編號"),
    "id": _("編號"),
    "task_name": _("工作"),
    "status": _("狀態"),
    "enqueued_at": _("排入時間"),
    "started_at": _("開始時間"),
    "finished_at": _("結束時間"),
    "priority": _("優先順序"),
    "queue_name": _("佇列"),
}

NO_FIELDS = {"pk", "masked_name", "user_id"}  # all others of these are columns of the worker's table alone


def labelled(name, words):
    """A column with the value of `name` and a head in words of an office."""

    def column(self, row):
        value = getattr(row, name)
        return value() if callable(value) else value

    ordering = None if name == "task_name" else name.removeprefix("masked_")
    return admin.display(description=words, ordering=ordering)(column)


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
        return super().changelist_view(request, extra_context)

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
    is_ours = not admin_class.__module__.startswith("django_tasks")
    columns = {
        f"column_{name}": labelled(name, words)
        for name, words in COLUMNS.items()
        if name in getattr(admin_class, "list_display", ()) and (name in NO_FIELDS or not is_ours)
    }
    return type(admin_class.__name__, (guard, admin_class), {"__module__": admin_class.__module__, **columns})


class CityAdminSite(admin.AdminSite):
    site_header = _("親子綁定管理後台")
    site_title = _("管理後台")
    index_template = "admin/city_index.html"
    index_title = _("臺北市校園單一身分驗證服務")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Whatever is registered, by us or by a library, leaves events of its writes and keeps no ID number."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        shown: list[type[Model]] = [one for one in models if one._meta.app_label not in HIDDEN_APPS]
        base = guarded(admin_class or admin.ModelAdmin)
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
        return redirect(login_flow.password_url_of(request.user))

    def password_change_done(self, request, extra_context=None):
        return redirect("admin:index")
