"""What the cashier chooses to print."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.bills.models import Bill, BillBatch
from core.fields import FreeTextField
from core.identity import may_be_in
from registry.models import SchoolClass

MOST_FOUND = 20


class SlipsForm(forms.Form):
    hide_optional = True

    batch = forms.ModelChoiceField(
        label=_("繳費批次"),
        queryset=BillBatch.objects.none(),
        empty_label=None,
        error_messages={"required": _("請選擇繳費批次。"), "invalid_choice": _("請選擇已發出的繳費批次。")},
    )
    school_class = forms.ModelChoiceField(
        label=_("班級"),
        help_text=_("一個班是一份 PDF；全校是 ZIP，每班一份 PDF。"),
        queryset=SchoolClass.objects.none(),
        empty_label=_("全校"),
        required=False,
    )

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        issued = BillBatch.objects.filter(school=school, state__in=BillBatch.PRINTABLE)
        classes = SchoolClass.objects.current().filter(school=school).in_order()
        self.fields["batch"].queryset = issued  # type: ignore[attr-defined]
        self.fields["school_class"].queryset = classes  # type: ignore[attr-defined]


class FindBillForm(forms.Form):
    """One bill, by the number under its barcode or by its student."""

    code = FreeTextField(
        label=_("銷帳編號或學號"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w-medium", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("請輸入銷帳編號或學號。")},
    )

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        self.school = school

    @property
    def found(self):
        """Bills of the school, the newest first; nothing for what looks like an ID number."""
        if not self.is_bound or not self.is_valid() or may_be_in(self.cleaned_data["code"]):
            return []
        code = self.cleaned_data["code"].replace(" ", "")
        bills = Bill.objects.filter(
            Q(write_off_number=code) | Q(virtual_account=code) | Q(student__student_number=code), school=self.school
        )
        return list(bills.exclude(state=Bill.State.DRAFT).select_related("student__school_class")[:MOST_FOUND])
