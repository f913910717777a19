"""What the city uploads."""

from django import forms
from django.utils.translation import gettext_lazy


class SchoolFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("學校名單"),
        help_text=gettext_lazy(
            "Excel、ODS 或 CSV。欄位：學校代碼、校名；新學校還要簡稱、網址代碼和三支電話。空白的欄位不會改變原有的資料。"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.txt,text/csv"}),
        error_messages={
            "required": gettext_lazy("請選擇名單檔案。"),
            "empty": gettext_lazy("這個檔案是空的，請重新選擇。"),
        },
    )
