"""The cashier's settings of the collecting agent."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills import codes
from billing.bills.models import Bill, CollectingAgent
from billing.collection.agents import FIELDS, current_agent, values_of, version_of
from core.fields import FreeTextField
from core.text import half_width

SHORT = {"class": "w-short", "autocomplete": "off", "spellcheck": "false"}
MEDIUM = {**SHORT, "class": "w-medium"}
EXAMPLE_AMOUNT, EXAMPLE_DAYS = 14_520, 14
OF_ANOTHER = {
    "bank_collection_number": gettext_lazy(
        "這個收款編號是另一所學校的，款項會入錯學校。請確認合約；如果沒有填錯，請聯絡網路中心。"
    ),
    "write_off_prefix": gettext_lazy(
        "另一所學校也用這個代收代號和前碼，銷帳編號會重複。請填代收機構給本校的前碼；如果沒有填錯，請聯絡網路中心。"
    ),
}


class CodeField(FreeTextField):
    """Letters and digits of a contract; clean value half width, capitals, without spaces."""

    def to_python(self, value):
        return "".join(half_width(super().to_python(value) or "").split()).upper()


class AgentForm(forms.ModelForm):
    version = forms.CharField(widget=forms.HiddenInput, max_length=60)

    hide_optional = True

    class Meta:
        model = CollectingAgent
        fields = FIELDS
        field_classes = {
            **dict.fromkeys(["collection_code", "write_off_prefix", "bank_code", "bank_collection_number"], CodeField),
            "bank_name": FreeTextField,
        }
        widgets = {
            "collection_code": forms.TextInput(attrs=SHORT),
            "date_layout": forms.RadioSelect,
            "write_off_prefix": forms.TextInput(attrs=MEDIUM),
            "pad_side": forms.RadioSelect,
            "store_limit": forms.NumberInput(attrs={"class": "w-medium", "inputmode": "numeric"}),
            "bank_rule": forms.RadioSelect,
            "bank_name": forms.TextInput(attrs={"class": "w-long", "autocomplete": "off"}),
            "bank_code": forms.TextInput(attrs={**SHORT, "inputmode": "numeric"}),
            "bank_collection_number": forms.TextInput(attrs={**MEDIUM, "inputmode": "numeric"}),
        }
        help_texts = {
            "collection_code": gettext_lazy(
                "代收機構給學校的三碼，例如 627，印在第一段條碼最後。沒有委託超商代收就留空，繳費單不印三段條碼。"
            ),
            "date_layout": gettext_lazy("第三段條碼最前面的四碼。各代收機構不同，請照合約或測試單上的說明。"),
            "write_off_prefix": gettext_lazy(
                "最多八個英文大寫字母或數字，例如 AIIN。第二段條碼是前碼加流水號；有銀行虛擬帳號時不用前碼，第二段就是虛擬帳號。"
            ),
            "pad_side": gettext_lazy("第二段條碼固定 16 碼。不足時 0 補在哪一邊，也請照合約。"),
            "store_limit": gettext_lazy("通常是 20000。金額超過的繳費單不印超商條碼，只印銀行帳號。"),
            "bank_rule": gettext_lazy("每張繳費單一個專用帳號，家長轉帳後自動銷帳。"),
            "bank_name": gettext_lazy("印在繳費單上，例如：臺灣銀行公館分行。"),
            "bank_code": gettext_lazy("ATM 轉帳用的三個數字，例如 004。"),
            "bank_collection_number": gettext_lazy("銀行給學校的六個數字，是虛擬帳號的前六碼，例如 700602。"),
        }

    def __init__(self, data=None, *, school):
        self.current = current_agent(school)
        shown = CollectingAgent(school=school, **(values_of(self.current) if self.current else {}))
        initial = {"version": version_of(self.current)}
        super().__init__(data, instance=shown, initial=initial)

    def clean(self):
        super().clean()
        if self.cleaned_data.get("bank_rule"):
            for name in ("bank_name", "bank_code", "bank_collection_number"):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, _("選了銀行虛擬帳號，這一欄也要填。"))
        if not self.errors:
            wanted = CollectingAgent(school=self.instance.school, **self.values)
            if name := wanted.field_of_another_school:
                self.add_error(name, OF_ANOTHER[name])
        return self.cleaned_data

    @property
    def values(self):
        return {name: self.cleaned_data[name] for name in FIELDS}

    @property
    def example(self):
        """A bill as it would be printed under what stands in the form; None when that can't be."""
        if self.is_bound and not self.is_valid():
            return None
        if not self.is_bound and self.current is None:
            return None
        serial = self.current.next_number if self.current else 1
        return example_of(self.instance, serial)


def example_of(agent, serial):
    """A bill that is nobody's, with the numbers that `serial` gives."""
    number, account = codes.numbers_for(agent, serial, EXAMPLE_AMOUNT)
    return Bill(
        agent=agent,
        amount=EXAMPLE_AMOUNT,
        due_on=timezone.localdate() + timedelta(days=EXAMPLE_DAYS),
        state=Bill.State.ISSUED,
        write_off_number=number,
        virtual_account=account,
    )
