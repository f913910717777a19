from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from notifications import outbox
from notifications.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    list_display = ["pk", "kind", "to", "state", "attempts", "created_at", "next_attempt_at", "last_error"]
    list_filter = ["state", "kind"]
    search_fields = ["to"]
    date_hierarchy = "created_at"
    exclude = ["html", "leased_by", "leased_until"]
    actions = ["resend"]

    @admin.action(description=_("重新寄送"), permissions=["change"])
    def resend(self, request, queryset):
        chosen = list(queryset.filter(state__in=[Message.State.SENT, Message.State.DEAD]))
        for message in chosen:
            outbox.resend(message=message, by=request.user)
            self.log_change(request, message, "resent")
        messages.success(request, _("已重新排入 %(count)d 封郵件。") % {"count": len(chosen)})

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """The action needs the right to change; the fields stay as they are."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False
