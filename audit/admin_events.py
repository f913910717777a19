"""How each write that is made in Django's admin comes to be in the event log."""

from datetime import timedelta

from django.contrib import admin
from django.db import transaction
from django.utils import timezone

from audit import context, log
from audit.models import Event


class LeavesEvents(admin.ModelAdmin):
    """Writes, and looks where `look_event` names them, leave an event in the transaction of the deed.

    The site gives it to every model (`config.admin`). A deed that wrote an event of its own is not told twice.
    """

    look_event = ""
    view_on_site = False  # no address of another site is handed on from here

    def log_addition(self, request, obj, message):
        _note("admin.added", request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        _note("admin.changed", request, obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            _note("admin.deleted", request, obj, [])
        return super().log_deletions(request, queryset)

    def changelist_view(self, request, extra_context=None):
        """A deed on many rows and its events happen together, or not at all."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        with transaction.atomic():
            return super().changelist_view(request, extra_context)

    def response_action(self, request, queryset):
        response = super().response_action(request, queryset)
        is_done = response is not None and 300 <= response.status_code < 400  # else it asks, or hands out a file
        if is_done and not _events_of(request).exists():
            names = [one[:60] for one in request.POST.getlist("action") if one]
            log.record("admin.action", by=request.user, data={"actions": names, "of": self.opts.label_lower})
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        if self.look_event and response.status_code == 200:
            with transaction.atomic():
                log.record(self.look_event, by=request.user, target=self.get_object(request, object_id))
        return response


def _note(event, request, obj, message):
    if _events_of(request).about(obj).exists():
        return
    fields = [name for part in message if isinstance(part, dict) for name in _fields_of(part)]
    log.record(event, by=request.user, target=obj, data={"changed": fields})


def _fields_of(part):
    """The names of changed fields in one part of Django's message about a change."""
    return [str(name) for told in part.values() for name in told.get("fields", [])]


def _events_of(request):
    """What was written to the log in this request, found by the actor's own latest events."""
    lately = timezone.now() - timedelta(hours=1)
    mine = Event.objects.filter(actor_id=request.user.pk, at__gt=lately)
    return mine.filter(request_id=context.current().request_id).exclude(request_id="")
