"""The forms of who comes and goes: one student, or several at once."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import FreeTextField
from registry.fields import ClassField
from registry.forms import SEAT, MoveDateField
from registry.models import School, Student
from registry.status_changes import MANY, statuses_for, words_of


class _MoveForm(forms.Form):
    """What every move needs to know."""

    hide_optional = True  # what each needs is said with it

    status = forms.ChoiceField(label=_("異動"), widget=forms.RadioSelect)
    transfer_to = forms.ModelChoiceField(
        label=_("轉往學校"),
        queryset=School.objects.none(),
        required=False,
        empty_label=_("請選擇"),
        help_text=_("選「轉學到本市其他學校」時必填。新學校辦理報到後，家長帳號和綁定會一起轉過去。"),
    )
    on = MoveDateField()
    note = FreeTextField(
        label=_("說明（選填）"), max_length=200, required=False, help_text=_("例如公文字號，留在異動名冊裡。")
    )
    understood = forms.BooleanField(label=_("我了解：畢業與離校會立即終止家長的綁定，並寄信通知家長。"), required=False)

    def offer(self, choices, school):
        """Let it be chosen among `choices` of students of `school`."""
        self.fields["status"].choices = choices  # type: ignore[attr-defined]
        if any(status == Student.Status.TRANSFERRING for status, _words in choices):
            others = School.objects.active().exclude(pk=school.pk).order_by("name")
            self.fields["transfer_to"].queryset = others  # type: ignore[attr-defined]
        else:
            del self.fields["transfer_to"]

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("status") == Student.Status.TRANSFERRING and not data.get("transfer_to"):
            self.add_error("transfer_to", gettext("請選擇轉往的學校。"))
        return data

    def values(self):
        return {field: value for field, value in self.cleaned_data.items() if field != "understood"}


class StatusForm(_MoveForm):
    """Leave, return, transfer, graduation of one student: what is possible now."""

    school_class = ClassField(label=_("班級"), required=False, help_text=_("復學或取消轉出時必填，已帶入原來的班級。"))
    seat_number = forms.IntegerField(
        label=_("座號"), min_value=1, max_value=99, required=False, widget=forms.TextInput(attrs=SEAT),
        help_text=_("復學或取消轉出時必填。"),
    )  # fmt: skip
    field_order = ("status", "transfer_to", "school_class", "seat_number")

    def __init__(self, *args, student, **kwargs):
        super().__init__(*args, **kwargs)
        choices = statuses_for(student)
        possible = {status for status, _words in choices}
        self.offer(choices, student.school)
        if Student.Status.ENROLLED in possible:
            self.fields["school_class"].of(student.school)  # type: ignore[attr-defined]
            self.initial = {"school_class": student.school_class_id, "seat_number": student.seat_number}
        else:
            del self.fields["school_class"], self.fields["seat_number"]
        if not possible & set(Student.ENDED):
            del self.fields["understood"]

    def clean(self):
        data = super().clean()
        status = data.get("status")
        if status == Student.Status.ENROLLED and "school_class" in self.fields:
            missing = {
                "school_class": gettext("復學或取消轉出要選擇班級。"),
                "seat_number": gettext("復學或取消轉出要填寫座號。"),
            }
            for field, words in missing.items():
                if not data.get(field) and field not in self.errors:
                    self.add_error(field, words)
        if status in Student.ENDED and not data.get("understood"):
            self.add_error("understood", gettext("請先確認您了解這個結果。"))
        return data


class StatusesForm(_MoveForm):
    """One move of several students: filled in, looked at, confirmed."""

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(words_of(MANY), school)

    @property
    def asked_fields(self):
        """What is filled in before one looks at what would happen."""
        return [field for field in self if field.name != "understood"]

    @property
    def ends(self):
        """Whether the move that was chosen ends what is bound to the students."""
        return self.cleaned_data.get("status") in Student.ENDED

    @property
    def chosen_words(self):
        """The move that was chosen, in words."""
        return dict(self.fields["status"].choices)[self.cleaned_data["status"]]  # type: ignore[attr-defined]

    def is_understood(self):
        """Whether an end is confirmed with its box; it says so beside the box where it is not."""
        if self.ends and not self.cleaned_data["understood"]:
            self.add_error("understood", gettext("請先確認您了解這個結果。"))
        return not self.errors
