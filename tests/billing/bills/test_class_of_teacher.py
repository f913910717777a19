"""A homeroom teacher sees who of the own class paid, and nothing more."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from billing.collection.counter import take_cash
from billing.collection.refunding import give_back
from registry.models import Student
from registry.roles import Role
from tests.accounts.factories import log_in, registrar_of, staff, teacher_of
from tests.billing.money import batch_of, cashier_of, issued_bill
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(school):
    return batch_of(school)


@pytest.fixture
def bills(students, batch):
    return [issued_bill(one, batch=batch) for one in students]


@pytest.fixture
def teacher(school_class):
    return log_in(Client(), teacher_of(school_class))


@pytest.fixture
def where(school, school_class):
    return reverse("billing:class-bills", args=[school.slug, school_class.pk])


def pay(bill):
    take_cash(bill=bill, amount=bill.amount, receipt=str(bill.pk), by=cashier_of(bill.school))


def test_says_who_paid_and_names_no_amount(teacher, where, bills):
    pay(bills[0])
    shown = teacher.get(where).content.decode()

    assert "已繳 1 人，未繳 2 人" in shown
    assert all(one.student_number in shown for one in Student.objects.filter(bills__in=bills))
    assert f"{bills[0].amount:,}" not in shown
    assert bills[0].write_off_number not in shown
    assert "10630001" not in teacher.get(where, {"show": "open"}).content.decode()


def test_what_goes_back_is_paid(teacher, where, bills, school):
    pay(bills[0])
    give_back(bill=bills[0], amount=100, reason="離校", by=cashier_of(school))
    shown = teacher.get(where).content.decode()

    assert "已繳 1 人" in shown
    assert "退" not in shown.split("<main")[1].split("</main>")[0]


def test_the_last_batch_comes_first_and_others_are_chosen(teacher, where, bills, school, students):
    later = batch_of(school, title="代辦費")
    issued_bill(students[0], batch=later)

    assert "10630002" not in teacher.get(where).content.decode()
    assert "10630002" in teacher.get(where, {"batch": bills[0].batch_id}).content.decode()
    assert "已繳 0 人，未繳 3 人" in teacher.get(where, {"batch": bills[0].batch_id}).content.decode()


def test_drafts_and_who_left_are_not_listed(teacher, where, school, students, bills):
    batch_of(school, state="draft", title="草稿批")
    elsewhere = SchoolClassFactory(name="701")
    Student.objects.filter(pk=students[0].pk).update(school=elsewhere.school, school_class=elsewhere)

    shown = teacher.get(where).content.decode()
    assert "草稿批" not in shown
    assert "10630001" not in shown


def test_says_that_there_is_none(teacher, where):
    assert "還沒有發出的繳費單" in teacher.get(where).content.decode()


def test_the_file_has_no_amount(teacher, where, bills):
    answer = teacher.get(where, {"export": "xlsx"})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    assert {cell for row in rows for cell in row} >= {"10630001", "未繳"}
    assert not any(str(bills[0].amount) in str(cell) for row in rows for cell in row)


def test_is_nobody_elses(where, school, school_class, bills):
    others = [
        registrar_of(school),
        cashier_of(school),
        staff(school, Role.HOMEROOM_TEACHER, account="other"),
        staff(SchoolClassFactory().school, Role.HOMEROOM_TEACHER, account="foreign"),
    ]
    assert [log_in(Client(), one).get(where).status_code for one in others] == [404] * 4


def test_is_linked_from_the_class(teacher, where, school, school_class):
    board = reverse("review:class", args=[school.slug, school_class.pk])
    assert where in teacher.get(board).content.decode()


def test_costs_the_same_for_ten_times_the_students(
    teacher, where, school, school_class, batch, bills, django_assert_max_num_queries
):
    teacher.get(where)
    with django_assert_max_num_queries(8) as few:
        teacher.get(where)
    for _one in range(27):
        issued_bill(StudentFactory(school=school, school_class=school_class), batch=batch)
    with django_assert_max_num_queries(len(few)):
        teacher.get(where)
