"""Fields that read what people type in one way on every form: free words, names, e-mail addresses, mobile numbers."""

from typing import Any

from django import forms

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


class RowsField(forms.ModelMultipleChoiceField):
    """Rows ticked by their keys. What can be no key (64 bits) is no choice: a database would refuse to look for it."""

    DIGITS = 18
    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        for one in value if isinstance(value, list | tuple) else ():
            if not (str(one).isascii() and str(one).isdecimal() and len(str(one)) <= self.DIGITS):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(one)[:40]}
                )
        return super().clean(value)
