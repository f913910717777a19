"""What a form asks about once: addresses whose domain is likely mistyped, names that are hardly one."""

import pytest
from django import forms

from core import emails, identity, names
from core.asking import AsksAboutEmails
from core.fields import EmailAddressField, NameField
from core.text import edits_between
from tests.registry.factories import make_identity


class MailForm(AsksAboutEmails, forms.Form):
    name = NameField(required=False)
    email = EmailAddressField()
    email_again = EmailAddressField(required=False)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("gmial", "gmail", 1), ("gmail", "gmail", 0), ("gamil", "gmail", 1), ("gml", "gmail", 2), ("", "ab", 2)],
)
def test_edits_are_counted_and_a_swapped_pair_is_one(one, other, edits):
    assert edits_between(one, other) == edits_between(other, one) == edits


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("yaho.com.tw", "yahoo.com.tw"),
        ("yahoo.con.tw", "yahoo.com.tw"),
        ("hotmial.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("outloook.com", "outlook.com"),
        ("icloud.con", "icloud.com"),
        ("hinet.ent", "hinet.net"),
        ("me.con", "me.com"),
    ],
)
def test_a_slip_in_a_domain_is_seen(typed, meant):
    assert emails.likely(f"hua@{typed}") == f"hua@{meant}"


@pytest.mark.parametrize(
    "domain",
    [
        *sorted(emails.COMMON), *sorted(emails.REAL), "tp.edu.tw", "gm.tp.edu.tw", "cksh.tp.edu.tw", "ntu.edu.tw", "ms1.hinet.net",
        "taipei.gov.tw", "example.com", "so-net.net.tw", "he.com", "man.com", "proton.me", "a" * 200 + ".com", "",
    ],
)  # fmt: skip
def test_a_real_domain_is_not_doubted(domain):
    assert emails.likely(f"hua@{domain}") == ""


def test_a_doubted_address_comes_back_as_a_question_with_two_answers():
    form = MailForm({"email": "hua@gmial.com", "email_again": "hua@gmial.com"})

    assert not form.is_valid()
    page = form.as_p()
    assert "您是指 hua@gmail.com 嗎？" in str(form.errors["email"])
    assert "改成 hua@gmail.com" in page
    assert "原來的正確" in page
    assert 'value="hua@gmial.com"' in page


@pytest.mark.parametrize(
    ("answer", "kept"), [("likely", "hua@gmail.com"), ("typed", "hua@gmial.com"), ("", "hua@gmial.com")]
)
def test_it_is_asked_once_and_never_refused(answer, kept):
    asked = MailForm({"email": "hua@gmial.com", "email_again": "hua@gmial.com"})
    assert not asked.is_valid()

    form = MailForm(dict(asked.data) | {"email_answer": answer})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["email"] == kept
    assert form.cleaned_data["email_again"] == kept


def test_another_slip_is_another_question():
    asked = MailForm({"email": "hua@gmial.com"})
    assert not asked.is_valid()

    form = MailForm(dict(asked.data) | {"email": "hua@gnail.com"})

    assert not form.is_valid()


def test_an_answer_alone_changes_no_address():
    """Whoever posts an answer that was never asked for gets the question."""
    form = MailForm({"email": "hua@gmial.com", "email_answer": "likely", "email_asked": "0" * 20})

    assert not form.is_valid()
    assert form.data["email"] == "hua@gmial.com"


@pytest.mark.parametrize("typed", ["x" * 100_000 + "@gmial.com", "@" * 5000, "\x00" * 500])
def test_huge_and_odd_text_is_answered(typed):
    form = MailForm({"email": typed, "email_answer": "likely", "email_asked": typed})

    assert not form.is_valid()


@pytest.mark.parametrize("name", ["蕭", "蕭123!!", "王大明♥", "X"])
def test_an_unusual_name_is_asked_about_once(name):
    asked = MailForm({"email": "hua@gmail.com", "name": name})
    assert not asked.is_valid()

    assert MailForm(dict(asked.data)).is_valid()


@pytest.mark.parametrize("name", ["王大明", "以莉·高露", "O'Neil", "Suharto", "Nguyễn Thị Hoa", "J. Smith", "𠮷田花"])
def test_a_name_is_not_doubted(name):
    assert not names.is_unusual(names.tidy(name))


@pytest.mark.parametrize(("gender", "is_man"), [(1, True), (2, False), (8, True), (9, False)])
def test_a_number_says_whose_sex(gender, is_man):
    assert identity.is_of_man(make_identity(5, gender=gender)) == is_man
    assert identity.is_of_man("AC" + "0" * 8)
    assert not identity.is_of_man("AD" + "0" * 8)
