"""更正姓名或證號: what the registrar fills in, and what the second person reads on the paper."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.models import PersonCorrection
from core import crypto
from core.asking import AsksAgain, Doubt
from core.fields import FreeTextField, NameField
from registry.fields import IdentityNumberField
from registry.models import Student


class PersonCorrectionForm(AsksAgain, forms.Form):
    """The right name, the right number, or both; and the paper that was seen."""

    new_name = NameField(
        label=gettext_lazy("正確的姓名"), help_text=gettext_lazy("姓名沒有錯就不用填。"), required=False
    )
    identity_number = IdentityNumberField(
        label=gettext_lazy("正確的身分證統一編號"),
        help_text=gettext_lazy("證號沒有錯就不用填。外籍人士請填居留證上的統一證號。"),
        required=False,
    )
    paper = forms.ChoiceField(
        label=gettext_lazy("看過的證件"),
        choices=PersonCorrection.Paper.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇看過哪一種證件。")},
    )
    note = FreeTextField(
        label=gettext_lazy("說明"),
        help_text=gettext_lazy("例如：改名；申請時打錯一碼；證件影本存註冊組卷宗。請不要寫證號。"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "w-long"}),
    )

    def clean(self):
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("new_name") and not data.get("identity_number"):
            raise ValidationError(_("請填正確的姓名或證號，至少一項。"))
        return data

    def doubts(self):
        """And a number that is some student's: perhaps the child's was typed."""
        found = super().doubts()
        number = self.cleaned_data.get("identity_number")
        if number and Student.objects.filter(identity_fingerprint=crypto.fingerprint(number)).exists():
            words = _("這是本市一位學生的證號，是不是填成孩子的？確定是家長本人的，再按一次按鈕就好。")
            found["identity_number"] = Doubt(words, number)
        return found


class AgreeForm(forms.Form):
    """The second person types the number from the paper; nothing where the number stays."""

    typed_number = IdentityNumberField(
        label=gettext_lazy("證件上的身分證統一編號"),
        help_text=gettext_lazy("請看著證件再輸入一次，和提出的人輸入的相同才會更正。"),
        error_messages={"required": gettext_lazy("請看著證件輸入身分證統一編號或統一證號。")},
    )

    def __init__(self, *args, change, **kwargs):
        super().__init__(*args, **kwargs)
        if not change.changes_number:
            del self.fields["typed_number"]
