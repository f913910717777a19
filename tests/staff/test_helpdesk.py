"""The helpdesk unlocks, resets and sends again, and never sees an ID number."""

import pytest
from django.conf import settings
from django.urls import reverse

from accounts import throttle
from accounts.log_in import log_in_family
from audit.models import Event
from notifications.models import Message
from tests.accounts.factories import PASSWORD, family_of, log_in, staff
from tests.binding.bound import bound
from tests.binding.factories import sent_application
from tests.notifications.factories import written
from tests.registry.factories import StudentFactory
from tests.staff.helpdesk import found_by, lock, place

pytestmark = pytest.mark.django_db


def mail_about(student, **more):
    return written("portal-password-reset", student=student, **more)


@pytest.mark.parametrize("q", ["10630008", "P10630008", "ｐ１０６３", "王小明"])
def test_finds_a_family_by_what_is_said_on_the_phone(client, helper, student, q):
    page = found_by(client, student, q).content.decode()

    assert "P10630008" in page
    assert "王〇明" in page


def test_an_id_number_is_neither_looked_up_nor_kept(client, helper, student):
    page = found_by(client, student, student.identity_number)

    assert "請不要輸入證號" in page.content.decode()
    assert student.identity_number not in page.content.decode()


def test_no_page_shows_an_id_number_not_even_masked(client, helper, student):
    family_of(student)
    pages = [found_by(client, student, "1063"), client.get(place("-family", student, student.pk))]

    for page in pages:
        assert student.identity_number not in page.content.decode()
        assert student.masked_identity not in page.content.decode()


def test_unlocks_an_account_at_once(client, helper, student):
    family_of(student)
    lock(student)
    assert "鎖定中" in client.get(place("-family", student, student.pk)).content.decode()

    client.post(place("-unlock", student, student.pk))

    how = {"school": student.school, "account": student.portal_account}
    assert log_in_family(**how, password=PASSWORD) is not None
    assert Event.objects.get(event="account.unlocked").actor_id == helper.pk


def test_unlocks_a_family_that_never_came_in(client, helper, student):
    lock(student)

    client.post(place("-unlock", student, student.pk))

    assert throttle.consume("portal", f"{student.school_id}/{student.portal_account}")


def test_unlocks_staff(client, helper, student):
    teacher = staff(student.school, account="t9")
    for _attempt in range(settings.LOGIN_FAILURE_LIMIT):
        throttle.consume("staff", f"{student.school_id}/t9")
    assert "鎖定中" in found_by(client, student, "t9").content.decode()

    client.post(place("-staff-unlock", student, teacher.pk))

    assert throttle.consume("staff", f"{student.school_id}/t9")


class TestReset:
    def test_the_initial_password_works_again_and_every_session_ends(self, client, helper, student):
        family = family_of(student)
        other = type(client)()
        log_in(other, family)
        tasks = reverse("binding:tasks", args=[student.school.slug])
        assert other.get(tasks).status_code == 200

        client.post(place("-reset", student, student.pk))

        family.refresh_from_db()
        assert family.must_change_password
        assert other.get(tasks).status_code == 302
        how = {"school": student.school, "account": student.portal_account}
        assert log_in_family(**how, password=student.identity_number) == family

    def test_bound_parents_are_told(self, client, helper, student):
        binding = bound(student, helper)
        Message.objects.all().delete()

        client.post(place("-reset", student, student.pk))

        mail = Message.objects.get(kind="portal-password-reset")
        assert (mail.to, mail.student_id) == (binding.account.user.email, student.pk)

    def test_else_who_applied_is_told(self, client, helper, student):
        sent_application(student)

        client.post(place("-reset", student, student.pk))

        assert Message.objects.get(kind="portal-password-reset").to == "bob@example.com"

    def test_twice_is_once(self, client, helper, student):
        sent_application(student)

        client.post(place("-reset", student, student.pk))
        page = client.post(place("-reset", student, student.pk), follow=True).content.decode()

        assert "不必重設" in page
        assert Event.objects.filter(event="password.reset").count() == 1
        assert Message.objects.filter(kind="portal-password-reset").count() == 1

    def test_asks_before_it_does(self, client, helper, student):
        family = family_of(student)

        assert "請先確認打電話來的" in client.get(place("-reset", student, student.pk)).content.decode()
        family.refresh_from_db()
        assert family.has_usable_password()


class TestMails:
    def test_history_shows_state_and_masked_address(self, client, helper, student):
        mail_about(student)

        page = client.get(place("-family", student, student.pk)).content.decode()

        assert "等待寄送" in page
        assert "bob@example.com" not in page
        assert "@example.com" in page

    def test_one_is_sent_again_and_it_is_an_event(self, client, helper, student):
        mail = mail_about(student)
        Message.objects.update(state="dead")

        client.post(place("-resend", student, mail.pk))

        mail.refresh_from_db()
        assert mail.state == "queued"
        assert Event.objects.get(event="message.resent").actor_id == helper.pk

    def test_mails_of_another_school_or_of_nobodys_child_do_not_exist(self, client, helper, student):
        theirs = mail_about(StudentFactory())
        official = written("portal-password-reset", "x@example.com", school=student.school)

        for mail in (theirs, official):
            assert client.post(place("-resend", student, mail.pk)).status_code == 404

    def test_what_the_former_school_mailed_stays_there(self, client, helper, student):
        other = StudentFactory()
        mail = mail_about(student)
        Message.objects.filter(pk=mail.pk).update(school_id=other.school_id)

        assert "等待寄送" not in client.get(place("-family", student, student.pk)).content.decode()


@pytest.mark.parametrize("name", ["-family", "-reset", "-unlock"])
def test_another_schools_family_does_not_exist(client, helper, student, name):
    stranger = StudentFactory()

    assert client.post(place(name, student, stranger.pk)).status_code == 404


@pytest.mark.parametrize("size", [3, 60])
def test_the_search_costs_the_same_queries_whatever_it_finds(
    client, helper, student, django_assert_max_num_queries, size
):
    for seat in range(2, size + 2):
        one = StudentFactory(school=student.school, school_class=student.school_class, seat_number=seat, name="王大同")
        family_of(one)
    for number in range(min(size, 20)):
        staff(student.school, account=f"w{number}", name="王師")

    found = found_by(client, student, "王").context["listing"].here
    with django_assert_max_num_queries(10):
        client.get(found)


def test_the_first_page_tells_of_mails_that_did_not_arrive_at_the_own_school(client, helper, student):
    other = StudentFactory()
    for mine, subject in ((student, "沒有到的信"), (other, "別校的信")):
        mail = mail_about(mine, to="bob@example.com")
        Message.objects.filter(pk=mail.pk).update(state="dead", subject=subject, text="", html="")

    page = client.get(place("", student)).content.decode()

    assert "沒有到的信" in page
    assert place("-family", student, student.pk) in page
    assert "bob@example.com" not in page
    assert "別校的信" not in page


def test_the_first_page_of_a_school_whose_mails_arrive_says_what_to_do_with_a_call(client, helper, student):
    mail_about(student)

    page = client.get(place("", student)).content.decode()

    assert "沒有送達的信" not in page
    assert "先查，再問" in page


@pytest.mark.parametrize("many", [1, 15])
def test_the_first_page_costs_the_same_however_many_mails_fail(
    client, helper, student, many, django_assert_max_num_queries
):
    for _one in range(many):
        mail = mail_about(StudentFactory(school=student.school))
        Message.objects.filter(pk=mail.pk).update(state="dead", text="", html="")

    with django_assert_max_num_queries(9):
        client.get(place("", student))
