"""The cashier's settings of the collecting agent."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills import codes, virtual_accounts
from billing.bills.models import Bill, CollectingAgent
from billing.collection.agents import FIELDS, current_agent, values_of, version_of
from core.date_field import DateOfRepublicField
from core.fields import FreeTextField
from core.languages import in_chinese
from core.text import half_width

SHORT = {"class": "w-short", "autocomplete": "off", "spellcheck": "false"}
MEDIUM = {**SHORT, "class": "w-medium"}
EXAMPLE_AMOUNT, EXAMPLE_DAYS = 14_520, 14
ENOUGH = 5_000_000  # bills of a large school in a lifetime
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
    bank_rule = forms.ChoiceField(
        label=gettext_lazy("銀行虛擬帳號"),
        help_text=gettext_lazy("每張繳費單一個專用帳號，家長轉帳後自動銷帳。請選合約上的銀行和檢查方式。"),
        choices=virtual_accounts.choices,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("請選清單裡的一種。")},
    )

    hide_optional = True

    class Meta:
        model = CollectingAgent
        fields = FIELDS
        field_classes = {
            **dict.fromkeys(["collection_code", "write_off_prefix", "bank_collection_number"], CodeField),
            "bank_name": FreeTextField,
        }
        widgets = {
            "collection_code": forms.TextInput(attrs=SHORT),
            "date_layout": forms.RadioSelect,
            "write_off_prefix": forms.TextInput(attrs=MEDIUM),
            "pad_side": forms.RadioSelect,
            "store_limit": forms.NumberInput(attrs={"class": "w-medium", "inputmode": "numeric"}),
            "store_fee": forms.NumberInput(attrs={"class": "w-short", "inputmode": "numeric"}),
            "bank_name": forms.TextInput(attrs={"class": "w-long", "autocomplete": "off"}),
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
            "store_fee": gettext_lazy("由家長在超商另付的手續費，會寫在繳費單和付款頁上。學校負擔就填 0。"),
            "bank_name": gettext_lazy("印在繳費單上，例如：臺灣銀行公館分行。留空就印銀行的名稱。"),
            "bank_collection_number": gettext_lazy(
                "銀行給學校的號碼，是虛擬帳號最前面的數字，例如 700602。臺灣銀行 6 碼，中國信託和玉山 5 碼，台新 4 或 5 碼。"
            ),
        }

    def __init__(self, data=None, *, school):
        self.current = current_agent(school)
        shown = CollectingAgent(school=school, **(values_of(self.current) if self.current else {}))
        initial = {"version": version_of(self.current)}
        super().__init__(data, instance=shown, initial=initial)

    def clean(self):
        super().clean()
        if rule := virtual_accounts.RULES.get(self.cleaned_data.get("bank_rule", "")):
            self._fit_bank(rule)
        if not self.errors:
            wanted = CollectingAgent(school=self.instance.school, **self.values)
            if name := wanted.field_of_another_school:
                self.add_error(name, OF_ANOTHER[name])
        return self.cleaned_data

    def _fit_bank(self, rule):
        """The numbers of a contract with this bank."""
        if not self.cleaned_data.get("bank_name") and "bank_name" not in self.errors:
            with in_chinese():  # it is printed
                self.cleaned_data["bank_name"] = self.instance.bank_name = str(rule.bank.name)
        if "bank_collection_number" in self.errors:
            return
        number = self.cleaned_data.get("bank_collection_number", "")
        if not number:
            self.add_error("bank_collection_number", _("選了銀行虛擬帳號，這一欄也要填。"))
        elif len(number) not in rule.company:
            words = _("%(bank)s的收款編號是 %(digits)s 個數字。")
            digits = _(" 或 ").join(map(str, rule.company))
            self.add_error("bank_collection_number", words % {"bank": rule.bank.name, "digits": digits})

    @property
    def values(self):
        return {name: self.cleaned_data[name] for name in FIELDS}

    def example(self, facts):
        """A bill as it would be printed under what stands in the form; None when that can't be. `facts`: of ExampleForm."""
        if self.is_bound and not self.is_valid():
            return None
        if not self.is_bound and self.current is None:
            return None
        following = self.current.next_number if self.current else 1
        return example_of(self.instance, **{"serial": following, **facts})


class ExampleForm(forms.Form):
    """What the contract's own example is made of, to compare; empty fields are filled with something likely."""

    hide_optional = True

    example_amount = forms.IntegerField(
        label=gettext_lazy("範例的金額（元）"),
        required=False,
        min_value=1,
        max_value=999_999_999,
        widget=forms.NumberInput(attrs={"class": "w-medium", "inputmode": "numeric"}),
    )
    example_due_on = DateOfRepublicField(label=gettext_lazy("範例的期限"), required=False)
    example_serial = forms.IntegerField(
        label=gettext_lazy("範例的流水號"),
        required=False,
        min_value=1,
        max_value=999_999_999,
        widget=forms.NumberInput(attrs={"class": "w-medium", "inputmode": "numeric"}),
    )

    @property
    def facts(self):
        """Those that were typed and are sound."""
        self.is_valid()
        typed = self.cleaned_data if self.is_bound else {}
        return {name.removeprefix("example_"): value for name, value in typed.items() if value}


def example_of(agent, serial, amount=EXAMPLE_AMOUNT, due_on=None):
    """A bill that is nobody's, with the numbers that `serial` gives; none where it has no room for them."""
    due_on = due_on or timezone.localdate() + timedelta(days=EXAMPLE_DAYS)
    try:
        number, account = codes.numbers_for(agent, serial, amount, due_on)
    except virtual_accounts.OutOfNumbers:
        number = account = ""
    return Bill(
        agent=agent,
        amount=amount,
        due_on=due_on,
        state=Bill.State.ISSUED,
        write_off_number=number,
        virtual_account=account,
    )


def account_parts(bill):
    """(what it is, its digits) of each piece of an example's account; None without one."""
    if not bill.virtual_account:
        return None
    return bill.agent.rule.parts_of(bill.virtual_account, bill.agent.bank_collection_number)


def most_accounts(agent):
    """How many accounts the settings can give, in words; "" where nobody will ever need so many."""
    if agent.rule is None or len(agent.bank_collection_number) not in agent.rule.company:
        return ""
    most = agent.rule.most(agent.bank_collection_number)
    if agent.rule.day.length:
        return _("這種帳號，同一個繳費期限最多給 %(most)s 張繳費單。") % {"most": f"{most:,}"}
    if most < ENOUGH:
        return _("這種帳號總共能給 %(most)s 張繳費單。") % {"most": f"{most:,}"}
    return ""
