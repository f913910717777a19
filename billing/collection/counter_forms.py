"""What a cashier fills in at the counter: money for bills, a correction, numbers of receipts that were spoilt."""

from typing import Any

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills.charges import dollars
from billing.bills.models import Bill
from billing.collection import receipts
from billing.forms import ReasonForm
from billing.ledger.models import Account
from core import identity
from core.fields import FreeTextField
from core.spreadsheets import tidy
from core.text import half_width
from registry.for_pages import dollars as grouped

MEDIUM = {"class": "w-medium", "autocomplete": "off", "spellcheck": "false"}
SHORT = {"class": "w-short", "autocomplete": "off", "inputmode": "numeric"}
MOST_BILLS = 30


def account_field():
    return forms.ChoiceField(
        label=gettext_lazy("收款方式"),
        choices=[(Account.CASH, gettext_lazy("現金")), (Account.BANK, gettext_lazy("匯款（已入帳）"))],
        widget=forms.RadioSelect,
        initial=Account.CASH,
    )


class HasReceipt(forms.Form):
    """A number of the receipt book, or of a transfer; one that looks like an ID number is asked about."""

    receipt = forms.CharField(
        label=gettext_lazy("收據號碼"),
        help_text=gettext_lazy("學校收據冊上的號碼，每個號碼只能用一次；匯款請填匯款的序號。"),
        max_length=30,
        widget=forms.TextInput(attrs=MEDIUM),
    )

    def clean_receipt(self):
        return "".join(half_width(self.cleaned_data["receipt"]).split())

    def ask_about_receipt(self, school, count):
        """Say what is wrong with the number; ask about one that may be a slip of the pen."""
        receipt = self.cleaned_data.get("receipt")
        if not receipt:
            return
        if self.cleaned_data.get("account") == Account.CASH:
            try:
                first = receipts.read_number(receipt)
            except receipts.NoNumber:
                self.add_error("receipt", _("收據號碼最後要有數字，例如 A0012。"))
                return
            if taken := receipts.taken_among(school, first, count):
                self.refuse(taken)
        box = forms.CheckboxSelectMultiple()
        sure = box.value_from_datadict(self.data, self.files, "sure") or ()
        if identity.is_in(receipt) and receipt not in sure:
            self.fields["sure"] = forms.MultipleChoiceField(
                label=_("請確認收據號碼"),
                choices=[(receipt, _("號碼「%(receipt)s」沒有寫錯") % {"receipt": receipt})],
                widget=box,
                required=False,
            )
            words = _("這個號碼像是身分證字號，會留在入帳紀錄中。如果真的是收據號碼，請在下面勾選後再送出。")
            self.add_error("receipt", words)

    def refuse(self, taken):
        """The number was handed out or is void: say of whom, and which one is free."""
        if taken.payment_id and taken.state == taken.State.USED:
            bill = Bill.objects.filter(settlements__counter=taken.payment_id).select_related("student").first()
            words = _("收據 %(receipt)s 已經登記在 %(student)s「%(title)s」。下一個號碼是 %(next)s。")
            about = {"student": bill.student.name, "title": bill.title} if bill else {"student": "", "title": ""}
        else:
            words = _("收據 %(receipt)s 已經作廢（%(reason)s）。下一個號碼是 %(next)s。")
            about = {"reason": taken.void_reason}
        told = {"receipt": taken.written, "next": receipts.next_number(taken.school), **about}
        self.add_error("receipt", words % told)


class CashForm(HasReceipt):
    """Money for one bill or several that the page shows. `total` is the sum that the page told."""

    bills = forms.MultipleChoiceField(
        label=gettext_lazy("一起收的繳費單"), widget=forms.CheckboxSelectMultiple, required=False
    )
    account = account_field()
    one_each = forms.ChoiceField(
        label=gettext_lazy("收據"),
        choices=[("", gettext_lazy("一張收據，列出每一張繳費單")), ("each", gettext_lazy("每張繳費單一張，號碼接續"))],
        widget=forms.RadioSelect,
        required=False,
    )
    given = FreeTextField(
        label=gettext_lazy("實收現金（選填）"),
        help_text=gettext_lazy("填了會算出要找多少錢。"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=SHORT),
    )
    key = FreeTextField(max_length=40, required=False, widget=forms.HiddenInput)
    total = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["bills", "account", "given", "receipt", "one_each"]

    def __init__(self, data=None, *, bill, others=(), ticked=()):
        super().__init__(data.copy() if data else None)
        self.typed: Any = self.data  # a copy: the sum of what is ticked is written into it
        self.bill = bill
        self.offered = {one.pk: one for one in (bill, *others)}
        self.fields["key"].initial = get_random_string(20)
        self.fields["receipt"].initial = receipts.next_number(bill.school)
        self.fields["total"].initial = sum(self.offered[pk].amount for pk in {bill.pk, *ticked})
        if others:
            boxes: Any = self.fields["bills"]
            boxes.choices = [(str(one.pk), _label(one)) for one in self.offered.values()]
            self.fields["bills"].initial = [str(pk) for pk in (bill.pk, *ticked)]
        else:
            del self.fields["bills"], self.fields["one_each"]

    def clean_given(self):
        amount = dollars(tidy(self.cleaned_data["given"]))
        return amount if amount is None or amount > 0 else None

    def clean(self):
        data = self.cleaned_data
        keys = [int(one) for one in data.get("bills") or ()] if "bills" in self.fields else [self.bill.pk]
        data["chosen"] = [self.offered[key] for key in keys]
        if not keys and "bills" not in self.errors:
            self.add_error("bills", _("請勾選要收的繳費單。"))
        total = sum(one.amount for one in data["chosen"])
        told = data.get("total")
        if "bills" in self.fields and keys and total != told:
            words = _("合計改為 %(total)s 元，請確認後再按一次。")
            self.add_error("bills", words % {"total": grouped(total)})
        data["total"] = total
        if self.is_bound:
            self.typed["total"] = str(total)
        if data.get("account") != Account.CASH:
            data["given"] = None
        if data.get("given") is not None and data["given"] < total:
            words = _("實收現金不夠，還差 %(amount)s 元。")
            self.add_error("given", words % {"amount": grouped(total - data["given"])})
        self.ask_about_receipt(self.bill.school, len(keys) if data.get("one_each") else 1)
        return data

    @property
    def shown_total(self):
        """What the button says."""
        return int(self.data["total"]) if self.is_bound and self.data.get("total", "").isdecimal() else (
            self.fields["total"].initial
        )  # fmt: skip


