"""What a school admin types about members of staff, and what these type at their first log-in."""

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms import NewPasswordForm, tidy
from core.asking import AsksAboutEmails
from core.fields import EmailAddressField, FreeTextField, NameField
from registry.fields import IdentityNumberField, cleaned_with
from registry.roles import Role
from staff.accounts import roles_to_give


class StaffForm(AsksAboutEmails, forms.Form):
    """Name, address and roles; only roles that the one who fills it in may give."""

    name = NameField(label=gettext_lazy("姓名"))
    email = EmailAddressField(
        label=gettext_lazy("電子郵件"),
        help_text=gettext_lazy("設定密碼的連結會寄到這裡。"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(label=gettext_lazy("角色"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, by, person=None, **kwargs):
        """`person`: whom it changes. One whom a roster named may have no address yet; an address once there stays one."""
        super().__init__(*args, **kwargs)
        if person is not None and not person.email:
            self.fields["email"].required = False
            self.fields["email"].help_text = gettext_lazy("可以之後再填；沒有電子郵件，就不能寄設定密碼的連結。")
        given = roles_to_give(by)
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (role.value, role.label) for role in Role if role in given
        ]

    clean_name = cleaned_with("name")


class InviteForm(StaffForm):
    account = FreeTextField(
        label=gettext_lazy("教職員帳號"),
        max_length=40,
        help_text=gettext_lazy("登入用，英文字母、數字、點、底線或連字號，例如 t301。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "w-medium"}),
    )
    field_order = ["account", "name", "email", "roles"]

    def clean_account(self):
        self.cleaned_data["account"] = tidy(self.cleaned_data["account"])
        return cleaned_with("homeroom_account", "account")(self)


class StaffFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("教職員名單"),
        help_text=gettext_lazy(
            "Excel、ODS 或 CSV。所有看得到的工作表都會讀。欄位：帳號、姓名、電子郵件；可加角色、導師班級、聯絡方式。"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.txt,text/csv"}),
        error_messages={
            "required": gettext_lazy("請選擇名單檔案。"),
            "empty": gettext_lazy("這個檔案是空的，請重新選擇。"),
        },
    )


class ForgottenForm(forms.Form):
    account = forms.CharField(
        label=gettext_lazy("教職員帳號"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_account(self):
        return tidy(self.cleaned_data["account"]).lower()


class OwnNumberForm(forms.Form):
    """The own ID number of a member of staff."""

    identity_number = IdentityNumberField(
        label=gettext_lazy("本人的身分證統一編號（或居留證號）"),
        error_messages={"required": gettext_lazy("請填寫您本人的身分證統一編號或居留證號。")},
    )


class FirstPasswordForm(NewPasswordForm):
    """The password of one's own, behind a link from the mail."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=100)
