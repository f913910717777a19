"""A name is found however it is written, in the register and in what one types."""

import pytest
from django.urls import reverse

from accounts.models import SSOAccount, User
from binding.desk.bindings import bindings_of, with_words
from core import names
from registry.models import Student
from registry.search import find_students
from registry.students import correct_student
from staff.helpdesk import find_families, find_staff
from tests.accounts.factories import city_admin, log_in, registrar_of, sso_parent, staff
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db

WRITINGS = [
    ("王明", "王 明"),
    ("王明", "王　明"),
    ("王\u200b明", "王明"),
    ("Nguy\u1ec5n Th\u1ecb Hoa", "Nguye\u0302\u0303n Thi\u0323"),
    ("Nguye\u0302\u0303n Thi\u0323 Hoa", "NGUYỄN"),
    ("以莉‧高露", "以莉·高露"),
    ("以莉．高露", "以莉 ・ 高露"),
    ("以莉•高露", "高露"),
    ("Mary-Jane O'Neil", "o’neil"),
    ("Mary-Jane O’Neil", "MARY\u2010JANE O'NEIL"),
    ("ＭＡＲＹ", "mary"),
]


@pytest.mark.parametrize(("kept", "typed"), WRITINGS)
def test_a_student_is_found(kept, typed):
    student = StudentFactory(name=kept)

    assert list(find_students(student.school, text=typed)) == [student]
    assert list(find_families(student.school, typed)) == [student]
    assert not find_students(student.school, text="王朋").exists()


@pytest.mark.parametrize(("kept", "typed"), WRITINGS)
def test_staff_and_parents_are_found(client, kept, typed):
    student = StudentFactory()
    colleague = staff(student.school, account="t999", name=kept)
    parent = sso_parent(by=registrar_of(student.school), name=kept)

    assert [user for user, _minutes in find_staff(student.school, typed)] == [colleague]
    assert SSOAccount.objects.named(typed).get().user == parent
    assert colleague in User.objects.named(typed)


def test_the_admin_finds_them_too(client):
    student = StudentFactory(name="以莉‧高露")
    log_in(client, city_admin())

    page = client.get(reverse("admin:registry_student_changelist"), {"q": "以莉 · 高露"})

    assert student.student_number in page.content.decode()


def test_bindings_are_found_by_the_name_of_who_is_bound(binding_of_zoe):
    school = binding_of_zoe.student.school

    assert list(with_words(bindings_of(school), "O'NEIL", school)) == [binding_of_zoe]


@pytest.fixture
def binding_of_zoe():
    from tests.accounts.factories import teacher_of
    from tests.binding.factories import approved_application

    student = StudentFactory()
    people = {1: {"name": "Zoë O’Neil"}}
    application = approved_application(teacher_of(student.school_class), student, people=people)
    return application.applicants.get().binding


class TestTheFoldedName:
    """Follows the name, whichever way a row is written."""

    def test_saved(self):
        student = StudentFactory(name="王明")
        student.name = "王 明 華"

        student.save(update_fields=["name"])

        assert kept(student) == ("王明華", "王明華")

    def test_corrected(self):
        student = StudentFactory(name="王明")

        correct_student(student=student, values={"name": "陳\u200b安"}, by=registrar_of(student.school))

        assert kept(student) == ("陳安", "陳安")

    def test_written_in_bulk(self):
        student = StudentFactory(name="王明")
        student.name = "Zoe O’Neil"

        Student.objects.bulk_update([student], ["name"])

        assert kept(student) == ("Zoe O’Neil", "zoe o'neil")

    def test_made_in_bulk(self):
        like = StudentFactory()
        values = {
            field.attname: getattr(like, field.attname)
            for field in Student._meta.concrete_fields
            if field.attname not in ("id", "folded_name")
        }
        new = Student(**values | {"name": "以莉．高露", "student_number": "7", "seat_number": 9,
                                  "identity_fingerprint": "x"})  # fmt: skip

        Student.objects.bulk_create([new])

        assert kept(Student.objects.get(student_number="7")) == ("以莉．高露", "以莉·高露")

    def test_updated(self):
        student = StudentFactory(name="王明")

        Student.objects.filter(pk=student.pk).update(name="王 朋")

        assert kept(student) == ("王朋", "王朋")


def kept(row):
    row.refresh_from_db()
    assert row.folded_name == names.fold(row.name)
    return row.name, row.folded_name


@pytest.mark.parametrize("typed", ["徐\u200b明軒", "徐\u202e明軒", "徐 明 軒"])
def test_the_registrars_edit_keeps_a_name_without_what_nobody_sees(client, typed):
    student = StudentFactory(name="徐明")
    log_in(client, registrar_of(student.school))
    address = reverse("registry:student-edit", args=[student.school.slug, student.pk])
    facts = {
        "school_class": student.school_class_id,
        "seat_number": student.seat_number,
        "student_number": student.student_number,
        "birth_on": student.birth_on.isoformat(),
        "proof": "household",
    }

    assert client.post(address, {**facts, "name": typed}).status_code == 302

    assert kept(student)[0] == "徐明軒"
