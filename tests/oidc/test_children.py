"""The children claim: what is bound now, and never a number."""

import pytest
from django.test import Client as Browser

from binding.actions.ending import end_binding
from binding.models import Binding
from oidc.models import Authorization, LogoutNotice
from registry.models import SchoolClass, Student
from tests.accounts.factories import log_in, teacher_of
from tests.binding.factories import approved_application
from tests.oidc.factories import client_of
from tests.oidc.relying_party import RelyingParty
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher():
    return teacher_of(SchoolClassFactory(name="301"))


@pytest.fixture
def bob(teacher):
    """A father with two children in one class."""
    school_class = SchoolClass.objects.get()
    for _twice in range(2):
        student = StudentFactory(school=school_class.school, school_class=school_class)
        approved_application(teacher, student)
    user = Binding.objects.first().account.user
    user.set_password("a quiet river in spring")
    user.save()
    return user


@pytest.fixture
def party(pay, bob):
    return RelyingParty(pay, log_in(Browser(), bob))


def children(party, tokens):
    return party.userinfo(tokens["access_token"]).json()["children"]


def test_tells_school_class_and_relationship(party, bob):
    told = children(party, party.sign_in())

    school = Student.objects.first().school
    assert [(one["school_code"], one["class"], one["relationship"]) for one in told] == [
        (school.code, "301", "father")
    ] * 2
    assert {key for one in told for key in one} == {"school_code", "class", "student_id", "relationship"}
    assert len({one["student_id"] for one in told}) == 2


def test_tells_no_number_and_no_name(party, bob):
    text = party.userinfo(party.sign_in()["access_token"]).content.decode()

    for student in Student.objects.all():
        for fact in (student.identity_number, student.student_number, student.name, student.identity_fingerprint):
            assert fact not in text
    assert bob.sso_account.identity_number not in text


def test_a_child_has_another_name_in_another_sector(party, bob):
    other = RelyingParty(client_of("酷課雲", host="learn.example.tw"), party.browser)

    here, there = ({one["student_id"] for one in children(p, p.sign_in())} for p in (party, other))

    assert not here & there


def test_needs_its_scope(party):
    tokens = party.sign_in(scope="openid profile")

    assert "children" not in party.userinfo(tokens["access_token"]).json()


def test_follows_the_child_to_another_class(party):
    tokens = party.sign_in()
    other = SchoolClassFactory(school=Student.objects.first().school, name="412")
    Student.objects.update(school_class=other)

    assert {one["class"] for one in children(party, tokens)} == {"412"}


def test_an_ended_binding_is_gone_at_once_and_takes_the_tokens_along(party, bob, teacher):
    tokens = party.sign_in()
    binding = Binding.objects.first()

    end_binding(binding=binding, reason=Binding.EndReason.COURT_ORDER, by=teacher)

    assert party.userinfo(tokens["access_token"]).status_code == 401
    assert party.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert LogoutNotice.objects.get().client == party.client
    assert len(children(party, party.sign_in())) == 1


def test_who_knew_nothing_of_the_child_is_left_alone(party, bob, teacher):
    tokens = party.sign_in(scope="openid email")

    end_binding(binding=Binding.objects.first(), reason=Binding.EndReason.REGISTRAR, by=teacher)

    assert party.userinfo(tokens["access_token"]).status_code == 200
    assert Authorization.objects.live().exists()
    assert not LogoutNotice.objects.exists()


def test_the_queries_do_not_grow_with_the_children(party, django_assert_max_num_queries):
    tokens = party.sign_in()

    with django_assert_max_num_queries(3):
        assert len(children(party, tokens)) == 2
