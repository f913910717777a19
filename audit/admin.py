from django.contrib import admin

from audit.models import Event
from core.admin import ReadOnlyAdmin


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "event", "actor_label", "target_type", "target_id", "ip_address"]
    list_filter = ["at"]  # a list of all kinds of events would be looked for in all events
    search_fields = ["=event", "=target_id", "actor_label", "=request_id"]
