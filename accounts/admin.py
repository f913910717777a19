"""Accounts for the city's admins. Passwords and ID numbers are never shown."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import password_validation
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import second_factor
from accounts.forms import tidy
from accounts.initial_passwords import renew_initial_password
from accounts.models import SSOAccount, StaffRole, User
from audit import log
from core.admin import ReadOnlyAdmin
from core.asking import AsksAboutEmails
from registry.admin import RevealsNumber
from registry.fields import IdentityNumberField
from registry.roles import AccountKind
from registry.roster.cleaning import clean_cell


class StaffForm(AsksAboutEmails, forms.ModelForm):
    """A person's own ID number is kept as all numbers are: nobody decides about the own family."""

    is_asking = False  # the admin site draws no fields that come while one asks

    number = IdentityNumberField(
        label=_("本人身分證統一編號"),
        required=False,
        help_text=_("加密保存，用來避免審核自己子女的申請。不修改就留空白。"),
    )
    email_is_meant = forms.BooleanField(label=AsksAboutEmails.YES, required=False)

    class Meta:
        model = User
        fields = ["name", "email", "is_active", "is_staff"]

    def save(self, commit=True):
        if number := self.cleaned_data.get("number"):
            self.instance.identity_number = number
            self.instance.asks_number = False
        return super().save(commit)


class StaffCreationForm(StaffForm):
    """A new member of staff with a first password, to be changed at the first log-in."""

    password = forms.CharField(label=_("第一個密碼"), widget=forms.PasswordInput, strip=False)

    class Meta:
        model = User
        fields = ["school", "account", "name", "email", "is_staff"]

    def clean_account(self):
        return clean_cell("homeroom_account", tidy(self.cleaned_data["account"]))

    def clean_password(self):
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, User(kind=AccountKind.STAFF))
        return password

    def _post_clean(self):
        school, account = self.cleaned_data.get("school"), self.cleaned_data.get("account", "")
        self.instance.kind = AccountKind.STAFF
        self.instance.username = f"{school.slug if school else 'city'}/{account}"
        self.instance.has_temporary_password = True
        super()._post_clean()  # type: ignore[misc]

    def save(self, commit=True):
        self.instance.set_password(self.cleaned_data["password"])
        self.instance.asks_number = True
        return super().save(commit)


class StaffRoleInline(admin.TabularInline):
    model = StaffRole
    extra = 1


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["username", "kind", "school", "name", "is_active", "last_login"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["school", "student__school_class"]
    search_fields = ["username", "account", "folded_name", "=student__student_number", "school__name"]
    fields = ["kind", "username", "school", "account", "name", "email", "is_active", "is_staff", "last_login"]
    readonly_fields = ["kind", "username", "school", "account", "last_login"]
    inlines = [StaffRoleInline]
    actions = ["reset_second_factor"]

    @admin.action(description=_("重設第二道驗證"))
    def reset_second_factor(self, request, queryset):
        """For who lost the phone and the recovery codes: the next log-in enrols anew."""
        staff = queryset.filter(kind=AccountKind.STAFF)
        with transaction.atomic():
            for user in staff:
                second_factor.reset(user, by=request.user)
        words = ngettext("已重設 %(count)d 個帳號的第二道驗證。", "已重設 %(count)d 個帳號的第二道驗證。", len(staff))
        messages.success(request, words % {"count": len(staff)})

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = StaffCreationForm
        elif obj.kind == AccountKind.STAFF:
            kwargs["form"] = StaffForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request, obj=None):
        if obj is None:
            return [*StaffCreationForm.Meta.fields, "email_is_meant", "number", "password"]
        return [*self.fields, "email_is_meant", "number"] if obj.kind == AccountKind.STAFF else self.fields

    def get_readonly_fields(self, request, obj=None):
        """A parent's e-mail is the user name too: it changes by a link to the new one (`accounts.email_change`)."""
        if obj is None:
            return []
        is_staff = obj.kind == AccountKind.STAFF
        return self.readonly_fields if is_staff else [*self.readonly_fields, "name", "email", "is_staff"]

    def get_inlines(self, request, obj):
        return self.inlines if obj is None or obj.kind == AccountKind.STAFF else []

    def has_delete_permission(self, request, obj=None):
        """Accounts are switched off, never removed: what they did stays theirs."""
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        event = "account.changed" if change else "account.created"
        log.record(event, by=request.user, target=obj, data={"changed": form.changed_data})
        if change and {"is_active", "is_staff"} & set(form.changed_data):
            obj.end_sessions()

    def save_related(self, request, form, formsets, change):
        """Who gains or loses a role logs in again."""
        before = sorted(form.instance.role_rows.values_list("role", flat=True))
        super().save_related(request, form, formsets, change)
        after = sorted(form.instance.role_rows.values_list("role", flat=True))
        if before != after:
            form.instance.end_sessions()
            data = {"given": sorted({*after} - {*before}), "taken": sorted({*before} - {*after})}
            log.record("staff.roles_changed", by=request.user, target=form.instance, data=data)


@admin.register(SSOAccount)
class SSOAccountAdmin(RevealsNumber, ReadOnlyAdmin):
    list_display = ["user_id", "name", "email", "state", "opened_at"]
    list_filter = ["state"]
    list_select_related = ["user"]
    search_fields = ["folded_name", "user__email"]
    date_hierarchy = "opened_at"
    fields = ["name", "email", "mobile", "masked_identity", "state", "initial_until", "initial_failures", "opened_at"]
    actions = ["renew_initial"]

    @admin.display(description=_("電子郵件"))
    def email(self, account):
        return account.user.email

    @admin.display(description=_("身分證統一編號"))
    def masked_identity(self, account):
        return account.masked_identity

    @admin.action(description=_("重新開放初始密碼"))
    def renew_initial(self, request, queryset):
        waiting = queryset.filter(state=SSOAccount.State.INITIAL)
        with transaction.atomic():
            for account in waiting:
                renew_initial_password(account=account, by=request.user)
        words = ngettext(
            "已重新開放 %(count)d 個帳號的初始密碼。", "已重新開放 %(count)d 個帳號的初始密碼。", len(waiting)
        )
        messages.success(request, words % {"count": len(waiting)})
