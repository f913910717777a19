"""How a parent pays. Forms clean and speak; actions write."""

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.payments import gateways
from billing.payments.gateways import Method
from core.fields import FreeTextField

# Where a way's name alone does not say where one goes with it.
CHOICES = {Method.STORE_CODE: gettext_lazy("超商代碼繳費（ibon、FamiPort…）")}
# What one does, and how long it takes until the bill is shown as paid. ECPay tells of barcodes about two days late.
HINTS = {
    Method.CARD: gettext_lazy("在付款頁面輸入卡號，付完馬上入帳。"),
    Method.ATM: gettext_lazy("取得專用帳號，用 ATM 或網路銀行轉帳，通常當天入帳；跨行手續費依您的銀行。"),
    Method.STORE_CODE: gettext_lazy("取得代碼，到超商的多媒體機列印單子，再到櫃檯繳；約一到兩個工作天入帳。"),
    Method.STORE_BARCODE: gettext_lazy("取得三段條碼，到超商櫃檯給店員掃描；約兩個工作天後才入帳。"),
}


class PayForm(forms.Form):
    """How to pay. `key` is of this page: sent twice, it is one payment."""

    way = forms.ChoiceField(
        label=gettext_lazy("付款方式"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇付款方式。")},
    )
    key = FreeTextField(widget=forms.HiddenInput, max_length=40)
    despite = forms.CharField(widget=forms.HiddenInput, max_length=400, required=False)

    def __init__(self, *args, amount, expires_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.amount, self.expires_on = amount, expires_on
        self.fields["key"].initial = get_random_string(32)
        choices, hints, self.refused = [], {}, {}
        for gateway in gateways.offered():
            for method in gateway.methods:
                value = f"{gateway.name}:{method}"
                if why := self._why_not(gateway, method):
                    self.refused[value] = why
                    continue
                choices.append((value, self._words(gateway, method)))
                hints[value] = self._hint(gateway, method)
        self.fields["way"].choices = choices  # type: ignore[attr-defined]
        self.fields["way"].widget.hints = hints
        if why := self.refused.get(self.data.get("way") or ""):  # offered when the page was opened
            self.fields["way"].error_messages["invalid_choice"] = why

    @staticmethod
    def _words(gateway, method):
        label = Method(method).label
        if len(gateways.offered()) == 1:
            return CHOICES.get(method, label)
        return _("%(method)s（%(gateway)s）") % {"method": label, "gateway": gateway.label}

    @staticmethod
    def _hint(gateway, method):
        words = str(HINTS[method])
        if fee := gateway.fees.get(method):
            words += _("另付手續費 %(fee)s 元。") % {"fee": f"{fee:,}"}
        return words

    def _why_not(self, gateway, method):
        """Why this way is not offered; "" where it is."""
        way = {"way": self._words(gateway, method)}
        if not gateway.takes(method, self.amount):
            least, most = gateway.limits[method]
            words = _("%(way)s一次可以付 %(least)s 到 %(most)s 元，這次是 %(amount)s 元，不能用。")
            figures = {"least": f"{least:,}", "most": f"{most:,}", "amount": f"{self.amount:,}"}
            return words % {**way, **figures}
        if not gateway.ends_by(method, self.expires_on):
            return _("%(way)s來不及在繳費期限前完成，不能用。") % way
        return ""

    def renew_key(self):
        """The page is to be shown again for what is another payment."""
        self.data = {**self.data.dict(), "key": get_random_string(32)}  # type: ignore[attr-defined]

    @property
    def chosen(self):
        """(gateway, method)"""
        return self.cleaned_data["way"].split(":")

    @property
    def warned_of(self):
        """Keys, not references: an attempt of the other parent is of no concern to this one."""
        return [int(one) for one in self.cleaned_data["despite"].split() if one.isascii() and one.isdigit()]
