"""What families fill in. Forms clean and speak; actions write."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.evidence_intake import ACCEPTED, take_in
from binding.models import Applicant, Application
from binding.models.relationship import Relationship
from binding.visibility import FILLED
from consent.models import ConsentDecision
from core import crypto, emails, mobiles
from core.fields import AsksAboutEmails, EmailAddressField, MobileField, NameField
from registry.fields import IdentityNumberField


class ConfirmationForm(forms.Form):
    is_correct = forms.BooleanField(
        label=gettext_lazy("資訊正確"),
        error_messages={"required": gettext_lazy("確認以上資料都正確後，請勾選「資訊正確」再送出。")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)


class ConsentForm(forms.Form):
    """One answer: the box belongs to 申辦帳號 alone, so that box and button can't contradict each other."""

    answer = forms.ChoiceField(choices=ConsentDecision.Answer.choices, required=False, widget=forms.HiddenInput)
    agrees = forms.BooleanField(label=gettext_lazy("本人同意"), required=False)
    asks_bound = forms.BooleanField(label=gettext_lazy("我知道了"), required=False)
    language = forms.CharField(required=False, widget=forms.HiddenInput)
    text_digest = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, has_bindings=False, **kwargs):
        super().__init__(*args, **kwargs)
        words = _(
            "撤回同意不會立刻解除綁定：系統會寄信請已綁定的人各自確認，%(days)d 天內沒有答覆就維持綁定。"
            "請勾選「我知道了」再按「無意參加」。"
        )
        self.fields["asks_bound"].help_text = words % {"days": settings.CONSENT_WITHDRAWAL_DAYS}
        if not has_bindings:
            del self.fields["asks_bound"]

    def clean(self):
        data = super().clean()
        answer = data.get("answer")
        if not answer:
            self.add_error("agrees", _("請勾選「本人同意」再按「申辦帳號」；不申辦，請按「無意參加」。"))
        elif answer == ConsentDecision.Answer.AGREED and not data["agrees"]:
            self.add_error("agrees", _("請先勾選「本人同意」，再按「申辦帳號」。"))
        elif answer == ConsentDecision.Answer.DECLINED and not data.get("asks_bound", True):
            self.add_error("asks_bound", _("請先勾選「我知道了」，再按「無意參加」。"))
        return data


class KindChoice(forms.RadioSelect):
    """Each kind with what it means and which papers it needs, read out with it (components/field.html)."""

    hints = {
        Application.Kind.ONE_PARENT: gettext_lazy("父親或母親申辦一個帳號；另一位以後也可以再申辦。不用附證明文件。"),
        Application.Kind.TWO_PARENTS: gettext_lazy(
            "父親和母親一起申辦，兩人各有自己的帳號，要填兩人的資料。不用附證明文件。"
        ),
        Application.Kind.GUARDIAN: gettext_lazy(
            "由祖父母、親屬、寄養家庭或法院指定的監護人申辦。要上傳證明文件，例如戶籍謄本或法院裁定書。"
        ),
    }

    def create_option(self, *args, **kwargs):
        option = super().create_option(*args, **kwargs)
        option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class KindForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("請選擇申辦方式"),
        choices=Application.Kind.choices,
        widget=KindChoice,
        error_messages={"required": gettext_lazy("請選擇一種申辦方式。")},
    )

    def __init__(self, *args, restricted=False, **kwargs):
        super().__init__(*args, **kwargs)
        if restricted:  # each parent applies alone: nobody fills in what the other then sees
            alone = [one for one in Application.Kind.choices if one[0] != Application.Kind.TWO_PARENTS]
            self.fields["kind"].choices = alone  # type: ignore[attr-defined]


