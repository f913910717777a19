"""What a cashier fills in to make, change and end bills. Forms clean and speak; actions write."""

from itertools import groupby

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills.charges import LONGEST_NAME, MOST_DOLLARS, MOST_ITEMS, Kind, dollars, kind_of
from billing.bills.models import BillBatch, Semester
from billing.forms import ReasonForm
from core.date_field import DateOfRepublicField
from core.fields import FreeTextField, RowsField
from core.formats import roc_short
from core.spreadsheets import tidy
from registry import class_names
from registry.models import SchoolClass

ROWS = 8


class DueDateField(DateOfRepublicField):
    """The last day to pay; today at the earliest, within a year."""

    def __init__(self, **kwargs):
        super().__init__(
            label=gettext_lazy("繳費期限"), error_messages={"required": gettext_lazy("請填繳費期限。")}, **kwargs
        )

    def clean(self, value):
        day = super().clean(value)
        if day < timezone.localdate():
            raise forms.ValidationError(_("繳費期限已經過了，請填今天以後的日期。"))
        if (day - timezone.localdate()).days > 366:
            raise forms.ValidationError(_("繳費期限超過一年，請檢查年份。"))
        return day


class BatchForm(forms.Form):
    """The batch itself. `again` appears where there is one of this name already."""

    title = FreeTextField(
        label=gettext_lazy("名稱"),
        help_text=gettext_lazy("家長看到的名稱，例如「學雜費」。"),
        max_length=60,
        error_messages={"required": gettext_lazy("請填名稱。")},
    )
    school_year = forms.IntegerField(
        label=gettext_lazy("學年度"),
        min_value=90,
        max_value=200,
        help_text=gettext_lazy("民國年，例如 115。"),
        widget=forms.NumberInput(attrs={"class": "w-short", "inputmode": "numeric"}),
    )
    semester = forms.TypedChoiceField(
        label=gettext_lazy("學期"), choices=Semester.choices, coerce=int, widget=forms.RadioSelect
    )
    due_on = DueDateField()
    again = forms.BooleanField(label=gettext_lazy("同名的已經有了，還是要再做一批"), required=False)

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        self.school = school
        self.shows_again = False
        today = timezone.localdate()
        self.fields["school_year"].initial = school.school_year
        self.fields["semester"].initial = Semester.FIRST if today.month >= 8 or today.month == 1 else Semester.SECOND

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        data = super().clean() or self.cleaned_data
        if not {"title", "school_year", "semester"} <= data.keys():
            return data
        same = BillBatch.objects.filter(
            school=self.school, **{name: data[name] for name in ("title", "school_year", "semester")}
        ).first()
        if same:
            self.shows_again = True
            if not data.get("again"):
                words = _("這學期已經有「%(title)s」（%(state)s）。如果不是重複上傳，請勾選再送出。")
                self.add_error("title", words % {"title": same.title, "state": same.get_state_display()})
        return data

    @property
    def facts(self):
        return {name: self.cleaned_data[name] for name in ("title", "school_year", "semester", "due_on")}


class UploadForm(BatchForm):
    file = forms.FileField(
        label=gettext_lazy("收費表"),
        help_text=gettext_lazy("Excel、ODS 或 CSV；一列一個學生，一欄一個收費項目。所有看得到的工作表都會讀。"),
        error_messages={
            "required": gettext_lazy("請選擇檔案。"),
            "empty": gettext_lazy("這個檔案是空的，請重新選擇。"),
        },
    )
    field_order = ["file", "title", "school_year", "semester", "due_on", "again"]


