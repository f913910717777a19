"""Text that is kept encrypted while it waits."""

from django.db import models

from core import crypto

MARK = "sealed:"


class Sealed(str):
    """Text that a `SealableTextField` keeps encrypted; it is read back as one."""

    __slots__ = ()


class SealableTextField(models.TextField):
    """Keeps a `Sealed` value as a token of `core.crypto`, any other text as it is.

    What opens with none of the keys reads as an empty text: who has to send it sees that there is nothing to send.
    """

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return MARK + crypto.encrypt(value) if value and isinstance(value, Sealed) else value

    def from_db_value(self, value, expression, connection):
        if not value or not value.startswith(MARK):
            return value
        try:
            return Sealed(crypto.decrypt(value.removeprefix(MARK)))
        except crypto.Undecryptable:
            return Sealed("")
