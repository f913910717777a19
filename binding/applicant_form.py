"""申請人資料: one applicant, filled in before sending or put right after it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.models import Applicant
from binding.models.relationship import Relationship, is_unlike
from binding.visibility import COLUMNS, shown_of
from core import crypto
from core.asking import AsksAboutEmails, Doubt
from core.fields import EmailAddressField, MobileField, NameField
from registry.fields import IdentityNumberField

PARTS = {column: part for part, column in COLUMNS.items()}


@dataclass(frozen=True)
class Group:
    """One thing to fill in, with the fields that ask about it; `kept`: what stays if nothing is typed, as it may be shown."""

    name: str
    label: str
    fields: list
    kept: str = ""
    is_demanded: bool = False

    @property
    def is_folded(self):
        """Something is stored and need not be touched: its fields open on demand, or where there is something to say."""
        return bool(self.kept) and not self.is_demanded and not any(one.errors for one in self.fields)


class ApplicantForm(AsksAboutEmails, forms.Form):
    """One applicant. What is stored is drawn into a field only in the log-in that it was typed in; else, left empty, it stays.

    What a reviewer handed back is demanded: it has to differ, or a box below it says that it was right. Nothing else is
    open then. Whose an address or a number is, the form does not say: that is for the reviewer (`review.review_flags`)
    and the approval.

    While custody is `restricted` nothing that is stored is shown but to the log-in that it was typed in: whoever looks
    may be the other parent.
    """

    hide_optional = True

    name = NameField(
        label=gettext_lazy("申請人姓名"),
        help_text=gettext_lazy("請與身分證或居留證上的姓名相同。"),
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "w-medium"}),
        error_messages={"required": gettext_lazy("請填寫申請人姓名。")},
    )
    relationship = forms.ChoiceField(
        label=gettext_lazy("親屬關係"),
        help_text=gettext_lazy("申請人是學生的什麼人？"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇申請人與學生的關係。")},
    )
    identity_number = IdentityNumberField(
        label=gettext_lazy("身分證統一編號"),
        help_text=gettext_lazy("外籍人士請填居留證上的統一證號（新式或舊式都可以）。"),
        error_messages={"required": gettext_lazy("請填寫身分證統一編號或統一證號。")},
    )
    mobile = MobileField(
        label=gettext_lazy("手機"),
        help_text=gettext_lazy("09 開頭的十個數字，例如 0912-345-678。"),
        error_messages={"required": gettext_lazy("請填寫手機號碼。")},
    )
    email = EmailAddressField(
        label=gettext_lazy("電子郵件"),
        help_text=gettext_lazy("通過審核後，這就是您登入的帳號，通知信也會寄到這裡。每位申請人要用自己的信箱。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "class": "w-long"}),
        error_messages={"required": gettext_lazy("請填寫電子郵件。")},
    )
    email_again = EmailAddressField(
        label=gettext_lazy("再輸入一次電子郵件"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "w-long"}),
        error_messages={"required": gettext_lazy("請再輸入一次電子郵件，避免打錯收不到信。")},
    )

    def __init__(self, *args, application, position, restricted=False, login="", **kwargs):
        self.application = application
        self.restricted = restricted
        self.position = position
        self.login = login
        self.applicant = application.applicant_at(position)
        self.kept = self._kept()
        if self.applicant:
            kwargs.setdefault("initial", self._initial())
        super().__init__(*args, **kwargs)
        self.is_asking = "leave" not in self.data
        self.fields["relationship"].choices = [  # type: ignore[attr-defined]
            (one, Relationship(one).label) for one in application.relationships
        ]
        for name in self.kept:
            self.fields[name].required = False
        if "email" in self.kept:
            self.fields["email_again"].required = False
        if self.applicant:
            self._leave_only(self.applicant.open_fields)
            self._demand()

    def _kept(self):
        """{field: text} of what is stored and not drawn into its field."""
        one = self.applicant
        if one is None:
            return {}
        one.application = self.application
        shown = shown_of(one, restricted=self.restricted, login=self.login)
        texts = {name: shown[PARTS.get(name, name)] for name in Applicant.FIELDS if name != "evidence"}
        return {name: text for name, text in texts.items() if text and not self._is_drawn(name)}

    def _is_drawn(self, name):
        """Whether the field begins with what is stored: in a draft, what this log-in typed or everybody may read."""
        if self.application.is_submitted:
            return False
        is_open = name in ("name", "relationship") and not self.restricted
        return is_open or self.applicant.was_typed_in(self.login, name)

    def _initial(self):
        drawn = [name for name in Applicant.FIELDS if name != "evidence" and self._is_drawn(name)]
        one = self.applicant
        values = {name: getattr(one, name) for name in drawn if name != "identity_number" or one.identity_cipher}
        return values | ({"email_again": one.email} if "email" in values else {})

    def _leave_only(self, open_fields):
        """What the reviewer did not hand back is not asked again."""
        for name in Applicant.FIELDS:
            if name not in open_fields and name in self.fields:
                del self.fields[name]
        if "email" not in self.fields:
            self.fields.pop("email_again", None)

    @property
    def is_returned(self):
        return self.applicant is not None and self.applicant.review == Applicant.Review.RETURNED

    @property
    def demanded(self):
        """Fields that the reviewer named, in their order; "all" where none was named."""
        if not self.is_returned:
            return []
        named = [name for name in Applicant.FIELDS if name in self.applicant.returned_fields]
        return named or ["all"]

    def _demand(self):
        """Below each field that was handed back, a box that says it was right."""
        for name in self.demanded:
            if name == "evidence" and self._has_new_evidence():
                continue
            if name == "all":
                label = _("我確認原來的資料都正確")
            else:
                label = _("我確認原來的%(field)s正確") % {"field": Applicant.FIELDS[name]}
            self._add_below(name, "is_right", forms.BooleanField(label=label, required=False))

    def _has_new_evidence(self):
        since = self.applicant.decided_at
        return any(one.uploaded_at > since for one in self.application.evidence.all())

    @property
    def groups(self):
        """[Group] in the order of the page."""
        names = [name for name in Applicant.FIELDS if name in self.fields or name in self.demanded]
        names += ["all"] if "all" in self.demanded else []
        return [
            Group(
                name=name,
                label=str(Applicant.FIELDS.get(name, "")),
                fields=[self[one] for one in self.fields if one == name or one.startswith(f"{name}_")],
                kept=self.kept.get(name, ""),
                is_demanded=name in self.demanded,
            )
            for name in names
        ]

    @property
    def closed(self):
        """[(label, text)] of what was not handed back: it stays as it is."""
        if not self.is_returned or "all" in self.demanded:
            return []
        return [(Applicant.FIELDS[name], text) for name, text in self.kept.items() if name not in self.demanded]

    @property
    def others(self):
        return [one for one in self.application.applicants.all() if one.position != self.position]

    def clean_identity_number(self):
        number = self.cleaned_data["identity_number"]
        if not number:
            return number
        fingerprint = crypto.fingerprint(number)
        if fingerprint == self.application.student.identity_fingerprint:
            raise ValidationError(_("這是學生的證號，請填寫申請人本人的證號。"))
        is_the_others = any(fingerprint == other.identity_fingerprint for other in self.others)
        if self.restricted and is_the_others:
            raise ValidationError(_("這個證號目前無法申請，請與學校註冊組聯絡。"))
        if is_the_others:
            raise ValidationError(_("兩位申請人的證號不可相同。"))
        return number

    def clean(self):
        super().clean()
        self._clean_email()
        self._clean_demanded()
        return self.cleaned_data

    def _clean_email(self):
        data = self.cleaned_data
        email = data.get("email")
        if "email" in self.errors or not email and not data.get("email_again"):
            return
        if "email_again" in data and data["email_again"] != email:
            self.add_error("email_again", _("兩次輸入的電子郵件不一樣，請再確認一次。"))
        is_the_others = email and any(email == other.email for other in self.others)
        if is_the_others and not self.restricted:
            self.add_error("email", _("兩位申請人要用不同的電子郵件，因為信箱就是各自登入的帳號。"))
        elif is_the_others:
            self.add_error("email", _("這個電子郵件無法使用，請改用申請人自己的其他信箱。"))

    def _clean_demanded(self):
        """What was handed back differs from what is stored, or is said to be right."""
        for name in self.demanded:
            box = f"{name}_is_right"
            if name in self.errors or box not in self.fields or self.cleaned_data.get(box) or self._differs(name):
                continue
            if name == "all":
                self.add_error(box, _("請修改導師說明的資料，或勾選「我確認原來的資料都正確」。"))
            elif name == "evidence":
                self.add_error(box, _("請補上新的證明文件，或勾選「我確認原來的證明文件正確」。"))
            else:
                words = _("和原來的一樣。請填寫正確的%(field)s，或勾選「我確認原來的%(field)s正確」。")
                self.add_error(name, words % {"field": Applicant.FIELDS[name]})

    def _differs(self, name):
        if name == "evidence":
            return False
        if name == "all":
            return self._has_new_evidence() or any(self._differs(one) for one in self.kept)
        typed = self.cleaned_data.get(name)
        return bool(typed) and typed != getattr(self.applicant, name)

    def doubts(self):
        """And a word for the relationship that is of the other sex than the number."""
        found = super().doubts()
        data, one = self.cleaned_data, self.applicant
        relationship, number = data.get("relationship"), data.get("identity_number")
        if not self.restricted and one:
            relationship = relationship or one.relationship
            number = number or (one.identity_number if one.identity_cipher else "")
        is_typed = data.get("relationship") or data.get("identity_number")
        if is_typed and relationship and number and is_unlike(relationship, number):
            label = Relationship(relationship).label
            words = _("「%(relationship)s」和證號的性別不同，請再看一次。沒有錯的話，再按一次按鈕就好。")
            field = "relationship" if "relationship" in self.fields else "identity_number"
            found.setdefault(field, Doubt(words % {"relationship": label}, f"{relationship} {number}"))
        return found

    def values(self):
        """What to write: only what is valid, so that an unfinished page can be put aside."""
        return {name: value for name, value in self.cleaned_data.items() if name in Applicant.FIELDS and value}

    def confirmed(self):
        """Fields that were handed back and are said to be right as they are."""
        said: list[Any] = [name for name in self.demanded if self.cleaned_data.get(f"{name}_is_right")]
        return list(Applicant.FIELDS) if said == ["all"] else said
