"""What several packages of this room ask."""

from django import forms
from django.utils.translation import gettext_lazy

from core.fields import FreeTextField


class ReasonForm(forms.Form):
    reason = FreeTextField(
        label=gettext_lazy("原因"),
        help_text=gettext_lazy("會留在紀錄裡，例如「家長來電確認，是三年級的繳費單」。"),
        max_length=200,
        error_messages={"required": gettext_lazy("請寫下這樣處理的原因。")},
    )
