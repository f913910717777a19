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


class PayForm(forms.Form):
    """How to pay. `key` is of this page: sent twice, it is one payment."""

    way = forms.ChoiceField(
        label=gettext_lazy("付款方式"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇付款方式。")},
    )
    key = FreeTextField(widget=forms.HiddenInput, max_length=40)
    despite = forms.CharField(widget=forms.HiddenInput, max_length=400, required=False)

    def __init__(self, *args, amount, **kwargs):
        super().__init__(*args, **kwargs)
        self.amount = amount
        self.fields["key"].initial = get_random_string(32)
        ways = [(gateway, method) for gateway in gateways.offered() for method in gateway.methods]
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (f"{gateway.name}:{method}", self._words(gateway, method))
            for gateway, method in ways
            if gateway.takes(method, amount)
        ]
        self.refused = {
            f"{gateway.name}:{method}": self._why_not(gateway, method)
            for gateway, method in ways
            if not gateway.takes(method, amount)
        }
        if why := self.refused.get(self.data.get("way") or ""):  # offered when the page was opened
            self.fields["way"].error_messages["invalid_choice"] = why

    @staticmethod
    def _words(gateway, method):
        label = Method(method).label
        if len(gateways.offered()) == 1:
            return CHOICES.get(method, label)
        return _("%(method)s（%(gateway)s）") % {"method": label, "gateway": gateway.label}

    def _why_not(self, gateway, method):
        least, most = gateway.limits[method]
        words = _("%(way)s一次可以付 %(least)s 到 %(most)s 元，這次是 %(amount)s 元，不能用。")
        figures = {"least": f"{least:,}", "most": f"{most:,}", "amount": f"{self.amount:,}"}
        return words % {"way": self._words(gateway, method), **figures}

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
