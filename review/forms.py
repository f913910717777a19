import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.models import Applicant
from binding.reasons import in_readers_language, usual_for
from core.fields import FreeTextField
from review.models import Escalation, PaperForm
from review.rules import MOST_REASONS

RECEIVED = [PaperForm.Answer.AGREE, PaperForm.Answer.DECLINE]
UNDO_MINUTES = (1, 5, 10, 15, 30, 60)
WHOLE = [(one, "") for one in RECEIVED]


class PaperFormForm(forms.Form):
    answer = forms.ChoiceField(choices=PaperForm.Answer.choices, required=False)
    whole = forms.ChoiceField(choices=WHOLE, required=False)  # the same answer, and no other will come
    seen = forms.ChoiceField(choices=PaperForm.Answer.choices, required=False)  # what the page showed
    application = forms.IntegerField(required=False, min_value=1)  # the page to go back to

    def clean(self):
        super().clean()
        if not self.cleaned_data.get("answer") and not self.cleaned_data.get("whole"):
            raise forms.ValidationError("no answer")
        return self.cleaned_data

    def said(self):
        """What `mark_paper_form` is told."""
        whole, seen = self.cleaned_data.get("whole"), self.cleaned_data.get("seen")
        answer = whole or self.cleaned_data["answer"]
        return {"answer": answer, "is_whole_answer": bool(whole), "seen": seen or None}


class PaperFormsForm(forms.Form):
    """The form of the board: one answer for all who are ticked, or for the one whose own button was pressed.

    A student's own button is called as its answer and has the student's key as its value.
    """

    IS_WHOLE = "whole"  # what the paper says is all that this family answers

    answer = forms.ChoiceField(choices=[*WHOLE, (IS_WHOLE, "")])
    students = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, data, *, students):
        pressed = next((one for one in RECEIVED if one in data), None)
        self.is_one = pressed is not None
        super().__init__(MultiValueDict({"answer": [pressed], "students": data.getlist(pressed)}) if pressed else data)
        self.by_pk = {one.pk: one for one in students}
        self.fields["students"].choices = [(pk, "") for pk in self.by_pk]  # type: ignore[attr-defined]

    def chosen(self):
        return [self.by_pk[pk] for pk in self.cleaned_data["students"]]

    @property
    def problem(self):
        if "students" in self.errors:
            return _("請先勾選學生，再按登記。")
        return _("還沒有登記：請按「已收（同意）」「已收（不同意）」或「以紙本意願為準」。")


class DifferingForm(forms.Form):
    """Students whose registered answer is not the one that was pressed: to ask about, then to change.

    `students` asks about them ("3,7"), each of `keys` confirms one as it was shown ("3:decline").
    """

    KEY = re.compile(r"(\d{1,15}):(agree|decline)", re.ASCII)

    answer = forms.ChoiceField(choices=WHOLE)
    students = forms.RegexField(r"^[0-9]{1,15}(,[0-9]{1,15})*$", required=False, max_length=2000)

    def __init__(self, *args, students, **kwargs):
        super().__init__(*args, **kwargs)
        self.may_be_changed = students

    def rows(self):
        """The paper forms asked about, by seat."""
        keys = [int(one) for one in self.cleaned_data["students"].split(",") if one]
        found = PaperForm.objects.filter(student__in=self.may_be_changed.filter(pk__in=keys))
        return found.select_related("student__school_class", "marked_by").order_by("student__seat_number", "pk")

    def confirmed(self):
        """(students, {student's key: the answer that was shown})"""
        data: Any = self.data
        keys = [self.KEY.fullmatch(one) for one in data.getlist("keys")]
        seen = {int(key[1]): key[2] for key in keys if key}
        return list(self.may_be_changed.filter(pk__in=seen).select_related("school_class")), seen


