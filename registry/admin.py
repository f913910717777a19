"""Schools, classes and students for the city's admins. A person is found by number through the fingerprint."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from audit import log
from core import crypto, identity
from core.admin import ReadOnlyAdmin
from core.languages import in_a_row, labelled
from registry import history, homeroom
from registry.fields import IdentityNumberField
from registry.forms import NumberSearchForm
from registry.models import (
    DeadlineExtension,
    Guardian,
    HomeroomDuty,
    RosterImport,
    School,
    SchoolClass,
    Student,
    StudentChange,
)
from registry.students import correct_student

DUTY_FIELDS = ["account", "name", "contact", "is_substitute", "starts_on", "ends_on"]


@admin.register(School)
class SchoolAdmin(admin.ModelAdmin):
    exclude = ["emblem"]  # chosen by the school, and drawn by us
    list_display = ["code", "name", "slug", "school_year", "binding_deadline", "is_active"]
    list_filter = ["is_active", "school_year"]
    search_fields = ["name", "code", "slug"]

    def get_readonly_fields(self, request, obj=None):
        """The year goes on by promotion or roster, the address is on every printed form."""
        return ["school_year", "slug"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        event = "school.changed" if change else "school.created"
        log.record(event, by=request.user, target=obj, school=obj, data={"changed": form.changed_data})


class HomeroomDutyInline(admin.TabularInline):
    """Who taught the class is history; a new one is assigned as at the registrar's desk."""

    model = HomeroomDuty
    extra = 0

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(SchoolClass)
class SchoolClassAdmin(admin.ModelAdmin):
    list_display = ["name", "school", "school_year", "homeroom"]
    list_filter = ["school_year"]
    list_select_related = ["school"]
    search_fields = ["name", "school__name", "=school__code", "=duties__account", "duties__name"]
    autocomplete_fields = ["school"]
    inlines = [HomeroomDutyInline]

    def get_queryset(self, request):
        return SchoolClass.objects.with_homeroom()

    def get_readonly_fields(self, request, obj=None):
        return ["school", "school_year"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("導師"))
    def homeroom(self, school_class):
        duty = school_class.homeroom
        return f"{duty.name} {duty.account}" if duty else ""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        event = "class.changed" if change else "class.created"
        log.record(event, by=request.user, target=obj, school=obj.school, data={"changed": form.changed_data})

    def save_formset(self, request, form, formset, change):
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for one in formset.extra_forms:
            if one.has_changed():
                values = {field: one.cleaned_data[field] for field in DUTY_FIELDS}
                duty = homeroom.assign(school_class=form.instance, by=request.user, **values)
                formset.new_objects.append(duty)


class StudentForm(forms.ModelForm):
    """A student; the ID number is typed anew to change it and never drawn."""

    number = IdentityNumberField(label=_("身分證統一編號"))

    class Meta:
        model = Student
        fields = ["school", "school_class", "seat_number", "student_number", "name", "birth_on", "status"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["number"].required = False
            self.fields["number"].help_text = gettext("已登錄 %(masked)s。不修改就留空白。") % {
                "masked": self.instance.masked_identity
            }

    def clean_number(self):
        number = self.cleaned_data["number"]
        known = Student.objects.present().filter(identity_fingerprint=crypto.fingerprint(number))
        if number and known.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(gettext("這個身分證統一編號已登錄在另一位學生名下。"))
        return number

    def clean_school_class(self):
        """Who teaches the class sees the student: it has to be a class of the student's own school."""
        school_class = self.cleaned_data["school_class"]
        school = self.cleaned_data.get("school") or (self.instance.school if self.instance.pk else None)
        if school and school_class.school_id != school.pk:
            raise forms.ValidationError(gettext("這個班級是另一所學校的，請重新選擇。"))
        return school_class

    def _post_clean(self):
        if self.cleaned_data.get("number"):
            self.instance.identity_number = self.cleaned_data["number"]
        super()._post_clean()  # type: ignore[misc]


class RevealsNumber(admin.ModelAdmin):
    """Adds the one view that shows an ID number in full: by POST, for city admins, each look an event."""

    change_form_template = "admin/registry/with_number.html"

    def get_urls(self):
        name = f"{self.model._meta.app_label}_{self.model._meta.model_name}_number"
        reveal = self.admin_site.admin_view(self.reveal_number)
        return [path("<int:pk>/number/", reveal, name=name), *super().get_urls()]

    @method_decorator(require_POST)
    def reveal_number(self, request, pk):
        person = get_object_or_404(self.model, pk=pk)
        if not self.has_view_permission(request, person):
            raise PermissionDenied
        with transaction.atomic():
            log.record("identity.viewed", by=request.user, target=person)
        context = {**self.admin_site.each_context(request), "person": person, "title": gettext("身分證統一編號")}
        response = TemplateResponse(request, "admin/registry/number.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        meta = self.model._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_number", args=[object_id])
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "number_url": address})


