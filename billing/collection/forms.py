"""The cashier's forms around money. Forms clean and speak; actions write."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills.models import Bill
from billing.collection.reconciliation.profiles import PROFILES
from billing.forms import ReasonForm
from billing.ledger.models import Account
from billing.payments.models import Refund, Settlement
from core import identity
from core.fields import FreeTextField
from core.text import half_width

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


class CashForm(forms.Form):
    """Money at the counter, for a bill that the page shows."""

    account = forms.ChoiceField(
        label=gettext_lazy("收款方式"),
        choices=[(Account.CASH, gettext_lazy("現金")), (Account.BANK, gettext_lazy("匯款（已入帳）"))],
        widget=forms.RadioSelect,
        initial=Account.CASH,
    )
    receipt = forms.CharField(  # one that looks like an ID number is asked about, see `_questions`
        label=gettext_lazy("收據號碼"),
        help_text=gettext_lazy("學校收據本上的號碼，或匯款的序號。同一個號碼對這張繳費單只會登記一次。"),
        max_length=30,
        widget=forms.TextInput(attrs=MEDIUM),
    )

    def __init__(self, *args, bill, **kwargs):
        super().__init__(*args, **kwargs)
        self.bill = bill

    def clean_receipt(self):
        return "".join(half_width(self.cleaned_data["receipt"]).split())

    def clean(self):
        """Ask about a number that may be a slip of the pen; the answer holds for this number alone."""
        receipt = self.cleaned_data.get("receipt")
        questions = self._questions(receipt) if receipt else []
        box = forms.CheckboxSelectMultiple()
        if questions and receipt not in (box.value_from_datadict(self.data, self.files, "sure") or ()):
            self.fields["sure"] = forms.MultipleChoiceField(
                label=_("請確認收據號碼"),
                choices=[(receipt, _("號碼「%(receipt)s」沒有寫錯") % {"receipt": receipt})],
                widget=box,
                required=False,
            )
            for question in questions:
                self.add_error("receipt", question)
        return self.cleaned_data

    def _questions(self, receipt):
        if identity.is_in(receipt):
            return [_("這個號碼像是身分證字號，會留在入帳紀錄中。如果真的是收據號碼，請在下面勾選後再送出。")]
        used = Settlement.objects.at_the_counter(self.bill.school, receipt).exclude(bill=self.bill)
        if other := used.select_related("bill__student").order_by("-pk").first():
            words = _(
                "收據 %(receipt)s 已經登記在 %(student)s「%(title)s」。同一張收據收了兩張繳費單才勾選下面的確認。"
            )
            return [words % {"receipt": receipt, "student": other.bill.student.name, "title": other.bill.title}]
        return []


class RefundForm(forms.Form):
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
