"""The forms of the registrar's desk."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.date_field import DateOfRepublicField
from core.fields import FreeTextField, NameField
from registry import homeroom
from registry.fields import ClassField, IdentityNumberField, cleaned_with
from registry.models import Student, StudentChange
from registry.roster.cleaning import clean_cell
from registry.roster.questions import birth_year_words, usual_age

MOST_STAFF = 500  # accounts offered to choose from
SEAT = {"class": "w-short", "autocomplete": "off"}
MEDIUM = {"class": "w-medium", "autocomplete": "off", "spellcheck": "false"}


class StudentForm(forms.Form):
    """A direct correction: every field as the registry has it; an ID number only where it is to change."""

    school_class = ClassField(label=_("班級"))
    seat_number = forms.IntegerField(label=_("座號"), min_value=1, max_value=99, widget=forms.TextInput(attrs=SEAT))
    student_number = FreeTextField(label=_("學號"), max_length=20, widget=forms.TextInput(attrs=MEDIUM))
    name = NameField(label=_("姓名"))
    birth_on = DateOfRepublicField(label=_("出生日期"), example="97/05/03")
    is_birth_sure = forms.BooleanField(label=_("出生日期沒有錯"), required=False)
    identity_number = IdentityNumberField(label=_("身分證統一編號"), required=False)
    proof = forms.ChoiceField(
        label=_("依據"),
        choices=[("", _("請選擇")), *StudentChange.Proof.choices],
        required=False,
        help_text=_("姓名、學號、出生日期或證號有改時必填：看過哪一種文件。"),
    )
    note = FreeTextField(
        label=_("修改原因"), max_length=200, required=False, help_text=_("留在異動紀錄裡，例如「戶籍更名」。")
    )
    NEED_PROOF = ("student_number", "name", "birth_on")

    def __init__(self, *args, student, **kwargs):
        self.student = student
        facts = ["school_class", "seat_number", "student_number", "name", "birth_on"]
        kwargs["initial"] = {field: getattr(student, field) for field in facts} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        classes = self.fields["school_class"]
        classes.of(student.school)  # type: ignore[attr-defined]
        masked = student.masked_identity
        self.fields["identity_number"].help_text = (
            gettext("已登錄 %(masked)s。不修改就留空白。") % {"masked": masked}
            if masked
            else gettext("還沒有登錄。填寫後，家長就能用它當第一次的密碼登入。")
        )

    clean_student_number = cleaned_with("student_number")
    clean_name = cleaned_with("name")

    def clean_birth_on(self):
        return clean_cell("birth_on", self.cleaned_data["birth_on"].isoformat())

    def clean(self):
        """An age that no student has is asked about before it is written."""
        data = super().clean() or self.cleaned_data
        day, year = data.get("birth_on"), self.student.school.school_year
        if day and day != self.student.birth_on and not usual_age(day, year) and not data["is_birth_sure"]:
            self.add_error("birth_on", birth_year_words(day, year) + gettext("沒有錯的話，請勾選「出生日期沒有錯」。"))
        self._check_proof(data)
        return data

    def _check_proof(self, data):
        """What identifies a student changes on paper that somebody saw."""
        if "proof" not in self.fields or data.get("proof") and (data["proof"] != "other" or data.get("note")):
            return
        if data.get("proof") == StudentChange.Proof.OTHER:
            self.add_error("note", gettext("依據選「其他」時，請在修改原因寫明是什麼文件。"))
            return
        changed = [field for field in self.NEED_PROOF if field in data and data[field] != getattr(self.student, field)]
        if changed or data.get("identity_number"):
            self.add_error("proof", gettext("姓名、學號、出生日期或證號有改，請選擇依據的文件。"))

    @property
    def asks_about_birth(self):
        return bool(self.errors.get("birth_on") and self.cleaned_data.get("is_birth_sure") is False)

    def values(self):
        """What to write."""
        values = dict(self.cleaned_data)
        for field in ("note", "proof", "is_birth_sure"):
            values.pop(field, None)
        if not values["identity_number"]:
            values.pop("identity_number")
        return values

    def written(self):
        """Arguments of `registry.students.correct_student`."""
        return {"values": self.values(), "proof": self.cleaned_data["proof"], "note": self.cleaned_data["note"]}


class MoveDateField(DateOfRepublicField):
    """From when a move counts in the register: today where nothing is said, never a day to come."""

    def __init__(self, **kwargs):
        help_text = _("異動名冊上的日期，不填就是今天。")
        super().__init__(**{"label": _("異動日期"), "required": False, "help_text": help_text, **kwargs})

    def clean(self, value):
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise forms.ValidationError(gettext("異動日期不能晚於今天：登記後立即生效，請在當天登記。"))
        if day and day < timezone.localdate() - timedelta(days=366):
            raise forms.ValidationError(gettext("異動日期不能早於一年前，請再核對。"))
        return day


class MissingForm(forms.Form):
    """What became of students whom a roster did not name: one answer for all who were chosen."""

    decision = forms.ChoiceField(
        label=_("處理方式"),
        widget=forms.RadioSelect,
        choices=[
            ("stays", _("仍在本校（不更動學籍）")),
            (Student.Status.LEFT, _("離校（轉到外縣市、出國或其他）")),
            (Student.Status.ON_LEAVE, _("休學")),
            (Student.Status.GRADUATED, _("畢業")),
        ],
    )
    on = MoveDateField()
    note = FreeTextField(label=_("說明"), max_length=200, required=False, help_text=_("例如公文字號，留在異動名冊裡。"))
    understood = forms.BooleanField(label=_("我了解：畢業與離校會立即終止家長的綁定，並寄信通知家長。"), required=False)

    def clean(self):
        data = super().clean() or {}
        if data.get("decision") in Student.ENDED and not data.get("understood"):
            self.add_error("understood", gettext("請先確認您了解這個結果。"))
        return data

    def decided(self):
        """Arguments of `registry.missing.decide_missing`."""
        return {field: self.cleaned_data[field] for field in ("decision", "on", "note")}


class ArrivalForm(forms.Form):
    """The new school gives class, seat and number."""

    school_class = ClassField(label=_("班級"))
    seat_number = forms.IntegerField(label=_("座號"), min_value=1, max_value=99, widget=forms.TextInput(attrs=SEAT))
    student_number = FreeTextField(label=_("學號"), max_length=20, widget=forms.TextInput(attrs=MEDIUM))
    on = MoveDateField()

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].of(school)  # type: ignore[attr-defined]

    clean_student_number = cleaned_with("student_number")


class NumberSearchForm(forms.Form):
    number = IdentityNumberField(label=_("身分證統一編號"))


class ClassForm(forms.Form):
    name = FreeTextField(
        label=_("新增班級"),
        max_length=10,
        widget=forms.TextInput(attrs=SEAT),
        error_messages={"required": _("請填寫班級名稱。")},
    )

    clean_name = cleaned_with("class_name", "name")


class DutyForm(forms.Form):
    """Who takes over a class, from when on."""

    account = FreeTextField(
        label=_("教職員帳號"),
        max_length=40,
        help_text=_("從本校教職員中選擇，也可以直接輸入帳號。"),
        widget=forms.TextInput(attrs={**MEDIUM, "list": "staff"}),
    )
    is_awaited = forms.BooleanField(
        label=_("帳號還沒建立，先登記"),
        required=False,
        help_text=_("只在這位老師還沒有帳號時勾選。帳號建立以前，沒有人能審核這一班。"),
    )
    name = NameField(label=_("姓名"), required=False, help_text=_("留空白就用帳號上的姓名。"))
    contact = FreeTextField(
        label=_("聯絡方式"),
        max_length=80,
        required=False,
        help_text=_("家長看得到，例如辦公室分機。留空白就沿用這位老師上次的聯絡方式。"),
    )
    is_substitute = forms.BooleanField(label=_("代理導師（原導師不變）"), required=False)
    starts_on = DateOfRepublicField(label=_("開始日"), required=False, help_text=_("不填就是今天。"))
    ends_on = DateOfRepublicField(
        label=_("結束日"), required=False, help_text=_("代理時填寫，含當日；不填就是沒有期限。")
    )

    def __init__(self, *args, school_class, **kwargs):
        super().__init__(*args, **kwargs)
        self.school_class = school_class
        self.staff = list(homeroom.staff_of(school_class.school)[:MOST_STAFF])

    clean_account = cleaned_with("homeroom_account", "account")

    def clean(self):
        data = super().clean() or self.cleaned_data
        if account := data.get("account"):
            self._check_account(account, is_awaited=data.get("is_awaited"))
        starts, ends = data.get("starts_on") or timezone.localdate(), data.get("ends_on")
        if ends and ends < starts:
            self.add_error("ends_on", gettext("結束日不能早於開始日。"))
        if ends and not data.get("is_substitute"):
            self.add_error("ends_on", gettext("只有代理導師要填結束日；導師換人時，前一位會自動結束。"))
        return data

    def _check_account(self, account, *, is_awaited):
        """A slip of the pen would leave the class without a teacher; a roster's name of before may stay."""
        school = self.school_class.school
        if homeroom.staff_of(school).filter(account=account).exists():
            return
        if school.users.filter(account=account).exists():
            self.add_error("account", gettext("這個帳號已經停用，請選擇其他教職員。"))
        elif not is_awaited and account not in {duty.account for duty in self.school_class.homerooms}:
            words = gettext(
                "本校沒有 %(account)s 這個教職員帳號，請核對。還沒建立的話，請勾選「帳號還沒建立，先登記」。"
            )
            self.add_error("account", words % {"account": account})

    def values(self):
        return {field: value for field, value in self.cleaned_data.items() if field != "is_awaited"}