class ScanForm(forms.Form):
    """The code of a form, from a barcode reader or by hand, or seats of the class, and what the forms say."""

    answer = forms.ChoiceField(
        label=gettext_lazy("這一疊申請書勾選"),
        choices=[(PaperForm.Answer.AGREE, gettext_lazy("同意")), (PaperForm.Answer.DECLINE, gettext_lazy("不同意"))],
        initial=PaperForm.Answer.AGREE,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇這一疊申請書勾選的意願。")},
    )
    code = FreeTextField(
        label=gettext_lazy("回收碼或座號"),
        max_length=200,
        help_text=gettext_lazy("用條碼機掃申請書下方的條碼，一張接一張；或輸入座號，例如「3 5 8 12」「3-8」。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "w-long"}),
    )

    def __init__(self, *args, is_next=False, **kwargs):
        """`is_next`: another code is about to be scanned, so that the field has the focus."""
        super().__init__(*args, **kwargs)
        self.is_next = is_next
        if is_next:
            self.fields["code"].widget.attrs["autofocus"] = True


class DecisionForm(forms.Form):
    """One decision on one applicant, bound to the revision that the reviewer saw."""

    APPROVE, RETURN, REJECT = "approve", "return", "reject"

    decision = forms.ChoiceField(
        choices=[(APPROVE, gettext_lazy("核可")), (RETURN, gettext_lazy("退回修正")), (REJECT, gettext_lazy("不通過"))],
        error_messages={"required": gettext_lazy("請選擇核可、退回或不通過。")},
    )
    preset = forms.ChoiceField(label=gettext_lazy("常用的原因"), required=False)
    reason = FreeTextField(
        label=gettext_lazy("原因（會寄給申請人）"),
        help_text=gettext_lazy("例如：手機號碼和申請書不同，請確認後修正。請不要寫證號。"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    fields_to_mend = forms.MultipleChoiceField(
        label=gettext_lazy("請家長修正"),
        help_text=gettext_lazy(
            "家長只能修改勾選的項目；都不勾就是全部可以修改。只勾選而沒寫原因時，會帶入適合的原因，寄出前請您看一次。"
        ),
        choices=list(Applicant.FIELDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    snapshot = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    is_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)  # the mail was looked at
    hide_optional = True
    is_to_be_read = False  # before it goes: own words, or a reason that nobody chose

    @property
    def review(self):
        """What the decision makes of the applicant."""
        return {
            self.APPROVE: Applicant.Review.APPROVED,
            self.RETURN: Applicant.Review.RETURNED,
            self.REJECT: Applicant.Review.REJECTED,
        }[self.cleaned_data["decision"]]

    @property
    def wants_a_look(self):
        """A mail whose reason was not chosen from the list is shown before it goes, and every one that says no for good."""
        if self.cleaned_data["is_sure"] or self.cleaned_data["decision"] == self.APPROVE:
            return False
        return self.is_to_be_read or self.cleaned_data["decision"] == self.REJECT

    def __init__(self, data=None, *, applicant, reasons=()):
        super().__init__(data, auto_id=f"applicant-{applicant.pk}-%s")
        fields: dict = self.fields
        fields["preset"].choices = [("", _("請選擇"))] + [(one, in_readers_language(one)) for one in reasons]
        if not applicant.application.needs_evidence:
            fields["fields_to_mend"].choices = [one for one in Applicant.FIELDS.items() if one[0] != "evidence"]

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if "reason" in self.errors or "preset" in self.errors:
            return data
        words = [data.get("preset", ""), data.get("reason", "").strip()]
        self.is_to_be_read = bool(words[1])
        if data.get("decision") == self.RETURN and data.get("fields_to_mend") and not any(words):
            words, self.is_to_be_read = [usual_for(data["fields_to_mend"])], True
        data["reason"] = " ".join(word for word in words if word)[:300]
        if data.get("decision") in (self.RETURN, self.REJECT) and not data["reason"]:
            self.add_error("reason", _("請選擇或寫明原因，家長才知道怎麼做。"))
        return data


class UndoForm(forms.Form):
    """Which decisions to take back: those of one batch at most."""

    applicants = forms.CharField(max_length=2000)

    def clean_applicants(self):
        words = self.cleaned_data["applicants"].split(",")
        if not all(word.isascii() and word.isdigit() and len(word) < 16 for word in words):
            raise forms.ValidationError("no keys")
        return [int(word) for word in words]

    def chosen(self):
        return self.cleaned_data["applicants"]


class EscalationForm(forms.Form):
    """Why an application goes to the registrar."""

    why = forms.ChoiceField(
        label=gettext_lazy("轉請註冊組審核的原因"),
        choices=[one for one in Escalation.Why.choices if one[0] != Escalation.Why.CHECKED],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇原因。")},
    )
    note = FreeTextField(label=gettext_lazy("說明（只給註冊組看）"), max_length=200, required=False)
    hide_optional = True

    def clean(self):
        super().clean()
        if self.cleaned_data.get("why") == Escalation.Why.OTHER and not self.cleaned_data.get("note"):
            self.add_error("note", _("請寫明原因，註冊組才知道要看什麼。"))
        return self.cleaned_data


class RulesForm(forms.Form):
    """Who decides what, what is decided by itself, and the school's own reasons, one a line."""

    hide_optional = True

    registrar_decides_guardianship = forms.BooleanField(
        label=gettext_lazy("監護關係由註冊組核定"),
        help_text=gettext_lazy("導師檢視證明文件後轉請註冊組審核；可以退回，不能自行核可。"),
        required=False,
    )
    approves_matched = forms.BooleanField(
        label=gettext_lazy("相符的申請自動核可"),
        help_text=gettext_lazy(
            "申請人的證號和姓名與學校登錄的監護人相同、申請書已登記同意，而且沒有需要另外看的地方，就不必等導師按核可。通知信寄出前仍可復原。"
        ),
        required=False,
    )
    undo_minutes = forms.TypedChoiceField(
        label=gettext_lazy("決定可以復原的時間"),
        help_text=gettext_lazy("通知信也等這麼久才寄出。改了之後，從下一個決定開始算。"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "w-medium"}),
    )
    texts = FreeTextField(
        label=gettext_lazy("退回的原因，一行一個"),
        help_text=gettext_lazy("導師退回申請時可以直接選。清空就恢復系統的預設。"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        usual = _("%(count)d 分鐘（系統預設）") % {"count": settings.DECISION_UNDO_MINUTES}
        offered = sorted({*UNDO_MINUTES, self.initial.get("undo_minutes") or UNDO_MINUTES[0]})
        choices = [("", usual)] + [(one, _("%(count)d 分鐘") % {"count": one}) for one in offered]
        self.fields["undo_minutes"].choices = choices  # type: ignore[attr-defined]

    def clean_texts(self):
        texts = [" ".join(line.split()) for line in self.cleaned_data["texts"].splitlines() if line.strip()]
        if len(texts) > MOST_REASONS:
            raise forms.ValidationError(_("最多 %(limit)d 個原因。") % {"limit": MOST_REASONS})
        if any(len(text) > 150 for text in texts):
            raise forms.ValidationError(_("每個原因最多 150 個字。"))
        return texts


class NoteForm(forms.Form):
    """A note of the staff on one student."""

    hide_optional = True

    text = FreeTextField(
        label=gettext_lazy("新增備註（只有學校看得到）"),
        help_text=gettext_lazy("例如：已電話提醒，週五交。請不要寫證號。"),
        max_length=200,
        error_messages={"required": gettext_lazy("請填寫備註。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())
