"""The paper form of one family once more, in a language: the family's own first."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from binding.models import Application
from core.languages import bracketed
from registry.models import Student
from registry.models.paper_forms import LANGUAGES

KNOWN_FORM = "zh-hant"  # what a family gets of whose language nothing is known


class FormAgain(forms.Form):
    """In which language to print."""

    language = forms.ChoiceField(label=_("申請書的語言"))

    def __init__(self, *args: Any, own: str = "", **kwargs: Any) -> None:
        """`own`: the language of the family, blank where it is not known."""
        super().__init__(*args, initial={"language": own or KNOWN_FORM}, **kwargs)
        self.fields["language"].choices = choices(own)  # type: ignore[attr-defined]


def choices(own: str = "") -> list[tuple[str, str]]:
    """(code, words), `own` first and said to be the family's."""
    first = [(own, LANGUAGES[own] + bracketed(_("這個家庭的語言")))] if own in LANGUAGES else []
    return first + [one for one in LANGUAGES.items() if one[0] != own]


def language_of_family(student: Student, application: Application | None) -> str:
    """What the family's account reads our pages in, else what the last application was sent in, else blank.

    `student` has its `family_account` fetched.
    """
    account = getattr(student, "family_account", None)
    known = (account.language if account else "") or (application.language if application else "")
    return known if known in LANGUAGES else ""
