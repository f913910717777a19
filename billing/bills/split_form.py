"""A bill in instalments: how many, how much and until when each; looked at before it is done."""

import calendar
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills import instalments
from billing.bills.charges import dollars
from billing.bills.forms import DueDateField
from billing.forms import ReasonForm
from core.fields import FreeTextField
from core.formats import roc_short
from core.spreadsheets import tidy
from registry.for_pages import dollars as grouped

SHORT = {"class": "w-short", "autocomplete": "off", "inputmode": "numeric"}


class JoinForm(ReasonForm):
    """The parts become one bill again, until a day."""

    due_on = DueDateField()
    field_order = ["due_on", "reason"]


class SplitForm(ReasonForm):
    """`plan`: (dollars, last day, items) of each part once all is right; also of what is proposed to begin with."""

    count = forms.TypedChoiceField(
        label=gettext_lazy("分成幾期"),
        choices=[(n, gettext_lazy("%d 期") % n) for n in range(instalments.FEWEST, instalments.MOST + 1)],
        coerce=int,
    )

    def __init__(self, data=None, *, bill):
        super().__init__(data.copy() if data else None)
        self.typed: Any = self.data  # a copy: what was laid out anew is written into it
        self.bill, self.items = bill, instalments.items_of(bill)
        self.fields["count"].initial = 3 if bill.amount >= 3 else instalments.FEWEST
        self.fields["reason"].help_text = _("會留在紀錄裡，例如「家長申請分期，校長核可」。")
        self.wanted = self._wanted()
        self.is_laid_anew = data is not None and self.typed.get("laid") != str(self.wanted)
        self.fields["reason"].required = not (self.is_laid_anew or "reckon" in (data or ()))
        proposed = self._proposed()
        for n, (amount, due_on) in enumerate(proposed):
            self._add_part(n, str(amount), roc_short(due_on))
        self.plan = [] if data is not None else self._with_items(proposed)

    def _add_part(self, n, amount, due_on):
        self.fields[f"amount_{n}"] = FreeTextField(
            label=_("第 %(number)d 期的金額") % {"number": n + 1}, max_length=20, initial=amount,
            widget=forms.TextInput(attrs=SHORT), error_messages={"required": _("請填金額。")},
        )  # fmt: skip
        day = DueDateField(initial=due_on)
        day.label, day.help_text = _("第 %(number)d 期的繳費期限") % {"number": n + 1}, ""
        self.fields[f"due_{n}"] = day
        if self.is_laid_anew:
            self.typed[f"amount_{n}"], self.typed[f"due_{n}"] = amount, due_on

    def _wanted(self):
        """How many parts the page asks for."""
        typed = self.typed.get("count", "") if self.is_bound else ""
        if typed.isascii() and typed.isdigit() and instalments.FEWEST <= int(typed) <= instalments.MOST:
            return int(typed)
        return self.fields["count"].initial

    def _proposed(self):
        """Even amounts, a month apart; the first until the bill's own last day, if that is not over."""
        first = max(self.bill.due_on, timezone.localdate())
        return [(one, months_after(first, n)) for n, one in enumerate(instalments.even(self.bill.amount, self.wanted))]

    @property
    def rows(self):
        return [(n + 1, self[f"amount_{n}"], self[f"due_{n}"]) for n in range(self.wanted)]

    @property
    def parts(self):
        return [(amount, due_on) for amount, due_on, _items in self.plan]

    def clean(self):
        data = super().clean() or self.cleaned_data
        amounts = [self._dollars(n, data) for n in range(self.wanted)]
        days = [data.get(f"due_{n}") for n in range(self.wanted)]
        for n, (before, day) in enumerate(zip(days, days[1:], strict=False), start=1):
            if before and day and day <= before:
                self.add_error(f"due_{n}", _("繳費期限要在前一期之後。"))
        if None in amounts or None in days:
            return data
        if sum(amounts) != self.bill.amount:
            words = _("各期相加是 %(sum)s 元，和這張繳費單的 %(amount)s 元不同。")
            words %= {"sum": grouped(sum(amounts)), "amount": grouped(self.bill.amount)}
            self.add_error("amount_0", words)
        elif not any(name.startswith(("amount_", "due_")) for name in self.errors):
            self.plan = self._with_items(list(zip(amounts, days, strict=True)))
        return data

    def _dollars(self, n, data):
        """Whole dollars above nothing; None where it is said what is wrong."""
        name = f"amount_{n}"
        if name in self.errors:
            return None
        try:
            amount = dollars(tidy(data.get(name) or ""))
        except forms.ValidationError as error:
            return self.add_error(name, error)
        if not amount or amount < 1:
            return self.add_error(name, _("每一期至少 1 元。"))
        return amount

    def _with_items(self, parts):
        if any(amount < 1 for amount, _day in parts):
            return []
        shares = instalments.share_out(self.items, [amount for amount, _day in parts])
        return [(amount, day, items) for (amount, day), items in zip(parts, shares, strict=True)]


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
