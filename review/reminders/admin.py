from django.contrib import admin

from core.admin import ReadOnlyAdmin
from review.reminders.models import ReminderLadder, ReminderSent


@admin.register(ReminderLadder)
class ReminderLadderAdmin(ReadOnlyAdmin):
    list_display = ["school", "days", "is_on", "changed_by", "changed_at"]
    list_filter = ["is_on"]
    list_select_related = ["school", "changed_by"]


@admin.register(ReminderSent)
class ReminderSentAdmin(ReadOnlyAdmin):
    list_display = ["student", "deadline", "rung", "sent_on"]
    list_select_related = ["student__school_class"]
    search_fields = ["=student__student_number", "=school__code"]
