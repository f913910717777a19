"""What a school admin types about members of staff, and what these type at their first log-in."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import NewPasswordForm, tidy
from core import identity
from core.asking import AsksAboutEmails
from core.fields import EmailAddressField, FreeTextField, NameField
from core.formats import parse_date
from core.school_year import ROC_OFFSET
from registry.fields import IdentityNumberField, cleaned_with
from registry.models import Accent, School
from registry.roles import Role
from registry.schools import face
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


class SchoolForm(forms.ModelForm):
    """What families of the school read: whom to call, the notice, until when."""

    binding_deadline = forms.CharField(
        label=gettext_lazy("綁定截止日"),
        required=False,
        help_text=gettext_lazy("例如 115/12/31；不填就是沒有截止日。班級和學生的延長不受影響。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w-medium"}),
    )
    notice = FreeTextField(
        label=gettext_lazy("給家長的公告"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    english_name = FreeTextField(
        label=gettext_lazy("英文校名"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("不是中文的網頁與信件上顯示；沒有就顯示中文校名。"),
    )
    OFFICES = ("helpdesk", "registrar", "cashier")

    class Meta:
        model = School
        fields = [
            "helpdesk_phone", "helpdesk_office", "registrar_phone", "registrar_office", "cashier_phone", "cashier_office",
            "notice", "binding_deadline", "english_name",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True
        for office in self.OFFICES:
            self.fields[f"{office}_office"].validators.append(identity.refuse_in)
        if self.instance.binding_deadline:
            day = self.instance.binding_deadline
            self.initial["binding_deadline"] = f"{day.year - ROC_OFFSET}/{day:%m/%d}"

    def clean_binding_deadline(self):
        typed = self.cleaned_data["binding_deadline"].strip()
        try:
            return parse_date(typed) if typed else None
        except ValueError:
            raise forms.ValidationError(_("日期格式無法辨識，請寫成 115/12/31。")) from None

    def changed_values(self):
        """{field: value} of what is otherwise than the page showed: what a colleague wrote meanwhile stays."""
        before = type(self.instance).objects.get(pk=self.instance.pk)
        typed = self.cleaned_data.items()
        return {one: value for one, value in typed if one in self.changed_data and getattr(before, one) != value}


class FaceForm(forms.Form):
    """The emblem, redrawn while it is checked, and the accent."""

    emblem = forms.FileField(
        label=gettext_lazy("校徽"),
        required=False,
        help_text=gettext_lazy("PNG、JPEG 或 WebP，1 MB 以下；會縮成 144 像素見方。背景透明的最好看。不換就不必選。"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"empty": gettext_lazy("這個檔案是空的，請重新選擇。")},
    )
    removes_emblem = forms.BooleanField(label=gettext_lazy("不再使用校徽"), required=False)
    accent = forms.ChoiceField(
        label=gettext_lazy("代表色"),
        required=False,
        choices=[("", gettext_lazy("不選：墨色")), *Accent.choices],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["accent"] = school.accent
        if school.emblem_id is None:
            del self.fields["removes_emblem"]

    def clean_emblem(self):
        upload = self.cleaned_data["emblem"]
        return face.redraw(upload) if upload else None

    def choice(self):
        """What `face.write` takes."""
        data = self.cleaned_data
        return {"accent": data["accent"], "png": data["emblem"], "keeps_emblem": not data.get("removes_emblem")}


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
