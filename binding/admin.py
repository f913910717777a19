"""Applications and bindings for the city's admins: to look at, never to decide."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from binding.models import (
    Applicant,
    Application,
    Binding,
    CorrectionRequest,
    CourtOrder,
    CustodyRestriction,
    Delegation,
    EmailCorrection,
    PersonCorrection,
    Withdrawal,
)
from core.admin import ReadOnlyAdmin


class ApplicantInline(admin.TabularInline):
    model = Applicant
    readonly_fields = fields = (
        "position",
        "name",
        "relationship",
        "masked_identity",
        "mobile",
        "email",
        "review",
        "reason",
        "decided_at",
    )
    extra = 0
    can_delete = False

    @admin.display(description=_("身分證統一編號"))
    def masked_identity(self, applicant):
        return applicant.masked_identity if applicant.identity_cipher else "－"

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    list_display = ["pk", "student", "kind", "status", "submitted_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["student__school_class"]
    search_fields = ["=student__student_number", "student__school__name", "=student__school__code"]
    date_hierarchy = "submitted_at"
    inlines = [ApplicantInline]


@admin.register(Binding)
class BindingAdmin(ReadOnlyAdmin):
    list_display = ["pk", "account", "student", "relationship", "state", "started_at"]
    list_filter = ["state", "relationship"]
    list_select_related = ["account", "student__school_class"]
    search_fields = ["=student__student_number", "student__school__name", "=student__school__code"]
    date_hierarchy = "started_at"


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(ReadOnlyAdmin):
    list_display = ["student", "status", "requested_at", "decided_at"]
    list_filter = ["status"]
    list_select_related = ["student__school_class"]


@admin.register(EmailCorrection)
class EmailCorrectionAdmin(ReadOnlyAdmin):
    list_display = ["pk", "account", "state", "proof", "asked_by", "asked_at"]
    list_filter = ["state", "proof"]
    list_select_related = ["account", "asked_by"]


@admin.register(PersonCorrection)
class PersonCorrectionAdmin(ReadOnlyAdmin):
    list_display = ["pk", "account", "state", "paper", "asked_by", "asked_at"]
    list_filter = ["state", "paper"]
    list_select_related = ["account", "asked_by"]


@admin.register(CourtOrder)
class CourtOrderAdmin(ReadOnlyAdmin):
    """The paper itself is for the school's registrars."""

    list_display = ["number", "student", "account", "state", "effective_on", "until"]
    list_filter = ["state"]
    list_select_related = ["student__school_class", "account"]
    exclude = ["file"]


@admin.register(CustodyRestriction)
class CustodyRestrictionAdmin(ReadOnlyAdmin):
    list_display = ["student", "state", "starts_on", "until", "set_by"]
    list_filter = ["state"]
    list_select_related = ["student__school_class", "set_by"]
    exclude = ["file"]


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin):
    list_display = ["pk", "binding", "state", "starts_on", "ends_on"]
    list_filter = ["state"]
    list_select_related = ["binding__account", "binding__student__school_class"]
    exclude = ["file"]


@admin.register(Withdrawal)
class WithdrawalAdmin(ReadOnlyAdmin):
    list_display = ["pk", "student", "state", "asked_at", "expires_at"]
    list_filter = ["state"]
    list_select_related = ["student__school_class"]
