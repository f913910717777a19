"""What the registrar chooses before printing."""

from django import forms
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.date_field import DateOfRepublicField
from core.fields import RowsField
from registry.models import SchoolClass, Student
from registry.models.paper_forms import LANGUAGES
from registry.paper_forms.return_days import SATURDAY, is_day_off, usual_return

WHOLE_SCHOOL, CHOSEN = "school", "classes"


class ClassesField(RowsField):
    def label_from_instance(self, school_class):
        counted = {"name": school_class.name, "count": school_class.enrolled}
        return ngettext("%(name)s（%(count)d 人）", "%(name)s（%(count)d 人）", school_class.enrolled) % counted


class PrintForm(forms.Form):
    """Language, return date and classes; the button says whether the classes or the whole school are meant."""

    language = forms.ChoiceField(
        label=gettext_lazy("申請書的語言"),
        help_text=gettext_lazy("各語言的申請書都保留中文欄位，導師看得懂。"),
        choices=list(LANGUAGES.items()),
        widget=forms.Select(attrs={"class": "w-medium"}),
    )
    return_on = DateOfRepublicField(
        label=gettext_lazy("繳回日期"),
        help_text=gettext_lazy("印在申請書上，家長在這一天以前（含當日）交給導師。"),
        error_messages={"required": gettext_lazy("請填繳回日期。")},
    )
    scope = forms.ChoiceField(
        choices=[(WHOLE_SCHOOL, ""), (CHOSEN, "")],
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("請按「製作選取的班級」或「製作全校」。")},
    )
    classes = ClassesField(
        label=gettext_lazy("班級"),
        help_text=gettext_lazy("只選一班會直接下載；選幾班或全校，就在背景製作，完成後在這裡下載。"),
        queryset=SchoolClass.objects.none(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("有一個班級已經不在名單上，請重新選取。")},
    )

    def __init__(self, data=None, *, school):
        usual = usual_return(school)
        super().__init__(data, initial={"language": "zh-hant", "return_on": usual})
        self.day_off = usual  # what the page has told about; a second press takes it
        if data is None and is_day_off(usual):
            self.fields["return_on"].help_text = words_of_day_off(usual)
        self.fields["classes"].queryset = classes_with_students(school)  # type: ignore[attr-defined]

    def clean_return_on(self):
        day = self.cleaned_data["return_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("這一天已經過了，請選擇今天或以後的日期。"))
        if is_day_off(day) and self.data.get("day_off") != day.isoformat():
            self.day_off = day
            raise forms.ValidationError(
                _("%(words)s確定要用這一天，請再按一次製作。") % {"words": words_of_day_off(day)}
            )
        return day

    def clean(self):
        data = super().clean()
        if data.get("scope") == CHOSEN and "classes" not in self.errors and not data.get("classes"):
            self.add_error("classes", _("請至少選取一個班級。"))
        return data

    @property
    def chosen(self):
        """The classes to print; none stands for the whole school."""
        whole = self.cleaned_data["scope"] == WHOLE_SCHOOL
        return [] if whole else list(self.cleaned_data["classes"])


def words_of_day_off(day):
    return _("這一天是星期六，學校放假。") if day.weekday() == SATURDAY else _("這一天是星期日，學校放假。")


def classes_with_students(school):
    enrolled = Count("students", filter=Q(students__status=Student.Status.ENROLLED))
    classes = SchoolClass.objects.current().filter(school=school)
    return classes.annotate(enrolled=enrolled).filter(enrolled__gt=0).in_order()
