"""Forms that ask once more about what is likely a slip, and never refuse it.

What was typed stays in the page. A form that comes back says what is doubted and carries a mark of it; sent once more
with the same words, it takes them.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import emails, identity, names
from core.fields import EmailAddressField, NameField

TYPED, LIKELY = "typed", "likely"  # what may be answered to a question that offers something else


@dataclass(frozen=True)
class Doubt:
    """What is asked about one field: in which `words`, about what `value`, and what was `likely` meant ("": unknown)."""

    words: str
    value: str
    likely: str = ""

    @property
    def mark(self) -> str:
        """What the page carries of the question: no number and no address stands in it."""
        return salted_hmac("asked-again", self.value).hexdigest()[:20]


class AsksAgain(forms.BaseForm):
    """A name that is hardly one, an address whose domain is likely mistyped, and what else a form doubts.

    `is_asking` False: the page is put aside, and nothing is asked.
    """

    is_asking = True

    def doubts(self) -> dict[str, Doubt]:
        """{field: Doubt} of what was typed and is clean."""
        found: dict[str, Doubt] = {}
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if not value or name.endswith("_again") or value == self.initial.get(name):
                continue
            if isinstance(field, NameField) and names.is_unusual(value):
                found[name] = Doubt(
                    _("「%(name)s」是完整的姓名嗎？沒有錯的話，再按一次按鈕就好。") % {"name": value}, value
                )
            elif isinstance(field, EmailAddressField) and (likely := emails.likely(value)):
                found[name] = Doubt(_("您是指 %(email)s 嗎？") % {"email": likely}, value, likely)
        return found

    def full_clean(self) -> None:
        if self.is_bound:
            self._take_what_was_meant()
        super().full_clean()
        if self.is_bound and self.is_asking:
            for name, doubt in self.doubts().items():
                if not self._was_asked(name, doubt):
                    self._ask(name, doubt)

    def _take_what_was_meant(self) -> None:
        """「改成…」was chosen: as if the likely address had been typed."""
        for name, field in self.fields.items():
            if not isinstance(field, EmailAddressField) or self.data.get(self._part(name, "answer")) != LIKELY:
                continue
            typed = emails.normalize(str(self.data.get(self.add_prefix(name)) or "")[: emails.LONGEST])
            likely = emails.likely(typed)
            if likely and self._was_asked(name, Doubt("", typed, likely)):
                self.data = self.data.copy()  # type: ignore[attr-defined]
                for again in {name, f"{name}_again"} & self.fields.keys():
                    self.data[self.add_prefix(again)] = likely  # type: ignore[index]

    def _was_asked(self, name: str, doubt: Doubt) -> bool:
        return constant_time_compare(str(self.data.get(self._part(name, "asked")) or ""), doubt.mark)

    def _part(self, name: str, part: str) -> str:
        return self.add_prefix(f"{name}_{part}")

    def _ask(self, name: str, doubt: Doubt) -> None:
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[self._part(name, "asked")] = doubt.mark  # type: ignore[index]
        self._add_below(name, "asked", forms.CharField(widget=forms.HiddenInput, required=False))
        if doubt.likely:
            choices = [(LIKELY, _("改成 %(email)s") % {"email": doubt.likely}), (TYPED, _("原來的正確"))]
            answer = forms.ChoiceField(label=doubt.words, choices=choices, widget=forms.RadioSelect)
            self._add_below(name, "answer", answer)
        self.add_error(name, forms.ValidationError(doubt.words, code="asked"))

    def _add_below(self, name: str, part: str, field: forms.Field) -> None:
        """Put a field of a question below the one that it asks about."""
        added = f"{name}_{part}"
        if added in self.fields:
            return
        order = list(self.fields)
        self.fields[added] = field
        before = (name,) if part == "answer" else (name, f"{name}_again")
        last = max((place for place, one in enumerate(order) if one in before), default=len(order))
        order.insert(last + 1, added)
        self.order_fields(order)


class AsksAboutEmails(AsksAgain):
    """For forms whose e-mail addresses are kept: one with an ID number in it is asked about, not refused.

    It will stand in mails and records, yet it may be the only one that a person has. A box to tick appears below it;
    until it is ticked the address is no clean value.
    """

    ASKED = gettext_lazy(
        "這個電子郵件裡有身分證字號，會出現在信件與紀錄中。確定要用，請勾選下面的方框；也可以改用其他信箱。"
    )
    YES = gettext_lazy("這個電子郵件裡有身分證字號，會出現在信件與紀錄中，仍要使用。")

    def full_clean(self) -> None:
        for name in self._numbered() if self.is_bound else ():
            self._add_below(name, "is_meant", forms.BooleanField(label=self.YES, required=False))
        super().full_clean()

    def _numbered(self) -> list[str]:
        """Fields in which an address with a number was typed; `…_again` repeats one that is asked about."""
        return [
            name
            for name, field in self.fields.items()
            if isinstance(field, EmailAddressField)
            and not name.endswith("_again")
            and identity.is_in(emails.normalize(self[name].data or ""))
        ]

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        asked = self._numbered()
        for name in [name for name in self.fields if name.endswith("_is_meant")]:
            is_meant: Any = self.cleaned_data.pop(name, False)
            email = name.removesuffix("_is_meant")
            if email in asked and email in self.cleaned_data and not is_meant:
                self.add_error(email, self.ASKED)