def _label(bill):
    return f"{bill.whose}　{bill.title}　{grouped(bill.amount)}"


NONE, SAME, OTHER = "none", "same", "other"


class CorrectForm(HasReceipt, ReasonForm):
    """What was wrong about money at the counter, and what is right."""

    what = forms.ChoiceField(
        label=gettext_lazy("正確的情形"),
        choices=[
            (NONE, gettext_lazy("沒有收這筆錢：只沖正，繳費單回到待繳費")),
            (SAME, gettext_lazy("繳費單沒錯，收款方式或收據號碼登記錯了")),
            (OTHER, gettext_lazy("是別張繳費單的錢")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇正確的情形。")},
    )
    codes = FreeTextField(
        label=gettext_lazy("正確繳費單的銷帳編號"),
        help_text=gettext_lazy("幾張一起收的，用空白分開。"),
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs=MEDIUM),
    )
    account = account_field()
    field_order = ["what", "codes", "account", "receipt", "reason"]

    def __init__(self, data=None, *, payment, bills):
        super().__init__(data)
        self.payment, self.bills = payment, list(bills)
        self.fields["account"].initial = payment.account
        self.fields["account"].required = False
        self.fields["receipt"].required = False
        self.fields["receipt"].initial = receipts.next_number(payment.school)
        self.fields["receipt"].label = _("新的收據號碼")
        self.fields["receipt"].help_text = _("原來的收據會作廢，請向家長收回；沒有收錢的不用填。")

    def clean(self):
        data = self.cleaned_data
        if data.get("what") == OTHER:
            self.bills = self._bills_of(data.get("codes", ""))
        if data.get("what") in (SAME, OTHER):
            data["account"] = data.get("account") or self.payment.account
            if not data.get("receipt") and "receipt" not in self.errors:
                self.add_error("receipt", _("請填新的收據號碼。"))
            count = len(self.bills) if self.payment.receipts.count() > 1 else 1
            self.ask_about_receipt(self.payment.school, count)
        return data

    def _bills_of(self, typed):
        found = []
        for code in typed.replace("、", " ").replace(",", " ").split()[:MOST_BILLS]:
            bill = Bill.objects.filter(school=self.payment.school).find_number(code)
            if bill is None:
                self.add_error("codes", _("本校沒有銷帳編號 %(code)s 的繳費單。") % {"code": code})
            elif bill not in found:
                found.append(bill)
        if not found and "codes" not in self.errors:
            self.add_error("codes", _("請填正確繳費單的銷帳編號。"))
        return found


class SpoiltForm(ReasonForm):
    """Numbers of the receipt book that were never handed out."""

    first = FreeTextField(label=gettext_lazy("收據號碼"), max_length=30, widget=forms.TextInput(attrs=MEDIUM))
    count = forms.IntegerField(
        label=gettext_lazy("張數"), min_value=1, max_value=receipts.MOST, initial=1,
        widget=forms.NumberInput(attrs=SHORT),
    )  # fmt: skip
    field_order = ["first", "count", "reason"]

    def __init__(self, data=None, *, school):
        super().__init__(data)
        self.fields["first"].initial = receipts.next_number(school)
        self.fields["reason"].help_text = _("會留在紀錄裡，例如「印壞」「撕破」。")

    def clean_first(self):
        try:
            return receipts.read_number(self.cleaned_data["first"])
        except receipts.NoNumber:
            raise forms.ValidationError(_("收據號碼最後要有數字，例如 A0012。")) from None
