"""Where a refund is to go: typed as it stands in the family's passbook, read as forgivingly as may be."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.payments import payee
from billing.payments.payee import Payee
from core.fields import FreeTextField, NameField
from core.text import half_width

DIGITS = re.compile(r"[0-9]+")
POST_OFFICE = 14  # 局號 7 and 帳號 7


class DigitsField(FreeTextField):
    """Digits alone, with whatever spaces and dashes a passbook has between them; the clean value has none."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "w-medium"}
        )
        super().__init__(**{"max_length": 40, "widget": widget, **kwargs})

    def to_python(self, value):
        digits = re.sub(r"[\s\-－–—]", "", half_width(super().to_python(value) or ""))
        if digits and not DIGITS.fullmatch(digits):
            raise forms.ValidationError(_("請只填數字。"))
        return digits


class PayeeForm(forms.Form):
    """`payee`: the one that is known, of whom the account is not shown again."""

    bank = DigitsField(label=gettext_lazy("銀行代碼"), help_text=gettext_lazy("3 碼，例如郵局是 700。"))
    branch = DigitsField(
        label=gettext_lazy("分行代碼"), help_text=gettext_lazy("4 碼，學校的銀行要求時才填。"), required=False
    )
    account = DigitsField(
        label=gettext_lazy("帳號"), help_text=gettext_lazy("照存摺填，不用填「-」；郵局是局號 7 碼加帳號 7 碼。")
    )
    holder = NameField(label=gettext_lazy("戶名"), help_text=gettext_lazy("要和存摺完全一樣。"))

    def clean_bank(self):
        return self._of_length("bank", payee.BANK, payee.BANK)

    def clean_branch(self):
        return self._of_length("branch", payee.BRANCH, payee.BRANCH) if self.cleaned_data["branch"] else ""

    def clean_account(self):
        number = self._of_length("account", payee.SHORTEST, payee.LONGEST)
        if not number.strip("0"):
            raise forms.ValidationError(_("帳號不會都是 0，請再看一次存摺。"))
        return number

    def _of_length(self, name, shortest, longest):
        number = self.cleaned_data[name]
        if shortest <= len(number) <= longest:
            return number
        told = {"shortest": shortest, "longest": longest, "count": len(number)}
        words = _("要有 %(longest)s 碼，您填了 %(count)s 碼。")
        if shortest != longest:
            words = _("要有 %(shortest)s 到 %(longest)s 碼，您填了 %(count)s 碼。")
        raise forms.ValidationError(words % told)

    def clean(self):
        data = self.cleaned_data
        if data.get("bank") == "700" and "account" in data and len(data["account"]) != POST_OFFICE:
            words = _("郵局的局號加帳號共 %(length)s 碼，您填了 %(count)s 碼。")
            self.add_error("account", words % {"length": POST_OFFICE, "count": len(data["account"])})
        return data

    def payee(self):
        return Payee(**self.cleaned_data)
