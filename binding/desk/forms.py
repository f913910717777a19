"""What the registrar fills in about a binding after approval."""

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import rations
from binding.evidence_intake import ACCEPTED, take_in
from binding.models import Binding, EmailCorrection
from core.asking import AsksAboutEmails
from core.date_field import DateOfRepublicField
from core.fields import EmailAddressField, FreeTextField


class EmailCorrectionForm(AsksAboutEmails, forms.Form):
    """The right e-mail, why, and how the person was known."""

    new_email = EmailAddressField(
        label=gettext_lazy("正確的電子郵件"),
        help_text=gettext_lazy("驗證連結會寄到這裡；本人按了連結，才會更正。"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "w-long"}),
    )
    new_email_again = EmailAddressField(
        label=gettext_lazy("再輸入一次電子郵件"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "w-long"}),
    )
    proof = forms.ChoiceField(
        label=gettext_lazy("如何確認是本人"),
        choices=EmailCorrection.Proof.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇如何確認是本人。")},
    )
    reason = FreeTextField(
        label=gettext_lazy("更正的原因"),
        help_text=gettext_lazy("例如：申請時打錯一個字。請不要寫證號。"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "w-long"}),
    )

    def clean(self):
        data = super().clean() or self.cleaned_data
        again = data.pop("new_email_again", "")
        if data.get("new_email") and again and again != data["new_email"]:
            self.add_error("new_email_again", _("兩次輸入的電子郵件不一樣，請再確認一次。"))
        return data


def may_ask(form, user):
    """Whether an e-mail may be typed once more: the answer tells whether it is somebody's."""
    return form.is_valid() and rations.allows(form, "address", user.pk, limit=settings.EMAIL_CHANGES_ASKED)


class EndForm(forms.Form):
    """Why the registrar ends a binding."""

    reason = forms.ChoiceField(
        label=gettext_lazy("終止原因"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇終止的原因。")},
    )
    note = FreeTextField(
        label=gettext_lazy("給當事人的說明"),
        help_text=gettext_lazy("會寫在通知信裡。請不要寫證號，也不要提到另一位家長。"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, binding, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (reason, reason.label)
            for reason in Binding.REGISTRARS_REASONS
            if binding.is_delegated or reason != Binding.EndReason.DELEGATION_ENDED
        ]

    def clean(self):
        data = super().clean() or self.cleaned_data
        is_other = data.get("reason") == Binding.EndReason.REGISTRAR
        if is_other and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("選「註冊組終止」時，請寫明原因。"))
        return data


class DocumentField(forms.FileField):
    """One paper; its clean value a HarmlessFile."""

    def __init__(self, **kwargs):
        widget = forms.ClearableFileInput(attrs={"accept": ACCEPTED})
        words = {
            "required": gettext_lazy("請選擇要上傳的檔案。"),
            "empty": gettext_lazy("這個檔案是空的，請重新選擇。"),
        }
        help_text = gettext_lazy("JPEG、PNG、WebP 或 PDF，不超過 5 MB。檔案會加密保存，只有註冊組打得開。")
        super().__init__(**{"widget": widget, "help_text": help_text, "error_messages": words, **kwargs})

    def clean(self, data, initial=None):
        return take_in(super().clean(data, initial))


class CourtOrderForm(forms.Form):
    """What the court decided, and from when to when."""

    number = FreeTextField(
        label=gettext_lazy("裁定字號"),
        help_text=gettext_lazy("例如：115 年度家護字第 123 號。"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w-long"}),
    )
    ordered_on = DateOfRepublicField(label=gettext_lazy("裁定日期"))
    effective_on = DateOfRepublicField(
        label=gettext_lazy("生效日"), help_text=gettext_lazy("今天或更早，綁定立即終止；以後的日期，到時自動終止。")
    )
    until = DateOfRepublicField(
        label=gettext_lazy("期間至"), required=False, help_text=gettext_lazy("含當日；裁定沒有期限就留空白。")
    )
    document = DocumentField(label=gettext_lazy("裁定書"))

    def clean(self):
        data = super().clean() or self.cleaned_data
        ordered, effective, until = (data.get(one) for one in ("ordered_on", "effective_on", "until"))
        if ordered and ordered > timezone.localdate():
            self.add_error("ordered_on", _("裁定日期不能在今天之後。"))
        if ordered and effective and effective < ordered:
            self.add_error("effective_on", _("生效日不能早於裁定日期。"))
        if until and until < timezone.localdate():
            self.add_error("until", _("這個期間已經過了，不必登錄。"))
        elif until and effective and until < effective:
            self.add_error("until", _("期間結束不能早於生效日。"))
        return data


class LiftForm(forms.Form):
    """Why something that was entered is taken back."""

    reason = FreeTextField(
        label=gettext_lazy("原因"),
        help_text=gettext_lazy("例如：法院撤銷裁定，或登錄有誤。請不要寫證號。"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CustodyForm(forms.Form):
    """The paper that a restriction of custody rests on, and from when to when."""

    document = DocumentField(label=gettext_lazy("依據的文件"))
    document_on = DateOfRepublicField(label=gettext_lazy("文件日期"))
    starts_on = DateOfRepublicField(label=gettext_lazy("開始日"))
    until = DateOfRepublicField(
        label=gettext_lazy("期間至"), required=False, help_text=gettext_lazy("含當日；沒有期限就留空白。")
    )
    note = FreeTextField(
        label=gettext_lazy("說明"),
        help_text=gettext_lazy("只有註冊組看得到。請不要寫證號。"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        data = super().clean() or self.cleaned_data
        today, starts, until = timezone.localdate(), data.get("starts_on"), data.get("until")
        if data.get("document_on") and data["document_on"] > today:
            self.add_error("document_on", _("文件日期不能在今天之後。"))
        if until and until < today:
            self.add_error("until", _("這個期間已經過了，不必登錄。"))
        elif until and starts and until < starts:
            self.add_error("until", _("期間結束不能早於開始日。"))
        return data
