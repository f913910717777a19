"""What parents type on phones: marks that nobody sees, other keyboards' signs, letters in pieces."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.log_in import log_in_parent
from accounts.models import SSOAccount
from audit import context
from binding.models import Applicant
from core import emails
from notifications.models import Message
from tests.accounts.factories import log_in
from tests.binding.factories import draft_application
from tests.flows.walker import Family, Teacher, first_sign_in, letters_to, person
from tests.registry.factories import StudentFactory, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    """The first applicant's page of a family, as (client, address)."""
    application = draft_application(people={})
    student = application.student
    client = log_in(Client(), application.started_by)
    return client, reverse("binding:applicant", args=[student.school.slug, 1])


def send(page, **typed):
    client, address = page
    return client.post(address, person(71, "father") | typed)


@pytest.mark.parametrize(
    "typed",
    [
        "\u202a0912345678\u202c",
        "\u200e0912-345-678",
        "0912\u2212345\u2212678",
        "0912 345 678\u200b",
        "912345678",
        "+886 912-345-678",
        "０９１２－３４５－６７８",
        "0912.345.678",
        "0912\u30fb345\u2011678",
    ],
)
def test_a_mobile_number_is_one_number_however_it_is_typed(page, typed):
    assert send(page, mobile=typed).status_code == 302

    assert Applicant.objects.latest("pk").mobile == "0912345678"


@pytest.mark.parametrize(
    "typed",
    [
        "a1@example.com\u200b",
        "\u200ea1@example.com",
        "\uff411@example.com",
        "a1\uff20example.com",
        "a1@example\u3002com",
        "a1@ｅxample.com",
        "a1@exam\u00adple.com",
        "A1@Example.COM",
        "a1@example\uff0ecom",
    ],
)
def test_an_address_is_kept_as_the_person_sees_it(page, typed):
    assert send(page, email=typed, email_again="a1@example.com").status_code == 302

    assert Applicant.objects.latest("pk").email == "a1@example.com"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u5ed6\u200b\u5927\u540c", "廖大同"),
        ("\u5ed6\u5927\u540c\u202e", "廖大同"),
        ("\ufeff\u5ed6\u5927\u540c", "廖大同"),
        ("廖 大　同", "廖大同"),
        ("Nguye\u0302\u0303n Thi\u0323 Hoa", "Nguy\u1ec5n Th\u1ecb Hoa"),
        ("葛\U000e0100城", "葛城"),
        ("Ｍary  O’Neil", "Ｍary O’Neil"),
    ],
)
def test_a_name_is_kept_without_what_nobody_sees(page, typed, kept):
    assert send(page, name=typed).status_code == 302

    assert Applicant.objects.latest("pk").name == kept


@pytest.mark.parametrize("typed", ["\u200b\u200b", "\u3164", "\u115f\u1160", "\u2800", "\u3000", "…"])
def test_a_name_in_which_nothing_can_be_read_is_refused(page, typed):
    response = send(page, name=typed)

    assert response.status_code == 200
    assert response.context["form"].errors["name"]


def test_one_mailbox_does_not_become_two_accounts(page):
    """The second parent's full-width letter is the same address, and one application takes an address once."""
    application = draft_application(kind="two_parents")
    client = log_in(Client(), application.started_by)
    first = application.applicant_at(1)
    address = reverse("binding:applicant", args=[application.student.school.slug, 2])
    same = first.email.replace("example", "ｅxample")

    response = client.post(address, person(72, "mother", email=same, email_again=same))

    assert response.status_code == 200
    assert response.context["form"].errors["email"]


def test_who_sees_an_address_logs_in_with_it():
    """Typed with marks that nobody sees when applying, and as it is seen (or otherwise) when logging in."""
    student = StudentFactory()
    family, teacher = Family(student), Teacher(student.school_class)
    family.begin()
    family.answer("agreed")
    family.apply("one_parent", person(73, "father", email="Bo\u200b@ｅxample.com", email_again="bo@example.com"))
    teacher.paper(student)
    teacher.decide(student)

    assert len(letters_to("bo@example.com")) == 2  # received, and approved
    account = SSOAccount.objects.get()
    assert account.user.username == account.user.email == "bo@example.com"
    first_sign_in(person(73, "father", email="bo@example.com"))
    for typed in ("bo@example.com", " BO@example.com", "ｂo@example.com", "bo@example。com", "bo\u200b@example.com"):
        with context_of_nobody():
            assert log_in_parent(email=typed, password="a green bicycle bell") == account.user, typed


class context_of_nobody:  # noqa: N801 – reads as what it is
    def __enter__(self):
        self.token = context.enter(context.RequestContext(None, ""))

    def __exit__(self, *_):
        context.leave(self.token)


class TestAnAddressMadeOfTheOwnNumber:
    number = make_identity(74)
    email = f"{make_identity(74).lower()}@example.org"

    def test_is_asked_about(self, page):
        response = send(page, email=self.email, email_again=self.email)

        form = response.context["form"]
        assert "這個電子郵件裡有身分證字號" in str(form.errors["email"])
        assert "email_is_meant" in form.fields
        assert 'name="email_is_meant"' in response.content.decode()
        assert not Applicant.objects.filter(email=self.email).exists()

    def test_is_not_asked_about_where_there_is_none(self, page):
        client, address = page

        assert "email_is_meant" not in client.get(address).content.decode()
        assert send(page).status_code == 302

    def test_is_taken_once_that_is_confirmed(self, page):
        response = send(page, email=self.email, email_again=self.email, email_is_meant="on")

        assert response.status_code == 302
        assert Applicant.objects.latest("pk").email == self.email

    def test_breaks_nothing_afterwards(self):
        student = StudentFactory()
        family, teacher = Family(student), Teacher(student.school_class)
        father = person(74, "father", email=self.email, email_again=self.email, email_is_meant="on")
        family.begin()
        family.answer("agreed")
        family.apply("one_parent", father)
        teacher.paper(student)
        teacher.decide(student)

        assert len(letters_to(self.email)) == 2  # received, and approved
        first_sign_in(father)
        assert Message.objects.filter(to=self.email).exists()
        assert emails.normalize(SSOAccount.objects.get().user.username) == self.email