class GuardianInline(admin.TabularInline):
    model = Guardian
    fields = readonly_fields = ("position", "name", "relationship", "masked_identity", "mobile", "email")
    extra = 0
    can_delete = False

    @admin.display(description=_("身分證統一編號"))
    def masked_identity(self, guardian):
        return guardian.masked_identity

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Student)
class StudentAdmin(RevealsNumber):
    form = StudentForm
    list_display = ["student_number", "masked_name", "school", "school_class", "seat_number", "status"]
    list_filter = ["status"]
    list_select_related = ["school", "school_class"]
    search_fields = ["student_number", "folded_name", "=school__code", "school__name"]
    search_help_text = _("以學號、姓名或學校查詢；要用證號查詢，請按右上角的「以證號查詢」。")
    autocomplete_fields = ["school", "school_class"]
    change_list_template = "admin/registry/student/change_list.html"
    show_full_result_count = False
    inlines = [GuardianInline]

    def get_urls(self):
        by_number = self.admin_site.admin_view(self.find_by_number)
        return [path("by-number/", by_number, name="registry_student_by_number"), *super().get_urls()]

    def get_readonly_fields(self, request, obj=None):
        """Moves are recorded at the desk of the school: bindings and mails hang on them."""
        return ["school", "status"] if obj else []

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def changelist_view(self, request, extra_context=None):
        """A number typed into the ordinary search would stand in the address: it is not looked up there."""
        if identity.may_be_in(request.GET.get("q", "")):
            messages.warning(request, gettext("請不要在這裡查詢證號，證號不可出現在網址上。請用這個表單。"))
            return HttpResponseRedirect(reverse("admin:registry_student_by_number"))
        return super().changelist_view(request, extra_context)

    def find_by_number(self, request):
        """The student with this ID number, who is at a school now before who was; the search is an event."""
        form = NumberSearchForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            fingerprint = crypto.fingerprint(form.cleaned_data["number"])
            found = Student.objects.filter(identity_fingerprint=fingerprint)
            student = found.present().first() or found.order_by("-pk").first()
            with transaction.atomic():
                log.record("identity.searched", by=request.user, target=student)
            if student:
                return HttpResponseRedirect(reverse("admin:registry_student_change", args=[student.pk]))
            form.add_error("number", gettext("沒有學生登錄這個證號。"))
        context = {**self.admin_site.each_context(request), "form": form, "title": gettext("以證號查詢學生")}
        return TemplateResponse(request, "admin/registry/student/by_number.html", context)

    def save_model(self, request, obj, form, change):
        """A change is the registrar's correction, kept with old and new value."""
        if not change:
            super().save_model(request, obj, form, change)
            log.record("student.created", by=request.user, target=obj, school=obj.school)
            return
        values = {name: form.cleaned_data[name] for name in form.changed_data if name != "number"}
        if form.cleaned_data.get("number"):
            values["identity_number"] = form.cleaned_data["number"]
        correct_student(student=obj, values=values, by=request.user, note=gettext("管理後台"))

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(RosterImport)
class RosterImportAdmin(ReadOnlyAdmin):
    list_display = ["name", "school", "school_year", "state", "uploaded_by", "uploaded_at", "decided_at"]
    list_filter = ["state", "school_year"]
    list_select_related = ["school", "uploaded_by"]
    search_fields = ["school__name", "=school__code"]
    date_hierarchy = "uploaded_at"
    fields = ["school", "school_year", "name", "state", "counts", "errors", "uploaded_by", "decided_by", "decided_at"]


@admin.register(StudentChange)
class StudentChangeAdmin(ReadOnlyAdmin):
    list_display = ["student", "cause", "what", "by", "at"]
    list_filter = ["cause"]
    list_select_related = ["student__school_class", "by__school", "by__student"]
    search_fields = ["=student__student_number"]
    date_hierarchy = "at"
    fields = ["student", "cause", "what", "note", "by", "at"]

    @admin.display(description=_("原來 → 之後"))
    def what(self, change):
        return in_a_row(
            f"{labelled(one.title)}{one.old} → {one.new}" for one in history.differences(change.old, change.new)
        )


@admin.register(DeadlineExtension)
class DeadlineExtensionAdmin(ReadOnlyAdmin):
    list_display = ["school", "school_class", "student", "until", "given_by", "given_at"]
    list_select_related = ["school", "school_class__school", "student__school_class", "given_by"]
    search_fields = ["=student__student_number", "=school__code"]