class ApplicantForm(AsksAboutEmails, forms.Form):
    """One applicant. The stored ID number is never drawn again: left empty, it stays.

    Whose an address or a number is, it does not say: that is for the reviewer (`review.review_flags`) and the approval.

    While custody is `restricted` nothing that is stored is drawn: whoever looks may be the other parent.
    """

    name = NameField(
        label=gettext_lazy("申請人姓名"),
        help_text=gettext_lazy("請與身分證或居留證上的姓名相同。"),
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "w-medium"}),
        error_messages={"required": gettext_lazy("請填寫申請人姓名。")},
    )
    relationship = forms.ChoiceField(
        label=gettext_lazy("親屬關係"),
        help_text=gettext_lazy("申請人是學生的什麼人？"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇申請人與學生的關係。")},
    )
    identity_number = IdentityNumberField(
        label=gettext_lazy("身分證統一編號"),
        help_text=gettext_lazy("外籍人士請填居留證上的統一證號（新式或舊式都可以）。"),
        error_messages={"required": gettext_lazy("請填寫身分證統一編號或統一證號。")},
    )
    mobile = MobileField(
        label=gettext_lazy("手機"),
        help_text=gettext_lazy("09 開頭的十個數字，例如 0912-345-678。"),
        error_messages={"required": gettext_lazy("請填寫手機號碼。")},
    )
    email = EmailAddressField(
        label=gettext_lazy("電子郵件"),
        help_text=gettext_lazy("通過審核後，這就是您登入的帳號，通知信也會寄到這裡。每位申請人要用自己的信箱。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "class": "w-long"}),
        error_messages={"required": gettext_lazy("請填寫電子郵件。")},
    )
    email_again = EmailAddressField(
        label=gettext_lazy("再輸入一次電子郵件"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "w-long"}),
        error_messages={"required": gettext_lazy("請再輸入一次電子郵件，避免打錯收不到信。")},
    )

    def __init__(self, *args, application, position, restricted=False, **kwargs):
        self.application = application
        self.restricted = restricted
        self.position = position
        self.applicant = application.applicant_at(position)
        if self.applicant:
            kwargs.setdefault("initial", self._initial())
        super().__init__(*args, **kwargs)
        self.fields["relationship"].choices = [  # type: ignore[attr-defined]
            (one, Relationship(one).label) for one in application.relationships
        ]
        if self.has_identity:
            self._keep_unless_typed("identity_number", self.applicant.masked_identity)
        if self.restricted:
            self._hide_what_is_stored()
        elif self.is_sent:
            self._keep_unless_typed("mobile", mobiles.mask(self.applicant.mobile))
            self._keep_unless_typed("email", emails.mask(self.applicant.email))
            self.fields["email_again"].required = False
        if self.applicant:
            self._leave_only(self.applicant.open_fields)

    def _hide_what_is_stored(self):
        for name in ("name", "relationship", "mobile", "email"):
            if self.applicant and getattr(self.applicant, name):
                self._keep_unless_typed(name, FILLED)
        if self.has_identity:
            self._keep_unless_typed("identity_number", FILLED)
        if not self.fields["email"].required:
            self.fields["email_again"].required = False

    def _leave_only(self, open_fields):
        """What the reviewer did not hand back is not asked again."""
        for name in Applicant.FIELDS:
            if name not in open_fields and name in self.fields:
                del self.fields[name]
        if "email" not in self.fields:
            self.fields.pop("email_again", None)

    @property
    def is_sent(self):
        """Once sent, the family's shared account no longer shows one parent's contact data to the other."""
        return self.application.is_submitted and self.applicant is not None

    def _keep_unless_typed(self, name, masked):
        self.fields[name].required = False
        self.fields[name].help_text = _("已填寫 %(masked)s。不修改就留空白。") % {"masked": masked}

    @property
    def has_identity(self):
        return bool(self.applicant and self.applicant.identity_cipher)

    def _initial(self):
        one = self.applicant
        if self.restricted:
            return {}
        shown = {"name": one.name, "relationship": one.relationship}
        if not self.is_sent:
            shown |= {"mobile": one.mobile, "email": one.email, "email_again": one.email}
        return shown

    @property
    def others(self):
        return [one for one in self.application.applicants.all() if one.position != self.position]

    def clean_identity_number(self):
        number = self.cleaned_data["identity_number"]
        if not number:
            return number
        fingerprint = crypto.fingerprint(number)
        if fingerprint == self.application.student.identity_fingerprint:
            raise ValidationError(_("這是學生的證號，請填寫申請人本人的證號。"))
        is_the_others = any(fingerprint == other.identity_fingerprint for other in self.others)
        if self.restricted and is_the_others:
            raise ValidationError(_("這個證號目前無法申請，請與學校註冊組聯絡。"))
        if is_the_others:
            raise ValidationError(_("兩位申請人的證號不可相同。"))
        return number

    def clean(self):
        super().clean()
        data = self.cleaned_data
        email = data.get("email")
        if "email" in self.errors or not email and not data.get("email_again"):
            return data
        if "email_again" in data and data["email_again"] != email:
            self.add_error("email_again", _("兩次輸入的電子郵件不一樣，請再確認一次。"))
        is_the_others = email and any(email == other.email for other in self.others)
        if is_the_others and not self.restricted:
            self.add_error("email", _("兩位申請人要用不同的電子郵件，因為信箱就是各自登入的帳號。"))
        elif is_the_others:
            self.add_error("email", _("這個電子郵件無法使用，請改用申請人自己的其他信箱。"))
        return data

    def values(self):
        """What to write: only what is valid, so that an unfinished page can be put aside."""
        return {name: value for name, value in self.cleaned_data.items() if name != "email_again" and value}


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class MultipleFileField(forms.FileField):
    """One or more files; its clean value is a list of harmless ones (see `binding.evidence_intake`)."""

    widget = MultipleFileInput

    def clean(self, data, initial=None):
        uploads = (data if isinstance(data, list | tuple) else [data]) or [None]  # none chosen: as a single field
        uploads = [super(MultipleFileField, self).clean(upload, initial) for upload in uploads]
        if len(uploads) > settings.EVIDENCE_MAX_FILES:
            raise ValidationError(too_many_files())
        return [take_in(upload) for upload in uploads]


def too_many_files():
    return _("證明文件最多 %(maximum)d 個，請先移除不需要的檔案。") % {"maximum": settings.EVIDENCE_MAX_FILES}


class EvidenceForm(forms.Form):
    files = MultipleFileField(  # type: ignore[assignment]
        label=gettext_lazy("監護關係的證明文件"),
        help_text=gettext_lazy(
            "例如戶籍謄本、法院裁定書或委託書。JPEG、PNG、WebP 或 PDF，每個不超過 5 MB，一次可以選好幾個，最多 5 個。"
        ),
        widget=MultipleFileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": gettext_lazy("請選擇要上傳的檔案。"),
            "empty": gettext_lazy("這個檔案是空的，請重新選擇。"),
        },
    )
