"""The city writes a draft with its translations, and looks at it as a family will; it is published at the desk of the city."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path

from audit import log
from consent.models import ConsentDecision, ConsentText, ConsentTranslation
from core.admin import ReadOnlyAdmin


class OfDrafts(admin.options.BaseModelAdmin):
    """A published text stays as families answered it; the next one is a new version."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.is_published)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.is_published)


class TranslationInline(OfDrafts, admin.StackedInline):
    model = ConsentTranslation
    extra = 0
    readonly_fields = ["digest"]

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not (obj and obj.is_published)


@admin.register(ConsentText)
class ConsentTextAdmin(OfDrafts, admin.ModelAdmin):
    list_display = ["version", "effective_on", "published_at", "digest"]
    fields = ["version", "effective_on", *ConsentText.PARTS, "body", "digest", "published_at", "published_by"]
    readonly_fields = ["digest", "published_at", "published_by"]
    inlines = [TranslationInline]
    actions = None  # drafts are thrown away one by one, each on its own page
    change_form_template = "admin/consent_text.html"

    def get_object(self, request, object_id, from_field=None):
        """While a draft is written it is locked: nobody publishes it in between."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        return ConsentText.objects.select_for_update().filter(pk=found.pk).first()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        text = form.instance
        digests = {one.language: one.digest for one in ConsentText.objects.get(pk=text.pk).wordings}
        event = "consent_text.changed" if change else "consent_text.added"
        log.record(event, by=request.user, target=text, data={"version": text.version, "digests": digests})

    def get_urls(self):
        mine = [path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name="consent_consenttext_preview")]
        return mine + super().get_urls()

    def preview(self, request, pk):
        """What a family will read, in each language."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = get_object_or_404(ConsentText, pk=pk)
        context = {"text": text, "read": text.in_language(request.GET.get("language"))}
        return TemplateResponse(request, "consent/preview.html", context)


@admin.register(ConsentDecision)
class ConsentDecisionAdmin(ReadOnlyAdmin):
    list_display = ["student", "answer", "text", "language", "decided_at"]
    list_filter = ["answer", "text", "language"]
    list_select_related = ["student__school_class", "text"]
    search_fields = ["=student__student_number", "student__school__name", "=student__school__code"]
    date_hierarchy = "decided_at"
