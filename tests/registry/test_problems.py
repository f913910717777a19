"""An empty field says what to do, by its own name, in either language."""

import pytest
from django import forms
from django.template import engines
from django.urls import reverse
from django.utils import translation

from registry.problems import problems
from tests.accounts.factories import log_in, registrar_of
from tests.registry.factories import StudentFactory


class SampleForm(forms.Form):
    name = forms.CharField(label="姓名")
    school_class = forms.ChoiceField(label="班級", choices=[("1", "301")])
    answer = forms.ChoiceField(label="答案", choices=[("1", "是")], widget=forms.RadioSelect)
    file = forms.FileField(label="名冊檔案", error_messages={"required": "請選擇名冊檔案，再按檢查。"})
    agreed = forms.BooleanField(label="我了解")
    number = forms.IntegerField(label="座號", max_value=99)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("name", "請填寫姓名。"),
        ("school_class", "請選擇班級。"),
        ("answer", "請選擇答案。"),
        ("file", "請選擇名冊檔案，再按檢查。"),
        ("agreed", "請勾選這一項。"),
    ],
)
def test_what_is_missing_is_asked_for_by_its_name(field, words):
    assert problems(SampleForm({})[field]) == [words]


def test_other_errors_stay_what_they_are():
    assert "99" in problems(SampleForm({"number": "100"})["number"])[0]


@pytest.mark.parametrize(
    ("label", "words"), [("Student number", "student number"), ("ID number", "ID number"), ("姓名", "姓名")]
)
def test_a_label_stands_in_an_english_sentence_as_a_word(label, words):
    form = SampleForm({})
    form.fields["name"].label = label

    with translation.override("en"):
        assert words in problems(form["name"])[0]


def test_the_summary_does_not_say_a_name_twice():
    shown = (
        engines["jinja2"].from_string("{{ ui.error_summary(form) }}").render({"form": SampleForm({"number": "100"})})
    )

    assert ">請填寫姓名。</a>" in shown
    assert ">座號 – " in shown


@pytest.mark.django_db
def test_no_page_says_it_as_django_does(client):
    student = StudentFactory()
    log_in(client, registrar_of(student.school))

    page = client.post(reverse("registry:student-edit", args=[student.school.slug, student.pk]), {"name": ""})

    assert "請填寫姓名" in page.content.decode()
    assert str(forms.Field.default_error_messages["required"]) not in page.content.decode()
