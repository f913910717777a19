from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications import outbox
from notifications.models import GoneAddress, Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    list_display = ["pk", "kind", "to", "state", "bounced_as", "server_code", "attempts", "created_at", "last_error"]
    list_filter = ["state", "bounced_as", "created_at"]  # a list of all kinds would be looked for in all mails
    search_fields = ["to", "=kind"]
    exclude = ["html", "leased_by", "leased_until"]
    actions = ["resend"]
    look_event = "message.viewed"

    @admin.action(description=_("重新寄送"), permissions=["change"])
    def resend(self, request, queryset):
        over = queryset.filter(state__in=[Message.State.SENT, Message.State.DEAD])
        secret = over.filter(is_sensitive=True).count()
        if secret:
            words = ngettext(
                "%(count)d 封信含有連結或驗證碼，內容已經清除，不能再寄。請本人在登入頁重新申請，或由學校重新寄送。",
                "%(count)d 封信含有連結或驗證碼，內容已經清除，不能再寄。請本人在登入頁重新申請，或由學校重新寄送。",
                secret,
            )
            messages.warning(request, words % {"count": secret})
        chosen = list(over.filter(is_sensitive=False))
        for message in chosen:
            outbox.resend(message=message, by=request.user)
            self.log_change(request, message, "resent")
        words = ngettext("已重新排入 %(count)d 封郵件。", "已重新排入 %(count)d 封郵件。", len(chosen))
        messages.success(request, words % {"count": len(chosen)})

    def get_exclude(self, request, obj=None):
        """What opens an account is for its owner alone, while it waits too."""
        return [*self.exclude, "text"] if obj and obj.is_sensitive else self.exclude

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """The action needs the right to change; the fields stay as they are."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(GoneAddress)
class GoneAddressAdmin(admin.ModelAdmin):
    """What nothing is sent to; deleting one lets mails go there again."""

    list_display = ["email", "server_code", "server_words", "since"]
    search_fields = ["email"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
