"""Fields for what people in Taiwan type, and the upload of a roster."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry import identity
from registry.formats import normalize_mobile
from registry.school_year import this_school_year


class IdentityNumberField(forms.CharField):
    """An ID number typed as forgivingly as may be; clean value normalised and valid."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "w-medium",
            }
        )
        super().__init__(**{"max_length": 40, "widget": widget, **kwargs})

    def to_python(self, value):
        return identity.normalize(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        if value:
            identity.validate(value)


class MobileField(forms.CharField):
    """A mobile number; clean value ten digits."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "class": "w-medium"})
        super().__init__(**{"max_length": 30, "widget": widget, **kwargs})

    def to_python(self, value):
        text = super().to_python(value)
        return normalize_mobile(text) if text else text


class RosterForm(forms.Form):
    """A roster to be looked at before it is written."""

    file = forms.FileField(
        label=_("名冊檔案"),
        help_text=_(
            "Excel（.xlsx）或 CSV 檔（UTF-8 或 Big5）。欄位：班級、座號、學號、姓名、身分證字號、出生日期、導師帳號；可加導師姓名、導師聯絡方式，以及最多三位監護人的姓名、關係、身分證字號、手機、電子郵件。"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,text/csv"}),
        error_messages={
            "required": _("請選擇名冊檔案。"),
            "empty": _("這個檔案是空的，請重新選擇。"),
        },
    )
    school_year = forms.TypedChoiceField(label=_("學年度"), coerce=int)
    takes_new_classes = forms.BooleanField(
        label=_("名冊裡有新的班級"),
        required=False,
        help_text=_("沒有勾選時，系統沒有的班級會當作打錯字，請您先核對。第一次匯入不必勾選。"),
    )

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        year = school.school_year
        self.fields["school_year"].choices = [  # type: ignore[attr-defined]
            (year, _("%(year)d 學年度（目前）") % {"year": year}),
            (year + 1, _("%(year)d 學年度（新學年）") % {"year": year + 1}),
        ]
        self.fields["school_year"].initial = year + 1 if this_school_year() > year else year
