"""When lessons of a batch's semester are: what refunds to who leaves are reckoned by."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.date_field import DateOfRepublicField


class TermForm(forms.Form):
    """From when to when lessons of the semester are."""

    term_from = DateOfRepublicField(
        label=gettext_lazy("學期開始上課日"),
        example="115/08/31",
        help_text=gettext_lazy("上課日之前離校，全額退費。"),
        error_messages={"required": gettext_lazy("請填日期。")},
    )
    term_to = DateOfRepublicField(
        label=gettext_lazy("學期結束日"), error_messages={"required": gettext_lazy("請填日期。")}
    )

    def clean(self):
        start, end = self.cleaned_data.get("term_from"), self.cleaned_data.get("term_to")
        if start and end and not 30 <= (end - start).days <= 366:
            self.add_error("term_to", _("學期結束日要在開始上課日之後一個月到一年之間。"))
        return self.cleaned_data
