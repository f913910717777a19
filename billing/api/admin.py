"""Addresses for events in Django's admin: the city writes them down, each secret is told once."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from audit import log
from billing.api.models import Webhook, WebhookDelivery
from core.admin import ReadOnlyAdmin


@admin.register(Webhook)
class WebhookAdmin(admin.ModelAdmin):
    list_display = ["client", "url", "is_active", "renewed_at"]
    list_filter = ["is_active"]
    list_select_related = ["client"]
    fields = ["client", "url", "is_active"]
    change_form_template = "admin/billing/webhook/change_form.html"
    view_on_site = False

    def get_readonly_fields(self, request, obj=None):
        """What waits is for this client and no other."""
        return ["client"] if obj else []

    def has_delete_permission(self, request, obj=None):
        """Addresses are switched off: what was sent there stays to be read."""
        return False

    def get_urls(self):
        renew = self.admin_site.admin_view(require_POST(self.renew_secret))
        return [path("<int:pk>/secret/", renew, name="billing_webhook_secret"), *super().get_urls()]

    def save_model(self, request, obj, form, change):
        if not change:
            request.new_secret = obj.renew_secret(at=timezone.now())
        super().save_model(request, obj, form, change)
        event = "webhook.changed" if change else "webhook.registered"
        log.record(event, by=request.user, target=obj, data={"changed": form.changed_data})

    def response_add(self, request, obj, post_url_continue=None):
        return self.show_secret(request, obj, request.new_secret)

    def renew_secret(self, request, pk):
        if not self.has_change_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            webhook = get_object_or_404(Webhook.objects.select_for_update(of=("self",)), pk=pk)
            secret = webhook.renew_secret(at=timezone.now())
            webhook.save(update_fields=["sealed_secret", "renewed_at"])
            log.record("webhook.secret_renewed", by=request.user, target=webhook)
        return self.show_secret(request, webhook, secret)

    def show_secret(self, request, webhook, secret):
        """On this one page, in no message, cookie, log or history."""
        context = {
            **self.admin_site.each_context(request),
            "webhook": webhook,
            "secret": secret,
            "title": gettext("簽章密鑰"),
        }
        response = TemplateResponse(request, "admin/billing/webhook/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What is on its way, and what was given up and why."""

    list_display = ["created_at", "webhook", "kind", "state", "attempts", "next_attempt_at", "last_error"]
    list_filter = ["state", "kind"]
    list_select_related = ["webhook__client"]
    list_per_page = 50
    fields = ["event", "webhook", "kind", "state", "attempts", "created_at", "sent_at", "last_error"]
