"""How much of a paid bill goes back: by the day on which the student left, all of it, or what the cashier types."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills import refund_shares
from billing.bills.charges import dollars
from core.date_field import DateOfRepublicField
from core.fields import FreeTextField
from core.formats import roc_date, roc_short
from core.spreadsheets import tidy
from registry.for_pages import dollars as grouped
from registry.models import StudentChange

LEFT, WRONG, OTHER = "left", "wrong", "other"
SHORT = {"class": "w-short", "autocomplete": "off", "inputmode": "numeric"}


class GiveBackForm(forms.Form):
    """Reckons first: `amount` is asked to be seen before it is put down."""

    ground = forms.ChoiceField(
        label=gettext_lazy("退費原因"),
        choices=[
            (LEFT, gettext_lazy("退學、轉學或離校：依離校日期，按學期已經過的時間退")),
            (WRONG, gettext_lazy("不該收：所選項目全部退還")),
            (OTHER, gettext_lazy("其他：自己填金額")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("請選擇退費原因。")},
    )
    left_on = DateOfRepublicField(label=gettext_lazy("離校日期"), required=False)
    items = forms.MultipleChoiceField(
        label=gettext_lazy("要退的項目"), widget=forms.CheckboxSelectMultiple, required=False
    )
    amount = FreeTextField(
        label=gettext_lazy("退費金額（元）"),
        help_text=gettext_lazy("可以先按「試算」，再依學校規定修改。"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=SHORT),
    )
    note = FreeTextField(label=gettext_lazy("說明"), max_length=120, required=False)

    def __init__(self, data=None, *, bill):
        super().__init__(data.copy() if data else None)
        self.typed: Any = self.data  # a copy: what was reckoned is written into it
        self.bill = bill
        self.reckoned = None
        rows = list(bill.items.all())
        self.amounts = {str(one.pk): one.amount for one in rows}
        items: Any = self.fields["items"]
        items.choices = [(str(one.pk), f"{one.name}　{grouped(one.amount)}") for one in rows]
        self.fields["items"].initial = list(self.amounts)
        self.fields["ground"].initial = LEFT if bill.has_left or bill.is_leaving else None
        self.fields["left_on"].initial = self._day_of_leaving()

    def _day_of_leaving(self):
        if not (self.bill.has_left or self.bill.is_leaving):
            return ""
        moves = StudentChange.objects.filter(student=self.bill.student_id, cause=StudentChange.Cause.MOVE)
        last = moves.order_by("-pk").first()
        return roc_short(timezone.localdate(last.at)) if last else ""

    def clean_amount(self):
        try:
            amount = dollars(tidy(self.cleaned_data["amount"]))
        except forms.ValidationError as error:
            raise forms.ValidationError(error.messages) from None
        if amount is not None and not 0 < amount <= self.bill.refundable:
            words = _("最多可以退 %(most)s 元。")
            raise forms.ValidationError(words % {"most": grouped(self.bill.refundable)})
        return amount

    def clean(self):
        data = self.cleaned_data
        ground = data.get("ground")
        if ground and not self.errors:
            self.reckoned = self._reckon(ground, data)
        if "reckon" in self.data and self.reckoned is not None:
            self.typed["amount"] = str(self.reckoned)
        elif not self.errors and data.get("amount") is None:
            self._ask_for_amount()
        return data

    def _reckon(self, ground, data):
        """Whole dollars, never more than can go back; None where somebody must type them."""
        chosen = [self.amounts[one] for one in data.get("items") or ()]
        if ground == OTHER:
            return None
        if not chosen:
            return self.add_error("items", _("請選擇要退的項目。"))
        share = refund_shares.ALL
        if ground == LEFT:
            if not data.get("left_on"):
                return self.add_error("left_on", _("請填離校日期。"))
            try:
                share = refund_shares.share_of(self.bill.batch, data["left_on"])
            except refund_shares.NoTerm:
                if data.get("amount") is None:
                    self.add_error("ground", _("這一批還沒有填學期的上課日期，不能試算。請先填寫，或自己填金額。"))
                return None
            self.share = share
        return min(refund_shares.part_of(chosen, share), self.bill.refundable)

    def _ask_for_amount(self):
        if self.reckoned is None:
            self.add_error("amount", _("請填退費金額。"))
        elif not self.reckoned:
            self.add_error("amount", _("依離校日期，這張繳費單不用退費。仍要退的話請填金額。"))
        else:
            self.typed["amount"] = str(self.reckoned)
            self.add_error("amount", _("試算是 %(amount)s 元，請確認後再送出。") % {"amount": grouped(self.reckoned)})

    @property
    def why(self):
        """What stands in the list of refunds."""
        data = self.cleaned_data
        words = {LEFT: _("學生離校（%(day)s）"), WRONG: _("不該收的項目"), OTHER: _("其他原因")}[data["ground"]]
        if data["ground"] == LEFT:
            words %= {"day": roc_date(data["left_on"]) if data.get("left_on") else _("日期未填")}
            share = getattr(self, "share", None)
            if share is not None and data["amount"] == self.reckoned:
                words += _("，退 %(share)s") % {"share": refund_shares.in_words(share)}
        return f"{words}　{data['note']}".strip("　")[:200]
