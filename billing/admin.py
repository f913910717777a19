"""The city looks at money and changes nothing here: moves of money are made at the cashier's desk."""

from django.contrib import admin

from billing.api import admin as webhook_admin  # noqa: F401
from billing.bills.models import CollectingAgent
from billing.collection import balance, resolving
from billing.collection.models import CollectionFile
from billing.ledger.models import LedgerEntry
from billing.payments.models import Payment, Refund, RefundFile, Settlement
from core.admin import ReadOnlyAdmin


class ReadOnly(ReadOnlyAdmin):
    list_per_page = 50


@admin.register(LedgerEntry)
class LedgerAdmin(ReadOnly):
    """Above the list stands whether the books agree."""

    change_list_template = "admin/billing/ledger.html"
    list_display = ["at", "school", "what", "debit", "credit", "amount"]
    list_filter = ["debit", "credit", "on"]
    list_select_related = ["school"]

    def changelist_view(self, request, extra_context=None):
        context = {"differences": balance.differences(), **(extra_context or {})}
        return super().changelist_view(request, context)


@admin.register(Settlement)
class SettlementAdmin(ReadOnly):
    """Money of a reference that nobody knows belongs to no school yet: the city says whose it is."""

    list_display = ["told_at", "school", "state", "amount", "account", "code"]
    list_filter = [("school", admin.EmptyFieldListFilter), "state", "account"]
    list_select_related = ["school"]
    search_fields = ["code", "key"]

    def has_change_permission(self, request, obj=None):
        is_nobodys = obj is not None and obj.school_id is None and obj.state in Settlement.OPEN
        return is_nobodys and admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request, obj=None):
        return [one.name for one in Settlement._meta.fields if one.name != "school"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if "school" in form.base_fields:
            form.base_fields["school"].required = True
        return form

    def save_model(self, request, obj, form, change):
        fresh = Settlement.objects.get(pk=obj.pk)
        resolving.hand_to_school(settlement=fresh, school=obj.school, by=request.user)


@admin.register(Payment)
class PaymentAdmin(ReadOnly):
    list_display = ["reference", "school", "gateway", "method", "amount", "state", "started_at"]
    list_filter = ["state", "gateway", "method"]
    list_select_related = ["school"]
    search_fields = ["reference"]
    fields = ["reference", "school", "gateway", "method", "amount", "title", "state", "code_until", "started_at"]


@admin.register(Refund)
class RefundAdmin(ReadOnly):
    list_display = ["due_at", "amount", "state", "way", "refunded_at"]
    list_filter = ["state", "way"]


@admin.register(RefundFile)
class RefundFileAdmin(ReadOnly):
    list_display = ["made_at", "school", "count", "total", "state", "closed_at"]
    list_filter = ["state"]
    list_select_related = ["school"]


@admin.register(CollectionFile)
class CollectionFileAdmin(ReadOnly):
    list_display = ["name", "school", "profile", "count", "total", "state", "taken_at"]
    list_filter = ["profile", "state"]
    list_select_related = ["school"]
    fields = ["name", "school", "profile", "count", "total", "done", "state", "taken_at"]


@admin.register(CollectingAgent)
class CollectingAgentAdmin(ReadOnly):
    """Changed by the school's cashier; rows of before belong to the bills that were issued under them."""

    list_display = ["school", "collection_code", "bank_name", "bank_collection_number", "created_at", "retired_at"]
    list_filter = ["bank_rule"]
    list_select_related = ["school"]
