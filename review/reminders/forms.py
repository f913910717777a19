"""What registrars and homeroom teachers type about deadlines and reminders."""

import re
import unicodedata
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.date_field import DateOfRepublicField
from core.fields import FreeTextField
from core.formats import roc_date
from core.languages import joined
from review.reminders.models import MOST_DAYS, MOST_RUNGS, ReminderSlipBatch

LONGEST = 180  # days that a deadline may lie ahead of an extension's day of granting


class RungsField(forms.CharField):
    """Days before the deadline, typed in any way: 14、7、2. Clean value: whole numbers, the furthest first."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"class": "w-medium", "autocomplete": "off", "inputmode": "text"})
        super().__init__(**{"max_length": 60, "widget": widget, **kwargs})

    def prepare_value(self, value):
        return joined(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value):
        words = re.split(
            r"[\s,;/、，。]+", unicodedata.normalize("NFKC", super().to_python(value) or "").strip(" ,;/、，。")
        )
        if words == [""]:
            return []
        if not all(re.fullmatch(r"\d{1,3}", word, re.ASCII) for word in words):
            raise forms.ValidationError(_("請只寫天數，用頓號分開，例如 14、7、2。"))
        return sorted(set(map(int, words)), reverse=True)

    def validate(self, value):
        super().validate(value)
        if len(value) > MOST_RUNGS:
            raise forms.ValidationError(_("最多 %(limit)d 個日子。") % {"limit": MOST_RUNGS})
        if not all(1 <= days <= MOST_DAYS for days in value):
            raise forms.ValidationError(_("每個天數要在 1 到 %(limit)d 之間。") % {"limit": MOST_DAYS})


class LadderForm(forms.Form):
    """The school's deadline and its ladder."""

    hide_optional = True

    deadline = DateOfRepublicField(
        label=gettext_lazy("綁定截止日"),
        help_text=gettext_lazy("含當日。家長在登入頁和辦理進度上看得到；清空就是沒有截止日，也不會提醒。"),
        required=False,
    )
    days = RungsField(
        label=gettext_lazy("截止日前幾天提醒"),
        help_text=format_lazy(
            gettext_lazy("用頓號分開，最多 {rungs} 個，每個 1 到 {days} 天，例如 14、7、2。"),
            rungs=MOST_RUNGS,
            days=MOST_DAYS,
        ),
        error_messages={"required": gettext_lazy("請至少寫一個天數，例如 7。")},
    )

    def __init__(self, *args, current=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.current = current

    def clean_deadline(self):
        day = self.cleaned_data["deadline"]
        if day and day != self.current and day < timezone.localdate():
            raise forms.ValidationError(_("這一天已經過了，請選擇今天或以後的日期。"))
        return day


class ExtensionForm(forms.Form):
    """More time for a class or a student; `base` is the date that holds without it."""

    until = DateOfRepublicField(
        label=gettext_lazy("延到哪一天"),
        help_text=gettext_lazy("含當日。"),
        error_messages={"required": gettext_lazy("請選擇日期。")},
    )
    reason = FreeTextField(
        label=gettext_lazy("原因"),
        help_text=gettext_lazy("只有學校看得到，例如：家長出國。請不要寫證號。"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, base, **kwargs):
        super().__init__(*args, **kwargs)
        self.base = base

    def clean_until(self):
        day, today = self.cleaned_data["until"], timezone.localdate()
        if day <= self.base:
            words = _("要比原來的截止日（%(day)s）晚。") % {"day": roc_date(self.base)}
            raise forms.ValidationError(words)
        if day < today:
            raise forms.ValidationError(_("這一天已經過了，請選擇今天或以後的日期。"))
        if day > today + timedelta(days=LONGEST):
            raise forms.ValidationError(_("最多延到 %(limit)d 天以後。") % {"limit": LONGEST})
        return day


class SlipsForm(forms.Form):
    who = forms.ChoiceField(
        label=gettext_lazy("印給誰"),
        choices=ReminderSlipBatch.Who.choices,
        initial=ReminderSlipBatch.Who.UNREACHABLE,
        widget=forms.RadioSelect,
    )
