"""Fields that read what people type in one way on every form: free words, names, e-mail addresses, mobile numbers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import emails, identity, mobiles, names


class FreeTextField(forms.CharField):
    """Words that are kept and shown as they are: an ID number must not be among them."""

    default_validators = [identity.refuse_in]


class NameField(forms.CharField):
    """A person's name; clean value as it is kept and printed (see `core.names.tidy`)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 60, **kwargs})

    def to_python(self, value: object) -> str:
        return names.clean(super().to_python(value) or "")


class EmailAddressField(forms.EmailField):
    """An e-mail address; clean value as it is kept, shown and logged in with (see `core.emails.normalize`)."""

    def __init__(self, **kwargs: Any) -> None:
        words = {"invalid": emails.MALFORMED, **kwargs.pop("error_messages", {})}
        super().__init__(**{"max_length": emails.LONGEST, "error_messages": words, **kwargs})

    def to_python(self, value: object) -> str:
        return emails.normalize(super().to_python(value) or "")


class MobileField(forms.CharField):
    """A mobile number; clean value ten digits."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "class": "w-medium"})
        super().__init__(**{"max_length": 40, "widget": widget, **kwargs})

    def to_python(self, value: object) -> str:
        text = super().to_python(value)
        return mobiles.normalize(text) if text else ""


class AsksAboutEmails(forms.BaseForm):
    """For forms whose e-mail addresses are kept: one with an ID number in it is asked about, not refused.

    It will stand in mails and records, yet it may be the only one that a person has. A box to tick appears below it;
    until it is ticked the address is no clean value.
    """

    ASKED = _("這個電子郵件裡有身分證字號，會出現在信件與紀錄中。確定要用，請勾選下面的方框；也可以改用其他信箱。")
    YES = _("這個電子郵件裡有身分證字號，會出現在信件與紀錄中，仍要使用。")

    def full_clean(self) -> None:
        for name in self._asked() if self.is_bound else ():
            self._add_box(name)
        super().full_clean()

    def _asked(self) -> list[str]:
        """Fields in which an address with a number was typed; `…_again` repeats one that is asked about."""
        return [
            name
            for name, field in self.fields.items()
            if isinstance(field, EmailAddressField)
            and not name.endswith("_again")
            and identity.is_in(emails.normalize(self[name].data or ""))
        ]

    def _add_box(self, name: str) -> None:
        box = f"{name}_is_meant"
        if box in self.fields:
            return
        order = list(self.fields)
        self.fields[box] = forms.BooleanField(label=self.YES, required=False)
        after = f"{name}_again" if f"{name}_again" in order else name
        order.insert(order.index(after) + 1, box)
        self.order_fields(order)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        asked = self._asked()
        for name in [name for name in self.fields if name.endswith("_is_meant")]:
            is_meant = self.cleaned_data.pop(name, False)
            email = name.removesuffix("_is_meant")
            if email in asked and email in self.cleaned_data and not is_meant:
                self.add_error(email, self.ASKED)
