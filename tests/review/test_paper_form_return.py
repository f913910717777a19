"""The code on a paper form opens a page that registers its return."""

import pytest
from django.urls import reverse

from audit.models import Event
from registry.paper_forms.codes import code_for, in_groups
from review.models import PaperForm
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def student():
    return StudentFactory()


@pytest.fixture
def teacher(client, student):
    user = teacher_of(student.school_class)
    log_in(client, user)
    return user


def page(student, *, code=None, school=None):
    return reverse("review:paper-form", args=[(school or student.school).slug, code or code_for(student)])


def test_one_press_registers_it_and_the_page_says_so(client, student, teacher):
    asked = client.get(page(student)).content.decode()
    answer = client.post(page(student), {"answer": "decline"})
    told = client.get(answer.url).content.decode()

    assert student.name in asked
    assert "已經登記了" not in asked
    assert (PaperForm.objects.get().answer, PaperForm.objects.get().marked_by) == ("decline", teacher)
    assert "已經登記了" in told
    assert "已收，不同意" in told


def test_pressing_twice_is_one_registration(client, student, teacher):
    for _ in range(2):
        client.post(page(student), {"answer": "agree"})

    assert Event.objects.filter(event="paper_form.marked").count() == 1


def test_nonsense_registers_nothing(client, student, teacher):
    assert client.post(page(student), {"answer": "perhaps"}).status_code == 200
    assert not PaperForm.objects.exists()


def test_it_can_be_taken_back(client, student, teacher):
    client.post(page(student), {"answer": "agree"})
    client.post(page(student), {"answer": "not_received"})

    assert "已經登記了" not in client.get(page(student)).content.decode()


def test_a_code_typed_in_groups_opens_it_too(client, student, teacher):
    assert client.get(page(student, code=in_groups(code_for(student)).lower())).status_code == 200


def test_the_registrar_registers_for_every_class(client, student):
    log_in(client, registrar_of(student.school))

    client.post(page(student), {"answer": "agree"})

    assert PaperForm.objects.get().answer == "agree"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_code_does_not_exist(client, student, teacher, method):
    code = code_for(student)
    forged = code[:-1] + ("0" if code[-1] != "0" else "1")

    assert getattr(client, method)(page(student, code=forged), {"answer": "agree"}).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_class_does_not_exist(client, student, method):
    log_in(client, teacher_of(SchoolClassFactory(school=student.school)))

    assert getattr(client, method)(page(student), {"answer": "agree"}).status_code == 404
    assert not PaperForm.objects.exists()


def test_another_schools_code_does_not_exist(client, student):
    stranger = SchoolClassFactory().school
    log_in(client, registrar_of(stranger))

    assert client.get(page(student)).status_code == 404
    assert client.get(page(student, school=stranger)).status_code == 404


def test_scanning_before_logging_in_comes_back_here(client, student):
    response = client.get(page(student))

    assert response.status_code == 302
    assert page(student) in response.url


def test_costs_nine_queries_at_most(client, student, teacher, django_assert_max_num_queries):
    client.post(page(student), {"answer": "agree"})

    with django_assert_max_num_queries(9):
        client.get(page(student))


def test_after_one_the_way_to_the_next_is_told(client, student, teacher):
    other = StudentFactory(school=student.school, school_class=student.school_class, seat_number=40)
    client.post(page(student), {"answer": "agree"})

    told = client.get(page(student)).content.decode()
    assert "掃下一張申請書上的 QR code" in told
    assert "這一班還有 1 位未收申請書" in told

    client.post(page(other), {"answer": "agree"})
    assert "這一班的申請書都收齊了" in client.get(page(other)).content.decode()


def test_a_form_taken_back_is_missing_again(client, student, teacher):
    other = StudentFactory(school=student.school, school_class=student.school_class, seat_number=40)
    client.post(page(other), {"answer": "agree"})
    client.post(page(other), {"answer": "not_received"})
    client.post(page(student), {"answer": "agree"})

    assert "這一班還有 1 位未收申請書" in client.get(page(student)).content.decode()
