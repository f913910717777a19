"""On which a cashier says what the columns of a table of charges are for."""

from django import forms
from django.utils.translation import gettext as _

from billing.bills.charges import ASK, Kind, total_of, with_kinds, wrong_totals
from core.languages import labelled


class ColumnsForm(forms.Form):
    """What each column of a table of charges is for; `columns` and `lines` as billing.charges reads them."""

    def __init__(self, data=None, *, columns, lines):
        super().__init__(data)
        self.columns, self.lines = columns, lines
        for n, column in enumerate(columns):
            choices: list = list(Kind.choices)
            if column.is_text:  # its amounts, if there are any, were not read
                choices = [(Kind.UNUSED, Kind.UNUSED.label)]
            elif column.kind == ASK:
                choices.insert(0, (ASK, _("請選擇")))
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=_("「%(title)s」的用途") % {"title": column.title},
                choices=choices,
                initial=column.kind,
                error_messages={"required": _("請選擇這一欄的用途。")},
            )
        self.fields["looked"] = forms.BooleanField(
            label=_("我確認過每一欄的用途"), error_messages={"required": _("請看過每一欄的用途，再勾選這一項。")}
        )

    @property
    def rows(self):
        """[(column, its field, what a total's check says)]"""
        chosen = with_kinds(self.columns, [self[f"kind_{n}"].value() for n in range(len(self.columns))])
        return [(column, self[f"kind_{n}"], self._check(chosen, n)) for n, column in enumerate(self.columns)]

    def _check(self, chosen, n):
        if chosen[n].kind != Kind.TOTAL or not chosen[n].filled:
            return ""
        if not (wrong := wrong_totals(chosen, self.lines, n)):
            return _("每一列都等於各項相加。")
        return labelled(wrong[0].where) + wrong[0].reason

    @property
    def total(self):
        """Whole dollars of all bills by what is chosen now; None while something is to be chosen."""
        chosen = [self[f"kind_{n}"].value() for n in range(len(self.columns))]
        return total_of(with_kinds(self.columns, chosen), self.lines)

    @property
    def kinds(self):
        return [self.cleaned_data[f"kind_{n}"] for n in range(len(self.columns))]
