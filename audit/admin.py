from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from audit.words import target_words, words_of
from core.admin import ReadOnlyAdmin


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "words", "actor_label", "target", "ip_address"]
    list_filter = ["at"]  # a list of all kinds of events would be looked for in all events
    search_fields = ["=event", "=target_id", "actor_label", "=request_id"]

    fields = ["at", "words", "event", "actor_label", "target", "data", "ip_address", "request_id"]

    @admin.display(description=_("對象"))
    def target(self, event):
        return target_words(event)

    @admin.display(description=_("發生的事"), ordering="event")
    def words(self, event):
        return words_of(event.event)
