"""What is wrong with a field, in words, so that every form says it the same way."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

CHOSEN = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput)


def problems(field):
    """The errors of a bound field. Django's own 「這個欄位是必須的。」 becomes what to do, by the field's label."""
    return [words_of_missing(field) if is_nothing_said(error) else " ".join(error) for error in field.errors.as_data()]


def places(form):
    """How many errors the summary above a form lists: two of one field are two things to mend."""
    return sum(len(errors) for errors in form.errors.as_data().values())


def only_asks(form):
    """Whether nothing is wrong with a form that came back: it asks once more (`core.asking`)."""
    return all(error.code == "asked" for errors in form.errors.as_data().values() for error in errors)


def is_nothing_said(error):
    return error.code == "required" and str(error.message) == str(forms.Field.default_error_messages["required"])


def refuse(form, error):
    """Say in `form` what a model refused: beside the field that the error, or its code, names, else above the form."""
    for field, errors in getattr(error, "error_dict", {NON_FIELD_ERRORS: getattr(error, "error_list", [])}).items():
        for one in errors:
            place = next((name for name in (field, one.code) if name in form.fields), None)
            form.add_error(place, one)


def words_of_missing(field):
    if isinstance(field.field.widget, forms.CheckboxInput):
        return _("請勾選這一項。")
    words = _("請選擇%(label)s。") if isinstance(field.field.widget, CHOSEN) else _("請填寫%(label)s。")
    return words % {"label": within_a_sentence(str(field.label))}


def within_a_sentence(label):
    """An English label begins small after a verb, unless it is an abbreviation."""
    is_word = (get_language() or "").startswith("en") and label[1:2].islower()
    return label[0].lower() + label[1:] if is_word else label
