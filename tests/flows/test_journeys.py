"""Whole journeys of families, page by page, from the first log-in to single sign-on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import SSOAccount
from consent.models import ConsentDecision
from tests.flows.walker import SSO_PASSWORD, Family, Teacher, first_sign_in, letters_to, person, sign_in
from tests.registry.factories import StudentFactory
from tests.support.pdf import small_pdf

pytestmark = pytest.mark.django_db


def test_one_parent():
    student = StudentFactory()
    family, teacher = Family(student), Teacher(student.school_class)
    father = person(11, "father")

    family.begin()
    family.answer("agreed")
    family.apply("one_parent", father)
    assert "待審核" in family.statuses()
    teacher.paper(student)
    teacher.decide(student)

    assert "已通過" in family.statuses()
    received, letter = letters_to(father["email"])
    assert "已收到您的申請" in received.subject
    assert "末六碼" in letter.body
    launcher = first_sign_in(father)
    assert student.school.name in launcher
    assert "繳費單" in launcher


def test_two_parents_one_of_them_returned_first():
    student = StudentFactory()
    family, teacher = Family(student), Teacher(student.school_class)
    father, mother = person(21, "father"), person(22, "mother")

    family.begin()
    family.answer("agreed")
    family.apply("two_parents", father, mother)
    teacher.paper(student)
    teacher.decide(student, position=1)
    teacher.decide(student, "return", position=2, reason="手機號碼和申請書不同")
    assert "退回修正" in family.statuses()
    assert "手機號碼和申請書不同" in family.page("binding:sign")
    family.post("binding:applicant", 2, name="李小華", relationship="mother", mobile="0987654321")
    teacher.decide(student, position=2)

    assert "已通過" in family.statuses()
    assert [letter.subject[-6:] for letter in letters_to(mother["email"])] != []
    assert len(letters_to(father["email"])) == 2  # that it was received, and that it was approved
    for parent in (father, mother):
        assert student.school.name in first_sign_in(parent)


def test_guardian_with_evidence():
    student = StudentFactory()
    family, teacher = Family(student), Teacher(student.school_class)
    grandmother = person(31, "grandmother")

    family.begin()
    family.answer("agreed")
    order = SimpleUploadedFile("裁定書.pdf", small_pdf())
    family.apply("guardian", grandmother, evidence=order)
    teacher.paper(student)
    teacher.decide(student)

    assert student.school.name in first_sign_in(grandmother)


def test_sibling_at_another_school_joins_the_same_account():
    sister, brother = StudentFactory(), StudentFactory(name="尹書寧")
    mother = person(41, "mother")
    for student in (sister, brother):
        family, teacher = Family(student), Teacher(student.school_class)
        family.begin()
        family.answer("agreed")
        family.apply("one_parent", mother)
        teacher.paper(student)
        teacher.decide(student)
        if student == sister:
            first_sign_in(mother)

    opened, added = [one for one in letters_to(mother["email"]) if "綁定" in one.body]
    assert "末六碼" in opened.body
    assert "帳號與密碼都沒有改變" in added.body
    launcher = sign_in(mother["email"], SSO_PASSWORD).get(reverse("binding:sso-home")).content.decode()
    assert sister.school.name in launcher
    assert brother.school.name in launcher
    assert SSOAccount.objects.count() == 1


def test_decline_then_agree():
    student = StudentFactory()
    family, teacher = Family(student), Teacher(student.school_class)
    father = person(51, "father")

    family.begin()
    family.answer("declined")
    assert "無意參加" in family.statuses()
    family.answer("agreed")
    family.apply("one_parent", father)
    teacher.paper(student)
    teacher.decide(student)

    answers = ConsentDecision.objects.order_by("pk").values_list("answer", flat=True)
    assert list(answers) == ["declined", "agreed"]
    assert student.school.name in first_sign_in(father)
