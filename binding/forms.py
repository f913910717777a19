"""What families fill in. Forms clean and speak; actions write."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.evidence_intake import ACCEPTED, take_in
from binding.models import Application
from consent import languages
from consent.models import ConsentDecision


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
    language = forms.ChoiceField(choices=languages.choices, required=False, widget=forms.HiddenInput)
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
        super().clean()
        data = self.cleaned_data
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
