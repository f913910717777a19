"""Clients in Django's admin: registered by the city, each secret told once."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from audit import log
from core.admin import ReadOnlyAdmin
from oidc import logos, sign_ons
from oidc.models import Client, ClientLogo, LogoutNotice, Service, SigningKey


class ClientForm(forms.ModelForm):
    logo_file = forms.FileField(
        label=_("標誌"),
        required=False,
        help_text=_("PNG、JPEG 或 WebP，1 MB 以下。不更換就留空白。"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    class Meta:
        model = Client
        fields = [
            "name", "kind", "trust", "is_active", "client_type", "skip_authorization", "may_introspect_all",
            "redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri", "sector",
            "is_service", "line", "launch_url", "mark", "position",
        ]  # fmt: skip
        widgets = {
            "redirect_uris": forms.Textarea(attrs={"rows": 3, "cols": 80}),
            "post_logout_redirect_uris": forms.Textarea(attrs={"rows": 2, "cols": 80}),
        }

    def clean_logo_file(self):
        upload = self.cleaned_data["logo_file"]
        return logos.redraw(upload) if upload else None


class ClientAdmin(admin.ModelAdmin):
    form = ClientForm
    list_display = ["name", "kind", "trust", "client_type", "is_active", "is_service", "position"]
    list_filter = ["kind", "trust", "is_active"]
    search_fields = ["name", "client_id"]
    change_form_template = "admin/oidc/client/change_form.html"
    view_on_site = False

    def get_fieldsets(self, request, obj=None):
        fields = self.form.Meta.fields
        shown = ["client_id", "secret_renewed_at", "previous_secret_until"] if obj else []
        return [
            (None, {"fields": [*shown, *fields[:7]]}),
            (_("網址"), {"fields": fields[7:11]}),
            (_("家長的服務清單"), {"fields": [*fields[11:], "logo_file"]}),
        ]

    def get_readonly_fields(self, request, obj=None):
        """With another sector every parent would be somebody else there; another type would have no secret."""
        shown = ["client_id", "secret_renewed_at", "previous_secret_until"]
        return [*shown, "sector", "client_type"] if obj else shown

    def has_delete_permission(self, request, obj=None):
        """Clients are switched off: what parents agreed to stays to be read."""
        return False

    def get_urls(self):
        def page(view):
            return self.admin_site.admin_view(require_POST(view))

        return [
            path("<int:pk>/secret/", page(self.renew_secret), name="oidc_client_secret"),
            path("<int:pk>/secret/drop/", page(self.drop_secret), name="oidc_client_secret_drop"),
            *super().get_urls(),
        ]

    def save_model(self, request, obj, form, change):
        was_active = change and Client.objects.values_list("is_active", flat=True).get(pk=obj.pk)
        if not change and obj.is_confidential:
            request.new_secret = obj.renew_secret()
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("logo_file"):
            ClientLogo.objects.update_or_create(client=obj, defaults={"png": form.cleaned_data["logo_file"]})
        if was_active and not obj.is_active:
            sign_ons.end_authorizations(obj.authorizations.live())
        event = "client.changed" if change else "client.registered"
        log.record(event, by=request.user, target=obj, data={"changed": form.changed_data})

    def response_add(self, request, obj, post_url_continue=None):
        if secret := getattr(request, "new_secret", None):
            return self.show_secret(request, obj, secret)
        return super().response_add(request, obj, post_url_continue)

    def renew_secret(self, request, pk):
        with transaction.atomic():
            client = self.locked(request, pk)
            secret = client.renew_secret()
            client.save()
            log.record("client.secret_renewed", by=request.user, target=client)
        return self.show_secret(request, client, secret)

    def drop_secret(self, request, pk):
        with transaction.atomic():
            client = self.locked(request, pk)
            client.drop_previous_secret()
            client.save()
            log.record("client.previous_secret_dropped", by=request.user, target=client)
        messages.success(request, gettext("前一組密鑰已經失效。"))
        return HttpResponseRedirect(reverse("admin:oidc_client_change", args=[pk]))

    def locked(self, request, pk):
        if not self.has_change_permission(request):
            raise PermissionDenied
        confidential = Client.objects.filter(client_type=Client.CLIENT_CONFIDENTIAL)
        return get_object_or_404(confidential.select_for_update(of=("self",)), pk=pk)

    def show_secret(self, request, client, secret):
        """On this one page, in no message, cookie, log or history."""
        context = {
            **self.admin_site.each_context(request),
            "client": client,
            "secret": secret,
            "title": gettext("用戶端密鑰"),
        }
        response = TemplateResponse(request, "admin/oidc/client/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response


class NotShown(admin.ModelAdmin):
    """Codes and tokens are nothing to look at."""

    def has_module_permission(self, request):
        return False

    def has_view_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request):
        return False


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = ["name", "line", "url", "position", "is_shown"]
    list_editable = ["position", "is_shown"]
    actions = None  # their button comes before 儲存, so that Enter in a field would press it and lose what was typed


@admin.register(LogoutNotice)
class LogoutNoticeAdmin(ReadOnlyAdmin):
    list_display = ["pk", "client", "state", "attempts", "created_at", "next_attempt_at", "last_error"]
    list_filter = ["state", "client"]
    list_select_related = ["client"]
    fields = ["client", "state", "attempts", "created_at", "next_attempt_at", "retry_until", "last_error"]


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    """Turned by `manage.py rotate_signing_key`; the private half is nowhere to be seen."""

    list_display = ["kid", "state", "created_at", "current_at", "served_until"]
    fields = ["kid", "state", "created_at", "current_at", "served_until", "public_jwk"]
