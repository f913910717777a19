"""What the cashier chooses to print."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.bills.models import BillBatch
from registry.models import SchoolClass


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
