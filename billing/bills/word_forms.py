"""其他語言的名稱: what a batch and its items are called in other languages; an empty field is no translation."""

from itertools import chain

from django import forms
from django.conf import settings

from billing.bills import words
from billing.bills.models import BillBatch, BillItem
from core.fields import FreeTextField


class WordsForm(forms.Form):
    """A row for each of the school's words of `batch`, a field a language."""

    def __init__(self, *args, batch: BillBatch, **kwargs):
        super().__init__(*args, **kwargs)
        names = BillItem.objects.filter(bill__batch=batch).order_by("name").values_list("name", flat=True).distinct()
        self.words = list(dict.fromkeys(chain([batch.title], names)))
        for row, word in enumerate(self.words):
            for language in words.OTHER_LANGUAGES:
                self.fields[f"{language}_{row}"] = FreeTextField(
                    label=f"{word} {dict(settings.LANGUAGES)[language]}",
                    max_length=words.LONGEST,
                    required=False,
                    initial=batch.translations.get(language, {}).get(word, ""),
                    widget=forms.TextInput(attrs={"autocomplete": "off", "lang": language}),
                )

    @property
    def rows(self):
        """[(word, [field, …]), …]"""
        return [
            (word, [self[f"{language}_{row}"] for language in words.OTHER_LANGUAGES])
            for row, word in enumerate(self.words)
        ]

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        """{language: {word: translation}} of what was filled in."""
        found: dict[str, dict[str, str]] = {}
        for language in words.OTHER_LANGUAGES:
            given = {word: self.cleaned_data[f"{language}_{row}"].strip() for row, word in enumerate(self.words)}
            found[language] = {word: text for word, text in given.items() if text}
        return {language: given for language, given in found.items() if given}
