"""資訊有誤: what a family says is wrong."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.evidence_intake import ACCEPTED, take_in
from binding.models import DataConfirmation
from core.fields import FreeTextField
from core.text import half_width
from registry.roster.cleaning import clean_cell

WORDS = {
    "class_name": gettext_lazy("正確的班級"),
    "seat_number": gettext_lazy("正確的座號"),
    "name": gettext_lazy("正確的姓名"),
    "student_number": gettext_lazy("正確的學號"),
}


class CorrectionForm(forms.Form):
    """What it should be, field by field; what is right stays empty."""

    hide_optional = True

    message = FreeTextField(
        label=gettext_lazy("其他說明"),
        help_text=gettext_lazy("例如：上週剛換班。請不要寫身分證統一編號。"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    proof = forms.FileField(
        label=gettext_lazy("證明的照片"),
        help_text=gettext_lazy(
            "例如戶籍資料或在學證明，可以不附。JPEG、PNG、WebP 或 PDF，不超過 5 MB。處理完就會刪除。"
        ),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args, student, **kwargs):
        super().__init__(*args, **kwargs)
        self.facts = DataConfirmation.facts_of(student)
        for column, words in WORDS.items():
            self.fields[column] = FreeTextField(
                label=words,
                required=False,
                max_length=60,
                help_text=_("現在是「%(now)s」，沒錯就不用填。") % {"now": self.facts[column]},
                widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w-medium"}),
            )
        self.order_fields([*WORDS, "message", "proof"])

    def clean_proof(self):
        upload = self.cleaned_data["proof"]
        return take_in(upload) if upload else None

    def clean(self):
        data = super().clean() or self.cleaned_data
        for column in WORDS:
            if data.get(column):
                self._clean_value(column, data)
        if not self.errors and not any(data.get(field) for field in [*WORDS, "message"]):
            raise ValidationError(_("請至少填一項正確的資料，或寫下說明。"))
        return data

    def _clean_value(self, column, data):
        try:
            value = clean_cell(column, " ".join(half_width(data[column]).split()))
        except ValidationError as error:
            self.add_error(column, error)
            return
        if value == self.facts[column]:
            self.add_error(column, _("和目前登錄的相同。正確的話請留空白。"))
        data[column] = str(value)

    def proposed(self):
        """{field: what it should be}"""
        return {column: self.cleaned_data[column] for column in WORDS if self.cleaned_data.get(column)}
