"""What the registrar fills in from a written mandate."""

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.actions.delegation import givers_of, latest_end
from binding.desk.forms import DocumentField
from binding.models.delegation import CARERS, Delegation
from binding.models.relationship import Relationship
from core import crypto
from core.asking import AsksAboutEmails
from core.date_field import DateOfRepublicField
from core.fields import EmailAddressField, MobileField, NameField
from core.formats import roc_date
from registry.fields import IdentityNumberField


class MandateForm(forms.Form):
    """From when to when, and the paper."""

    starts_on = DateOfRepublicField(label=gettext_lazy("委託開始日"))
    ends_on = DateOfRepublicField(
        label=gettext_lazy("委託結束日"),
        help_text=format_lazy(gettext_lazy("含當日，最長 {years} 年；到期自動結束。"), years=Delegation.YEARS),
    )
    document = DocumentField(label=gettext_lazy("委託書"))

    def clean(self):
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if ends and ends < timezone.localdate():
            self.add_error("ends_on", _("結束日不能在今天之前。"))
        elif ends and starts and ends < starts:
            self.add_error("ends_on", _("結束日不能早於開始日。"))
        elif ends and starts and ends > latest_end(starts):
            words = _("委託最長 %(years)d 年，最晚到 %(day)s；期滿前可以用新的委託書延長。")
            facts = {"years": Delegation.YEARS, "day": roc_date(latest_end(starts))}
            self.add_error("ends_on", words % facts)
        return data


class DelegationForm(AsksAboutEmails, MandateForm):
    """Who gives the mandate to whom."""

    giver = forms.ChoiceField(
        label=gettext_lazy("委託人（學校登錄的監護人或已綁定的家長）"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇委託人。")},
    )
    name = NameField(
        label=gettext_lazy("照顧者姓名"),
        help_text=gettext_lazy("請與身分證或居留證上的姓名相同。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w-medium"}),
    )
    relationship = forms.ChoiceField(
        label=gettext_lazy("照顧者是學生的"),
        choices=[(one, one.label) for one in CARERS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇照顧者與學生的關係。")},
    )
    identity_number = IdentityNumberField(label=gettext_lazy("照顧者的身分證統一編號"))
    mobile = MobileField(label=gettext_lazy("照顧者的手機"))
    email = EmailAddressField(
        label=gettext_lazy("照顧者的電子郵件"),
        help_text=gettext_lazy("這就是照顧者登入的帳號；已有帳號的人仍用原來的。"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "w-long"}),
    )
    field_order = [
        "giver", "name", "relationship", "identity_number", "mobile", "email", "starts_on", "ends_on", "document",
    ]  # fmt: skip

    def __init__(self, *args, student, **kwargs):
        super().__init__(*args, **kwargs)
        self.student = student
        self.givers = {one.key: one for one in givers_of(student)}
        self.fields["giver"].choices = [(one.key, one.name) for one in self.givers.values()]  # type: ignore[attr-defined]

    def clean_identity_number(self):
        number = self.cleaned_data["identity_number"]
        if crypto.fingerprint(number) == self.student.identity_fingerprint:
            raise forms.ValidationError(_("這是學生的證號，請填寫照顧者本人的證號。"))
        return number

    def values(self):
        """Arguments of `binding.actions.delegation.delegate`."""
        data = self.cleaned_data
        person = ("name", "identity_number", "mobile", "email")
        return {
            "giver": self.givers[data["giver"]],
            "person": {field: data[field] for field in person} | {"relationship": Relationship(data["relationship"])},
            **{field: data[field] for field in ("starts_on", "ends_on", "document")},
        }
