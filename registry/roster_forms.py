"""The forms of the pages of rosters."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import FreeTextField
from core.school_year import this_school_year
from registry.models import RosterImport, SchoolClass
from registry.roster.cleaning import clean_cell
from registry.roster.columns import CHOICES, REQUIRED, title_of, titles

ACCEPTED = ".xlsx,.xlsm,.xls,.ods,.csv,.txt,text/csv"
Covers = RosterImport.Covers


class AgainForm(forms.Form):
    """A mended file; all else stays as it was chosen."""

    file = forms.FileField(
        label=_("名冊檔案"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("請選擇名冊檔案。"), "empty": _("這個檔案是空的，請重新選擇。")},
    )


class CoversForm(forms.Form):
    """Which classes a roster is about: only their students can be missing from it."""

    covers = forms.ChoiceField(
        label=_("這份名冊有哪些學生"),
        widget=forms.RadioSelect,
        choices=[
            (Covers.SCHOOL, _("全校學生（名冊中沒有的在學學生，會列為待處理）")),
            (Covers.CLASSES, _("只有部分班級（其他班級的學生不受影響）")),
        ],
        initial=Covers.SCHOOL,
    )
    only_classes = forms.MultipleChoiceField(
        label=_("名冊裡的班級"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("選「只有部分班級」時使用；都不勾選，就以檔案裡出現的班級為準。"),
        error_messages={"invalid_choice": _("有一個班級已經不在名單上，請重新選取。")},
    )

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        names = SchoolClass.objects.current().filter(school=school).in_order().values_list("name", flat=True)
        self.fields["only_classes"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        self.year = school.school_year

    def clean(self):
        data = super().clean() or {}
        if data.get("covers") == Covers.SCHOOL:
            data["only_classes"] = []
        elif data.get("covers") == Covers.CLASSES and data.get("school_year", self.year) != self.year:
            words = _("新學年度的名冊要有全校學生。只匯入部分班級，請先辦理「學年升級與畢業」。")
            self.add_error("covers", words)
        return data


class RosterForm(CoversForm):
    """A roster to be looked at before it is written."""

    file = forms.FileField(
        label=_("名冊檔案"),
        help_text=_(
            "Excel、ODS 或 CSV 檔，最好是校務行政系統匯出的原檔。所有看得到的工作表都會讀，可以一班一張。需要：班級（或一班一張工作表）、座號、學號、姓名、身分證字號、出生日期；可加導師帳號、導師姓名、導師聯絡方式，以及最多三位監護人的姓名、關係、身分證字號、手機、電子郵件。"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("請選擇名冊檔案。"), "empty": _("這個檔案是空的，請重新選擇。")},
    )
    school_year = forms.TypedChoiceField(label=_("學年度"), coerce=int)
    takes_new_classes = forms.BooleanField(
        label=_("名冊裡有新的班級"),
        required=False,
        help_text=_("沒有勾選時，系統沒有的班級會當作打錯字，請您先核對。第一次匯入不必勾選。"),
    )

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, school=school, **kwargs)
        year = school.school_year
        self.fields["school_year"].choices = [  # type: ignore[attr-defined]
            (year, _("%(year)d 學年度（目前）") % {"year": year}),
            (year + 1, _("%(year)d 學年度（新學年）") % {"year": year + 1}),
        ]
        self.fields["school_year"].initial = year + 1 if this_school_year() > year else year


class ColumnsForm(forms.Form):
    """What each column of a file means, and which class a sheet without a column for it is of.

    `layout` (`registry.roster.mapping.Layout`) says which titles and sheets there are.
    """

    def __init__(self, *args, layout, **kwargs):
        super().__init__(*args, **kwargs)
        self.layout = layout
        choices = [("", _("不匯入")), *((column, title_of(column)) for column in CHOICES)]
        for number, heading in enumerate(layout.headings):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=heading.title, required=False, choices=choices, initial=heading.column or ""
            )
        for number, sheet in enumerate(layout.sheets):
            self.fields[f"class-{number}"] = FreeTextField(
                label=gettext("這張工作表的班級"), required=False, max_length=10, initial=sheet.class_name,
                widget=forms.TextInput(attrs={"class": "w-short", "autocomplete": "off", "list": "classes"}),
            )  # fmt: skip
            self.fields[f"skip-{number}"] = forms.BooleanField(
                label=gettext("不讀取這張工作表"), required=False, initial=sheet.is_skipped
            )

    @property
    def columns(self):
        """(heading, its bound field)"""
        return [(one, self[f"column-{number}"]) for number, one in enumerate(self.layout.headings)]

    @property
    def sheets(self):
        """(sheet, the field of its class, the field to leave it out)"""
        return [(one, self[f"class-{number}"], self[f"skip-{number}"]) for number, one in enumerate(self.layout.sheets)]

    def clean(self):
        data = super().clean() or {}
        chosen = {one.key: data.get(f"column-{number}", "") for number, one in enumerate(self.layout.headings)}
        classes = {}
        for number, sheet in enumerate(self.layout.sheets):
            if data.get(f"skip-{number}"):
                classes[sheet.name] = ""
                continue
            found = [chosen[key] for key in sheet.keys if chosen[key]]
            self._refuse_twice(sheet, chosen)
            typed = data.get(f"class-{number}", "").strip()
            if typed and "class_name" not in found:
                try:
                    classes[sheet.name] = clean_cell("class_name", typed)
                except forms.ValidationError as error:
                    self.add_error(f"class-{number}", error)
                    continue
            missing = [one for one in REQUIRED if one not in found and not (one == "class_name" and typed)]
            if missing:
                words = (
                    gettext("「%(sheet)s」還缺少：%(columns)s。") if sheet.name else gettext("還缺少：%(columns)s。")
                )
                self.add_error(None, words % {"sheet": sheet.name, "columns": titles(missing)})
        if len(classes) == len(self.layout.sheets) and not any(classes.values()) and classes:
            self.add_error(None, gettext("至少要讀取一張工作表。"))
        data["chosen_columns"] = chosen
        data["chosen_classes"] = classes
        return data

    def _refuse_twice(self, sheet, chosen):
        numbers = {one.key: number for number, one in enumerate(self.layout.headings)}
        seen: dict[str, str] = {}
        for key in sheet.keys:
            if (column := chosen[key]) and column in seen:
                words = gettext("和另一欄一樣都是「%(column)s」，只能選一欄。") % {"column": title_of(column)}
                if not self.has_error(f"column-{numbers[key]}"):
                    self.add_error(f"column-{numbers[key]}", words)
            seen[column] = key
