from django.contrib import admin

from audit.models import Event
from core.admin import ReadOnlyAdmin


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "event", "actor_label", "target_type", "target_id", "ip_address"]
    list_filter = ["event", "actor_kind"]
    search_fields = ["=target_id", "actor_label", "=request_id"]
    date_hierarchy = "at"
    show_full_result_count = False