class ItemsForm(forms.Form):
    """Rows of an item and its amount, as many as the page shows; empty rows count for nothing."""

    def add_item_fields(self, rows, initial=()):
        self.rows = rows
        self.shows_as_written = False
        self.fields["as_written"] = forms.BooleanField(label=_("上面提到的項目就是照填的金額收"), required=False)
        for n in range(rows):
            name, amount = initial[n] if n < len(initial) else ("", "")
            self.fields[f"item_{n}"] = FreeTextField(
                label=_("項目 %(number)d") % {"number": n + 1}, max_length=LONGEST_NAME, required=False,
                initial=name, widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"amount_{n}"] = FreeTextField(
                label=_("項目 %(number)d 的金額") % {"number": n + 1}, max_length=20, required=False,
                initial=amount, widget=forms.TextInput(attrs={"class": "w-short", "autocomplete": "off"}),
            )  # fmt: skip

    @property
    def item_rows(self):
        return [(self[f"item_{n}"], self[f"amount_{n}"]) for n in range(self.rows)]

    def clean_items(self, data):
        """Pairs of name and dollars; what is wrong is said beside its field."""
        items, names = [], set()
        for n in range(self.rows):
            name, amount = tidy(data.get(f"item_{n}") or ""), self._dollars(n, data)
            if f"item_{n}" in self.errors or not name and not amount:
                continue
            if not name:
                self.add_error(f"item_{n}", _("有金額，請填項目的名稱。"))
            elif name in names:
                self.add_error(f"item_{n}", _("這個項目寫了兩次。"))
            elif not amount and f"amount_{n}" not in self.errors:
                self.add_error(f"amount_{n}", _("請填金額，減免填負數。"))
            names.add(name)
            items.append((name, amount))
        if not items and not self.errors:
            self.add_error("item_0", _("請至少填一個收費項目。"))
        if not self.errors and not data.get("as_written"):
            self._ask_about(items)
        if not self.errors and not 0 <= sum(amount for _name, amount in items) <= MOST_DOLLARS:
            self.add_error("amount_0", _("各項相加要在 0 元以上，也不能太大。"))
        return items

    def _ask_about(self, items):
        """A discount that would be added to the bill, and a total beside its parts."""
        total = sum(amount for _name, amount in items)
        for name, amount in items:
            if kind_of(name) == Kind.DISCOUNT and amount > 0:
                words = _("「%(name)s」填正數會加到帳單上；要減免請填 -%(amount)d。")
            elif len(items) > 1 and (kind_of(name) == Kind.TOTAL or (len(items) > 2 and amount * 2 == total)):
                words = _("「%(name)s」像是合計，會再收一次 %(amount)d 元；合計不用填，系統會自己加。")
            else:
                continue
            self.shows_as_written = True
            self.add_error(None, words % {"name": name, "amount": amount})

    def _dollars(self, n, data):
        try:
            return dollars(tidy(data.get(f"amount_{n}") or ""))
        except forms.ValidationError as error:
            self.add_error(f"amount_{n}", error)
            return None


class FeeTableForm(BatchForm, ItemsForm):
    """The same items for every student of the chosen classes."""

    classes = RowsField(
        label=gettext_lazy("班級"),
        queryset=SchoolClass.objects.none(),
        error_messages={"required": gettext_lazy("請選擇班級。")},
    )

    def __init__(self, data=None, *, school, **kwargs):
        current = SchoolClass.objects.current().filter(school=school).in_order()
        super().__init__(with_whole_grades(data, current), school=school, **kwargs)
        self.fields["classes"].queryset = current  # type: ignore[attr-defined]
        self.add_item_fields(rows_wanted(data))

    @property
    def grades(self):
        """[(grade, its classes as (pk, name, chosen))], the grade being what stands before the last two digits."""
        chosen = {str(one) for one in self["classes"].value() or ()}
        rows = [
            (grade_of(one.name), one.pk, one.name, str(one.pk) in chosen)
            for one in self.fields["classes"].queryset  # type: ignore[attr-defined]
        ]
        return [(grade, [row[1:] for row in group]) for grade, group in groupby(rows, lambda row: row[0])]

    def clean(self):
        data = super().clean() or self.cleaned_data
        data["items"] = self.clean_items(data)
        return data


def with_whole_grades(data, classes):
    """What was sent, where a ticked grade ticks all its classes."""
    if not data or not (grades := data.getlist("grades")):
        return data
    whole = [str(one.pk) for one in classes if grade_of(one.name) in grades]
    data = data.copy()
    data.setlist("classes", [*dict.fromkeys([*data.getlist("classes"), *whole])])
    return data


def grade_of(class_name):
    """3 of 301 and 三年一班, 12 of 1205 and 高三1班; a class whose grade can't be read is one of its own."""
    known = class_names.read(class_name)
    return str(known.year or known.grade) if known else class_name


def rows_wanted(data):
    """How many rows the page had; more when that was asked for."""
    typed = (data or {}).get("rows", "")
    rows = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else ROWS
    return min(max(rows, ROWS) + (ROWS if data and "more" in data else 0), MOST_ITEMS)


class IssueForm(forms.Form):
    looked = forms.BooleanField(
        label=gettext_lazy("我已經看過上面的張數、金額和差異"),
        error_messages={"required": gettext_lazy("請看過上面的內容，再勾選這一項。")},
    )


class ReissueForm(ReasonForm, ItemsForm):
    """Another bill in the place of one: its items and its last day, as they were to begin with."""

    due_on = DueDateField()

    def __init__(self, data=None, *, bill):
        super().__init__(data)
        self.fields["due_on"].initial = roc_short(bill.due_on)
        items = [(one.name, str(one.amount)) for one in bill.items.all()]
        self.add_item_fields(max(len(items) + 2, rows_wanted(data) if data else 0), items)
        self.fields["reason"].help_text = _("會留在紀錄裡，例如「補助核定，減 1,200 元」。")

    def clean(self):
        data = super().clean() or self.cleaned_data
        data["items"] = self.clean_items(data)
        return data
