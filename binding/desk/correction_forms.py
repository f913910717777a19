"""資訊有誤, at the registrar's desk: what was proposed, taken over, amended or declined."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.models import CorrectionRequest
from core.fields import FreeTextField
from registry.forms import StudentForm
from registry.models import SchoolClass


class CorrectionDecisionForm(StudentForm):
    """The registrar's answer: the data as they shall be, begun with what the family proposes; or a no."""

    status = forms.ChoiceField(
        label=gettext_lazy("處理結果"),
        choices=[
            (CorrectionRequest.Status.DONE, gettext_lazy("照下面的資料更正，請家長重新確認")),
            (CorrectionRequest.Status.DECLINED, gettext_lazy("查無錯誤，不更正")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇處理結果。")},
    )
    answer = FreeTextField(
        label=gettext_lazy("給家長的說明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    FACTS = ("school_class", "seat_number", "student_number", "name")

    def __init__(self, *args, correction, **kwargs):
        student = correction.student
        super().__init__(*args, student=student, initial=as_fields(correction), **kwargs)
        for field in ("birth_on", "identity_number", "proof", "note"):
            del self.fields[field]
        self.order_fields(["status", *self.FACTS, "answer"])

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("status") == CorrectionRequest.Status.DECLINED:
            for field in self.FACTS:
                self.errors.pop(field, None)
            if not data.get("answer") and "answer" not in self.errors:
                self.add_error("answer", _("查無錯誤時，請向家長說明原因。"))
        return data

    def values(self):
        """What to write; nothing where the answer is no."""
        if self.cleaned_data["status"] == CorrectionRequest.Status.DECLINED:
            return {}
        return {field: self.cleaned_data[field] for field in self.FACTS}


def as_fields(correction):
    """The family's proposal as initial values of the registrar's form; what cannot be one is left out."""
    proposed = dict(correction.proposed)
    school_class = (
        SchoolClass.objects.current()
        .filter(school=correction.student.school_id, name=proposed.pop("class_name", ""))
        .first()
    )
    initial = {field: value for field, value in proposed.items() if value}
    return {**initial, "school_class": school_class.pk} if school_class else initial
