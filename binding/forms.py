"""What families fill in. Forms clean and speak; actions write."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.evidence_intake import ACCEPTED, take_in
from binding.models import Application
from consent.models import ConsentDecision


class ConfirmationForm(forms.Form):
    is_correct = forms.BooleanField(
        label=gettext_lazy("資訊正確"),
        error_messages={"required": gettext_lazy("確認以上資料都正確後，請勾選「資訊正確」再送出。")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)


class ConsentForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("據上，請擇一勾選以下選項"),
        choices=[
            (
                ConsentDecision.Answer.AGREED,
                gettext_lazy("本人同意提供本同意書所需個資，以立即享有臺北酷課雲（親師生學習整合平臺）各項服務。"),
            ),
            (
                ConsentDecision.Answer.DECLINED,
                gettext_lazy(
                    "本人不同意提供本同意書所需個資，且知悉未提供相關資料將無法獲得臺北酷課雲（親師生學習整合平臺）相關服務。"
                ),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請先勾選同意或不同意，再按下方的按鈕。")},
    )
    text_digest = forms.CharField(widget=forms.HiddenInput)
    asks_bound = forms.BooleanField(required=False)

    BUTTONS = {"apply": ConsentDecision.Answer.AGREED, "decline": ConsentDecision.Answer.DECLINED}

    def __init__(self, *args, has_bindings=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_bindings = has_bindings
        words = _("我知道已完成的綁定由本人各自決定：系統會寄信請他們確認，%(days)d 天內沒有答覆就維持綁定。")
        self.fields["asks_bound"].label = words % {"days": settings.CONSENT_WITHDRAWAL_DAYS}
        if not has_bindings:
            del self.fields["asks_bound"]

    def clean(self):
        super().clean()
        data = self.cleaned_data
        answer = data.get("answer")
        pressed = self.BUTTONS.get(self.data.get("button", ""))
        if answer and pressed and answer != pressed:
            self.add_error("answer", self._contradiction(pressed))
        elif answer == ConsentDecision.Answer.DECLINED and self.has_bindings and not data["asks_bound"]:
            self.add_error("asks_bound", _("您的孩子已有完成綁定的帳號，要撤回同意請勾選這一項。"))
        return data

    def _contradiction(self, pressed):
        if pressed == ConsentDecision.Answer.AGREED:
            return _("您勾選了不同意，卻按了「申辦帳號」。請確認您的意願後再按一次。")
        return _("您勾選了同意，卻按了「無意參加」。請確認您的意願後再按一次。")


class KindForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("請選擇申辦方式"),
        choices=Application.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇一種申辦方式。")},
    )

    def __init__(self, *args, restricted=False, **kwargs):
        super().__init__(*args, **kwargs)
        if restricted:  # each parent applies alone: nobody fills in what the other then sees
            alone = [one for one in Application.Kind.choices if one[0] != Application.Kind.TWO_PARENTS]
            self.fields["kind"].choices = alone  # type: ignore[attr-defined]


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
