from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.forms import refuse_identity_numbers
from review.models import PaperForm


class PaperFormForm(forms.Form):
    answer = forms.ChoiceField(choices=PaperForm.Answer.choices)
    application = forms.IntegerField(required=False, min_value=1)  # the page to go back to


class DecisionForm(forms.Form):
    """One decision on one applicant, bound to the revision that the reviewer saw."""

    APPROVE, RETURN, REJECT = "approve", "return", "reject"

    decision = forms.ChoiceField(
        choices=[
            (APPROVE, gettext_lazy("核可")),
            (RETURN, gettext_lazy("退回修正")),
            (REJECT, gettext_lazy("不通過")),
        ],
        error_messages={"required": gettext_lazy("請選擇核可、退回或不通過。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("原因（會寄給申請人）"),
        help_text=gettext_lazy("例如：手機號碼和申請書不同，請確認後修正。請不要寫證號。"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_identity_numbers],
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        super().clean()
        data = self.cleaned_data
        needs_reason = data.get("decision") in (self.RETURN, self.REJECT) and "reason" not in self.errors
        if needs_reason and not data["reason"].strip():
            self.add_error("reason", _("請寫明原因，家長才知道怎麼做。"))
        return data
