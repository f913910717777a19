"""The cashier's forms around money. Forms clean and speak; actions write."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills.models import Bill
from billing.collection.reconciliation.profiles import PROFILES
from billing.forms import ReasonForm
from billing.payments.gateways import Method
from billing.payments.models import Refund, RefundLine
from core.fields import FreeTextField
from registry.for_pages import money

MEDIUM = {"class": "w-medium", "autocomplete": "off", "spellcheck": "false"}


class ResolveForm(ReasonForm):
    """Where money of the work list belongs."""

    what = forms.ChoiceField(
        label=gettext_lazy("處理方式"),
        choices=[
            ("bill", gettext_lazy("這筆錢是另一張繳費單的：請填銷帳編號")),
            ("refund", gettext_lazy("退還給付款人")),
            ("no_money", gettext_lazy("沒有這筆錢：付款公司或代收機構通知錯誤")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇處理方式。")},
    )
    code = FreeTextField(
        label=gettext_lazy("繳費單的銷帳編號"), max_length=40, required=False, widget=forms.TextInput(attrs=MEDIUM)
    )
    field_order = ["what", "code", "reason"]

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        self.school = school
        self.bill = None

    def clean(self):
        if self.cleaned_data.get("what") == "bill":
            bills = Bill.objects.filter(school=self.school)
            self.bill = bills.find_number(self.cleaned_data.get("code", ""))
            if self.bill is None and "code" not in self.errors:
                self.add_error("code", _("本校沒有這個銷帳編號的繳費單。"))
        return self.cleaned_data


class RefundForm(forms.Form):
    """How money goes back. A gateway takes back cards alone: what was paid with a code, on paper or here goes another way."""

    way = forms.ChoiceField(
        label=gettext_lazy("退款方式"),
        choices=Refund.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇退款方式。")},
    )
    note = FreeTextField(
        label=gettext_lazy("退款紀錄"),
        help_text=gettext_lazy("匯款單號或收據號碼。請勿填寫帳號、身分證統一編號。"),
        max_length=200,
    )

    def __init__(self, *args, refund, **kwargs):
        super().__init__(*args, **kwargs)
        payment = refund.settlement.payment
        if payment is None or payment.method != Method.CARD:
            others = [(value, words) for value, words in Refund.Way.choices if value != Refund.Way.CARD]
            self.fields["way"].choices = others  # type: ignore[attr-defined]


class ReturnedForm(ReasonForm):
    """What of a file the bank sent back. Clean: `numbers` of lines, and the bank's `reason`."""

    numbers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("銀行退回的款項"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("請勾選銀行退回的款項。")},
    )
    field_order = ["numbers", "reason"]

    def __init__(self, *args, file, **kwargs):
        super().__init__(*args, **kwargs)
        waiting = file.lines.filter(state=RefundLine.State.WAITING).order_by("number")
        self.fields["numbers"].choices = [(one.number, _line_in_words(one)) for one in _with_bills(waiting)]  # type: ignore[attr-defined]
        self.fields["reason"].label = _("銀行退回的原因")
        self.fields["reason"].help_text = _("例如「帳號錯誤」「戶名不符」「帳戶已結清」。")


def _with_bills(lines):
    return lines.select_related("refund__bill__student__school_class")


def _line_in_words(line):
    """3　301 5 王小明　3,900 元　822 ••••1234 王〇明"""
    whose = line.refund.bill.whose if line.refund.bill else _("不明")
    return f"{line.number}　{whose}　{money(line.amount)}　{line.to}"


class CollectionForm(forms.Form):
    profile = forms.ChoiceField(
        label=gettext_lazy("檔案種類"),
        choices=[(one.name, one.title) for one in PROFILES.values()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇檔案種類。")},
    )
    file = forms.FileField(
        label=gettext_lazy("代收檔"),
        help_text=gettext_lazy("代收機構或銀行提供的原檔，請勿先用其他程式開啟另存。"),
        error_messages={
            "required": gettext_lazy("請選擇檔案。"),
            "empty": gettext_lazy("這個檔案是空的，請重新選擇。"),
        },
    )
