"""異動名冊: what an office reports month by month."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from audit.models import Event
from registry import status_changes
from registry.models import RosterImport, Student, StudentChange
from registry.promotion import promote
from registry.promotion_plan import GRADUATES
from registry.roster import import_roster
from registry.roster.undoing import undo_import
from registry.students import correct_student
from tests.accounts.factories import log_in, registrar_of
from tests.registry.factories import SchoolClassFactory, StudentFactory
from tests.registry.roster_files import file_of, row

pytestmark = pytest.mark.django_db

Status = Student.Status
Kind = StudentChange.Kind


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def student(school_class):
    return StudentFactory(school=school_class.school, school_class=school_class, name="許芷瑄")


@pytest.fixture
def registrar(client, school_class):
    user = registrar_of(school_class.school)
    log_in(client, user)
    return user


def register(client, school, **asked):
    return client.get(reverse("registry:register", args=[school.slug]), asked)


def kinds(response):
    return [one.kind for one in response.context["listing"].shown]


def test_each_move_of_the_month_is_a_line(client, registrar, student, school_class):
    school = school_class.school
    other = StudentFactory(school=school, school_class=school_class)
    elsewhere = SchoolClassFactory(name="205").school
    status_changes.change_status(student=student, status=Status.ON_LEAVE, by=registrar, note="出國一年")
    status_changes.change_status(student=student, status=Status.ENROLLED, by=registrar)
    correct_student(student=student, values={"name": "許之瑄"}, by=registrar, proof="household")
    status_changes.change_status(student=other, status=Status.TRANSFERRING, transfer_to=elsewhere, by=registrar)

    page = register(client, school, sort="on")

    assert kinds(page) == [Kind.ON_LEAVE, Kind.RETURNED, Kind.RENAMED, Kind.LEAVING]
    text = page.content.decode()
    for words in ("出國一年", "姓名：許芷瑄 → 許之瑄", "戶口名簿或戶籍謄本", elsewhere.name, registrar.display_name):
        assert words in text


def test_a_month_counts_by_the_day_that_the_registrar_says(client, registrar, student):
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    status_changes.change_status(student=student, status=Status.LEFT, by=registrar, on=last_month)

    assert kinds(register(client, student.school)) == []
    assert kinds(register(client, student.school, month=f"{last_month:%Y-%m}")) == [Kind.LEFT]
    assert kinds(register(client, student.school, month="all")) == [Kind.LEFT]


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 1, 1)])
def test_the_turn_of_a_year_is_no_gap(registrar, student, day):
    from registry import register as lines

    status_changes.change_status(student=student, status=Status.LEFT, by=registrar, on=day)

    found = lines.in_month(lines.register_of(student.school), f"{day:%Y-%m}")
    assert found.count() == 1


def test_the_new_school_has_who_arrived_and_the_old_one_who_left(client, registrar, student):
    to = SchoolClassFactory(name="205")
    status_changes.change_status(student=student, status=Status.TRANSFERRING, transfer_to=to.school, by=registrar)
    receiver = registrar_of(to.school)
    status_changes.accept_transfer(
        student=student, school=to.school, school_class=to, seat_number=9, student_number="11500001", by=receiver
    )

    old = register(client, registrar.school)
    log_in(client, receiver)
    new = register(client, to.school)

    assert (kinds(old), kinds(new)) == ([Kind.LEAVING], [Kind.ARRIVED])
    assert to.school.name in old.content.decode()
    assert reverse("registry:student", args=[registrar.school.slug, student.pk]) not in old.content.decode()
    assert registrar.school.name in new.content.decode()


def test_graduates_are_in_it_and_who_goes_on_is_not(client, registrar, school_class):
    school = school_class.school
    StudentFactory(school=school, school_class=school_class)
    StudentFactory(school=school, school_class=SchoolClassFactory(school=school, name="101"))

    promote(school=school, year=school.school_year, targets={"101": "201", "301": GRADUATES}, repeats=[], by=registrar)

    assert kinds(register(client, school)) == [Kind.GRADUATED]


class TestRosters:
    def test_whom_a_year_begins_with_is_no_move_and_who_comes_later_is(self, client, registrar, school_class):
        import_roster(school=school_class.school, data=file_of(row(1), row(2)))
        assert kinds(register(client, school_class.school)) == []

        import_roster(school=school_class.school, data=file_of(row(1), row(2), row(3)))

        assert kinds(register(client, school_class.school)) == [Kind.ADDED]

    def test_what_was_taken_back_is_not_in_it(self, client, registrar, school_class):
        school = school_class.school
        import_roster(school=school, data=file_of(row(1), row(2)))
        import_roster(school=school, data=file_of(row(1, name="李小華"), row(2), row(3)))
        assert set(kinds(register(client, school))) == {Kind.RENAMED, Kind.ADDED}

        undo_import(roster_import=RosterImport.objects.latest("decided_at"), by=registrar)

        assert kinds(register(client, school)) == []
        assert not Student.objects.filter(student_number="10630003").exists()


def test_the_file_has_what_is_shown_and_no_id_number(client, registrar, student):
    correct_student(student=student, values={"identity_number": "A123456789"}, by=registrar, proof="identity")

    answer = register(client, student.school, export="xlsx")

    lines = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert lines[0][:6] == ["異動日期", "異動別", "班級", "座號", "學生", "學號"]
    assert lines[1][1:6] == ["更正", "301", student.seat_number, "許芷瑄", student.student_number]
    assert "A123456789" not in str(lines)
    assert Event.objects.get(event="list.exported").data["rows"] == 1


def test_another_school_sees_nothing_of_it(client, registrar, student):
    status_changes.change_status(student=student, status=Status.LEFT, by=registrar)
    stranger = SchoolClassFactory().school
    log_in(client, registrar_of(stranger))

    assert kinds(register(client, stranger, month="all")) == []
    assert register(client, student.school).status_code == 404


@pytest.mark.parametrize("size", [2, 20])
def test_costs_the_same_queries_whatever_the_size(client, registrar, school_class, django_assert_max_num_queries, size):
    for one in StudentFactory.create_batch(size, school=school_class.school, school_class=school_class):
        status_changes.change_status(student=one, status=Status.ON_LEAVE, by=registrar)

    with django_assert_max_num_queries(5):
        assert len(kinds(register(client, school_class.school))) == size
