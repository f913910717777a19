"""The helpdesk finds an account by what is said on the phone, and by no less."""

import pytest
from django.conf import settings

from accounts import throttle
from accounts.models import User
from binding.actions.ending import end_binding
from tests.accounts.factories import family_of, log_in, registrar_of, staff
from tests.binding.bound import bound
from tests.registry.factories import StudentFactory
from tests.staff.helpdesk import found_by, lock, place

pytestmark = pytest.mark.django_db


def search(client, student, q):
    return found_by(client, student, q).content.decode()


@pytest.mark.parametrize("q", ["1", "10", "P1", "王", "a b", "@"])
def test_too_little_lists_nobody_and_stays_in_the_field(client, helper, student, q):
    StudentFactory(school=student.school, name="Ann Brown", seat_number=2)

    page = search(client, student, q)

    assert "P10630008" not in page
    assert "A•• B•••" not in page
    assert f'value="{q}"' in page


def test_two_characters_are_enough_for_a_name(client, helper, student):
    assert "P10630008" in search(client, student, "小明")


def test_the_end_of_a_number_finds_nothing(client, helper, student):
    assert "P10630008" not in search(client, student, "0008")


def test_another_schools_families_and_staff_are_not_found(client, helper, student):
    stranger = StudentFactory(student_number="10639999")
    staff(stranger.school, account="t1063", name="別校老師")

    page = search(client, student, "1063")
    teachers = search(client, student, "t1063")

    assert "P10630008" in page
    assert "P10639999" not in page
    assert "別校老師" not in teachers


def test_tells_initial_changed_and_locked_apart(client, helper, student):
    assert "最初的密碼" in search(client, student, "10630008")

    family = family_of(student)
    page = search(client, student, "10630008")
    assert "已修改密碼" in page
    assert "鎖定中" not in page

    for _attempt in range(settings.LOGIN_FAILURE_LIMIT):
        throttle.consume(*throttle.scope_of(family))
    assert "鎖定中" in search(client, student, "10630008")


def test_tells_a_locked_family_that_never_came_in(client, helper, student):
    lock(student)

    assert "鎖定中" in search(client, student, "10630008")


def test_tells_an_account_that_was_switched_off(client, helper, student):
    User.objects.filter(pk=family_of(student).pk).update(is_active=False)

    assert "已停用" in search(client, student, "10630008")
    assert "已停用" in client.get(place("-family", student, student.pk)).content.decode()


@pytest.mark.parametrize("q", ["bob@example.com", "Bob＠Example.com"])
def test_a_parents_whole_address_finds_the_child(client, helper, student, q):
    bound(student, helper)

    assert "P10630008" in search(client, student, q)


@pytest.mark.parametrize("q", ["bob@example", "@example.com", "ob@example.com", "bob", "example.com"])
def test_a_part_of_an_address_finds_nothing(client, helper, student, q):
    bound(student, helper)

    assert "P10630008" not in search(client, student, q)


def test_an_address_finds_no_former_parent_and_no_child_of_another_school(client, helper, student):
    there = StudentFactory()
    bound(there, registrar_of(there.school))
    end_binding(binding=bound(student, helper), reason="registrar", by=helper)

    page = search(client, student, "bob@example.com")

    assert "P10630008" not in page
    assert there.portal_account not in page


@pytest.mark.parametrize("q", ["T30", "ｔ３０１", "t301", "林老"])
def test_staff_are_found_by_account_or_name(client, helper, student, q):
    staff(student.school, account="t301", name="林老師")

    assert "林老師" in search(client, student, q)


def test_a_short_staff_account_has_to_be_typed_whole(client, helper, student):
    staff(student.school, account="t9", name="林老師")

    assert "林老師" in search(client, student, "T9")
    assert "林老師" not in search(client, student, "t")


@pytest.mark.parametrize("spelling", ["{}", " {} ", "王小明 {}", "ｎｏ：{}"])
@pytest.mark.parametrize("how", [str, str.lower, lambda number: f"{number[:4]}-{number[4:7]}-{number[7:]}"])
def test_an_id_number_stands_in_no_answer(client, helper, student, spelling, how):
    typed = spelling.format(how(student.identity_number))

    response = found_by(client, student, typed)
    page = response.content.decode()

    assert response.redirect_chain == [(place("", student), 302)]
    assert "請不要輸入證號" in page
    assert how(student.identity_number) not in page
    assert student.identity_number not in str(client.session.items())


def test_leafing_keeps_what_was_typed(client, helper, student):
    for seat in range(2, 56):
        StudentFactory(school=student.school, school_class=student.school_class, seat_number=seat, name="A&B#")

    first = found_by(client, student, "A&B#")
    second = client.get(first.context["listing"].address(page=2)).content.decode()

    assert "第 2 頁，共 2 頁（54 筆）" in second
    assert 'value="A&amp;B#"' in second


def test_what_was_typed_stands_in_no_address(client, helper, student):
    response = found_by(client, student, "王小明")

    assert "P10630008" in response.content.decode()
    assert "%E7%8E%8B" not in response.redirect_chain[0][0]


@pytest.mark.parametrize("size", [3, 60])
def test_an_address_costs_no_more_queries_than_a_name(client, helper, student, django_assert_max_num_queries, size):
    binding = bound(student, helper)
    for seat in range(2, size + 2):
        one = StudentFactory(school=student.school, school_class=student.school_class, seat_number=seat)
        family_of(one)
        binding.pk, binding.student, binding.applicant_id = None, one, applicant_for(one)
        binding.save()
    log_in(client, helper)

    found = found_by(client, student, "bob@example.com")
    with django_assert_max_num_queries(11):
        page = client.get(found.context["listing"].here).content.decode()

    assert f"共 {size + 1} 筆" in page


def applicant_for(student):
    from binding.models import Applicant, Application

    application = Application.objects.create(
        student=student, kind=Application.Kind.ONE_PARENT, started_by=student.family_account
    )
    return Applicant.objects.create(application=application, position=1).pk


def test_who_finds_nobody_is_told_what_to_try(client, helper, student):
    assert "改用學生姓名、家長完整的電子郵件查詢" in search(client, student, "99999999")
    assert "改用學生姓名" not in search(client, student, "1063")


def test_a_colleague_who_was_found_stands_before_families_who_were_not(client, helper, student):
    staff(student.school, account="t777", name="陳怡君")

    page = search(client, student, "t777")

    assert page.index("教職員帳號</h2>") < page.index("家長帳號</h2>")
