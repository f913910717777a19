from django.contrib import admin

from review.models import PaperForm


@admin.register(PaperForm)
class PaperFormAdmin(admin.ModelAdmin):
    list_display = ["student", "answer", "marked_by", "marked_at"]
    list_filter = ["answer", "student__school"]
    list_select_related = ["student__school_class", "marked_by"]
    search_fields = ["student__student_number"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
