"""The class on one sheet of paper, and the names of who has not answered."""

import pypdfium2
import pytest
from django.urls import reverse

from audit.models import Event
from review.class_board import Census
from review.class_list import missing_of
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, staff, teacher_of
from tests.binding.factories import answered_family, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def teacher(client, school_class):
    user = teacher_of(school_class)
    log_in(client, user)
    return user


def student_of(school_class, seat, **fields):
    return StudentFactory(school=school_class.school, school_class=school_class, seat_number=seat, **fields)


def address(name, school_class):
    return reverse(f"review:{name}", args=[school_class.school.slug, school_class.pk])


@pytest.mark.parametrize("size", [1, 35, 44])
def test_a_class_is_one_sheet_of_a4(client, school_class, teacher, size):
    long = "阿布杜拉・穆罕默德・賽義德・阿勒馬克圖姆"
    for seat in range(1, size + 1):
        student_of(school_class, seat, name=long if seat % 7 == 0 else "王小明")
    first = sent_application(student_of(school_class, 60 + size, name="尹書妍")).student
    mark_paper_form(student=first, answer="agree", by=teacher)

    response = client.get(address("class-list", school_class))

    sheets = pypdfium2.PdfDocument(response.content)
    words = sheets[0].get_textpage().get_text_range()
    assert len(sheets) == 1
    assert [round(one) for one in sheets[0].get_size()] == [595, 842]
    assert "301 班" in words
    assert words.count("王小明") == size - size // 7
    assert "尹書妍" in words
    assert Event.objects.filter(event="class_list.printed").count() == 1


def test_an_empty_class_prints_too(client, school_class, teacher):
    assert len(pypdfium2.PdfDocument(client.get(address("class-list", school_class)).content)) == 1


def test_missing_are_those_of_paper_of_online_and_of_either(school_class):
    registrar = registrar_of(school_class.school)
    both = sent_application(student_of(school_class, 1, name="甲")).student
    online = answered_family(student_of(school_class, 2, name="乙"), answer="declined").student
    paper, whole, silent = (
        student_of(school_class, seat, name=name) for seat, name in ((3, "丙"), (4, "丁"), (5, "戊"))
    )
    for student in (both, paper):
        mark_paper_form(student=student, answer="agree", by=registrar)
    mark_paper_form(student=whole, answer="decline", by=registrar, is_whole_answer=True)

    no_paper, not_online, either = missing_of(school_class, Census.of(school_class))

    assert [row.student for row in no_paper.rows] == [online, silent]
    assert [row.student for row in not_online.rows] == [paper, silent]
    assert [row.student for row in either.rows] == [online, paper, silent]
    assert no_paper.text == "301 班 未交申請書（2 位）：2 乙、5 戊"


def test_the_text_stands_on_a_page_and_can_be_copied(client, school_class, teacher):
    student_of(school_class, 7, name="尹書妍")

    page = client.get(address("class-missing", school_class)).content.decode()

    assert 'data-copies="301 班 未交申請書（1 位）：7 尹書妍"' in page


@pytest.mark.parametrize("name", ["class-list", "class-missing"])
def test_nobody_elses_class(client, school_class, teacher, name):
    other = SchoolClassFactory(school=school_class.school)

    assert client.get(address(name, other)).status_code == 404
    log_in(client, staff(school_class.school, account="nobody"))
    assert client.get(address(name, school_class)).status_code == 404


@pytest.mark.parametrize("size", [2, 30])
def test_the_list_costs_seven_queries_whatever_the_class(
    client, school_class, teacher, size, django_assert_max_num_queries
):
    for seat in range(1, size + 1):
        student_of(school_class, seat)

    with django_assert_max_num_queries(8):
        client.get(address("class-missing", school_class))
