from django.contrib import admin

from core.admin import ReadOnlyAdmin
from review.models import PaperForm


@admin.register(PaperForm)
class PaperFormAdmin(ReadOnlyAdmin):
    list_display = ["student", "answer", "marked_by", "marked_at"]
    list_filter = ["answer"]
    list_select_related = ["student__school_class", "marked_by"]
    search_fields = ["=student__student_number", "student__school__name", "=student__school__code"]
