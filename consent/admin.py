from django.contrib import admin

from audit import log
from consent.models import ConsentDecision, ConsentText
from core.admin import ReadOnlyAdmin


@admin.register(ConsentText)
class ConsentTextAdmin(admin.ModelAdmin):
    list_display = ["version", "published_at", "digest"]
    readonly_fields = ["digest"]

    def has_change_permission(self, request, obj=None):
        """A published text stays as families answered it; the next one is a new version."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_published)

    has_delete_permission = has_change_permission

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        data = {"version": obj.version, "digest": obj.digest, "published_at": obj.published_at.isoformat()}
        event = "consent_text.changed" if change else "consent_text.added"
        log.record(event, by=request.user, target=obj, data=data)


@admin.register(ConsentDecision)
class ConsentDecisionAdmin(ReadOnlyAdmin):
    list_display = ["student", "answer", "text", "decided_at"]
    list_filter = ["answer", "text"]
    list_select_related = ["student__school_class", "text"]
    search_fields = ["=student__student_number", "student__school__name", "=student__school__code"]
    date_hierarchy = "decided_at"
