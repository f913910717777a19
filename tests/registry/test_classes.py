"""Who teaches a class, from when to when, and what that opens."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from registry import homeroom
from registry.models import HomeroomDuty, SchoolClass
from registry.roles import Role
from tests.accounts.factories import log_in, registrar_of, staff, teacher_of
from tests.binding.factories import sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def registrar(client, school_class):
    user = registrar_of(school_class.school)
    log_in(client, user)
    return user


def give(client, school_class, account, **more):
    place = reverse("registry:class", args=[school_class.school.slug, school_class.pk])
    return client.post(place, {"account": account, **more}, follow=True).content.decode()


def test_a_new_homeroom_teacher_takes_over_what_is_pending(client, registrar, school_class):
    former = teacher_of(school_class)
    new = staff(school_class.school, Role.HOMEROOM_TEACHER, account="new")
    application = sent_application(StudentFactory(school=school_class.school, school_class=school_class))
    place = reverse("review:application", args=[school_class.school.slug, application.pk])

    give(client, school_class, "NEW", name="新導師")

    assert log_in(client, new).get(place).status_code == 200
    assert log_in(client, former).get(place).status_code == 404
    assert Event.objects.get(event="homeroom.assigned").data["account"] == "new"


def test_a_substitute_stands_in_for_a_time(client, registrar, school_class):
    teacher = teacher_of(school_class)
    substitute = staff(school_class.school, Role.HOMEROOM_TEACHER, account="sub")
    today = timezone.localdate()

    give(client, school_class, "sub", is_substitute="on", ends_on=(today + timedelta(days=3)).isoformat())

    assert {duty.account for duty in school_class.homerooms} == {teacher.account, "sub"}
    assert school_class.homeroom.account == teacher.account
    duty = HomeroomDuty.objects.get(account="sub")
    assert SchoolClass.objects.taught_by(substitute).count() == 1
    duty.starts_on, duty.ends_on = today - timedelta(days=9), today - timedelta(days=1)
    duty.save()
    assert SchoolClass.objects.taught_by(substitute).count() == 0


def test_a_duty_that_begins_later_opens_nothing_yet(client, registrar, school_class):
    coming = staff(school_class.school, Role.HOMEROOM_TEACHER, account="later")
    former = school_class.homeroom.account

    give(client, school_class, "later", starts_on=(timezone.localdate() + timedelta(days=9)).isoformat())

    assert SchoolClass.objects.taught_by(coming).count() == 0
    assert school_class.homeroom.account == former


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"account": "林老師"}, "導師帳號只能有"),
        ({"starts_on": "?"}, "日期格式無法辨識"),
        ({"ends_on": "2001-01-01", "is_substitute": "on"}, "結束日不能早於開始日"),
        ({"ends_on": "2099-01-01"}, "只有代理導師要填結束日"),
        ({"contact": "A123456789"}, "請不要在這裡寫身分證統一編號"),
    ],
)
def test_what_is_wrong_is_said(client, registrar, school_class, more, words):
    assert words in give(client, school_class, **{"account": "t9", **more})
    assert HomeroomDuty.objects.count() == 1


def test_assigning_the_same_again_changes_name_and_contact_only(client, registrar, school_class):
    give(client, school_class, school_class.homeroom.account, name="林新名", contact="分機 9")

    duty = HomeroomDuty.objects.get()
    assert (duty.name, duty.contact) == ("林新名", "分機 9")


def test_an_account_that_nobody_has_is_refused_and_the_teacher_stays(client, registrar, school_class):
    page = give(client, school_class, "nobody")

    assert "本校沒有 nobody 這個教職員帳號" in page
    assert school_class.homeroom.account == "t301"


def test_an_account_that_was_closed_or_belongs_to_another_school_is_refused(client, registrar, school_class):
    staff(school_class.school, Role.HOMEROOM_TEACHER, account="gone", is_active=False)
    staff(SchoolClassFactory().school, Role.HOMEROOM_TEACHER, account="else")

    assert "已經停用" in give(client, school_class, "gone", is_awaited="on")
    assert "本校沒有 else" in give(client, school_class, "else")
    assert HomeroomDuty.objects.filter(school_class=school_class).count() == 1


def test_a_teacher_whose_account_is_still_to_come_is_registered_when_that_is_said(client, registrar, school_class):
    give(client, school_class, "coming", is_awaited="on", name="林新來")

    assert school_class.homeroom.account == "coming"


def test_the_schools_staff_is_offered(client, registrar, school_class):
    staff(school_class.school, Role.HOMEROOM_TEACHER, account="t305", name="陳怡君")
    page = client.get(reverse("registry:class", args=[school_class.school.slug, school_class.pk]))

    assert '<option value="t305">陳怡君</option>' in page.content.decode()


def test_what_is_known_of_a_teacher_need_not_be_typed(client, registrar, school_class):
    other = SchoolClassFactory(school=school_class.school, homeroom="t305")
    other.duties.update(contact="分機 305")
    staff(school_class.school, Role.HOMEROOM_TEACHER, account="t305", name="陳怡君")

    give(client, school_class, "t305")

    assert (school_class.homeroom.name, school_class.homeroom.contact) == ("陳怡君", "分機 305")


def test_a_teacher_who_began_today_stays_on_the_list(client, registrar, school_class):
    school_class.duties.update(starts_on=timezone.localdate())
    staff(school_class.school, Role.HOMEROOM_TEACHER, account="t305")

    page = give(client, school_class, "t305")

    assert "t301" in page
    assert school_class.homeroom.account == "t305"
    assert school_class.duties.today().count() == 1


def test_a_duty_ends_today(client, registrar, school_class):
    duty = school_class.homeroom
    place = reverse("registry:duty-end", args=[school_class.school.slug, school_class.pk, duty.pk])

    client.post(place)

    duty.refresh_from_db()
    assert duty.ends_on == timezone.localdate()


def test_another_schools_class_does_not_exist(client, registrar):
    stranger = SchoolClassFactory()
    place = reverse("registry:class", args=[registrar.school.slug, stranger.pk])

    assert client.post(place, {"account": "t9"}).status_code == 404


@pytest.mark.parametrize("size", [2, 40])
def test_the_list_costs_the_same_queries_whatever_the_size(
    client, registrar, school_class, django_assert_max_num_queries, size
):
    SchoolClassFactory.create_batch(size, school=school_class.school)

    with django_assert_max_num_queries(8):
        client.get(reverse("registry:classes", args=[school_class.school.slug]))


class TestTwoTeachers:
    @pytest.fixture
    def school_class(self):
        one = SchoolClassFactory()
        HomeroomDuty.objects.create(school_class=one, account="second", place=2, starts_on=one.duties.get().starts_on)
        return one

    def accounts(self, school_class):
        return [duty.account for duty in school_class.homerooms]

    def test_a_new_first_one_leaves_the_second(self, school_class):
        homeroom.assign(school_class=school_class, account="new", by=None)

        assert self.accounts(school_class) == ["new", "second"]

    def test_the_second_becomes_the_first_without_a_new_duty(self, school_class):
        homeroom.assign(school_class=school_class, account="second", by=None)

        assert self.accounts(school_class) == ["second"]
        assert school_class.duties.get(account="second").place == 1

    def test_what_ended_before_is_not_made_longer(self, school_class):
        duty = school_class.duties.get(place=2)
        yesterday = timezone.localdate() - timedelta(days=1)
        homeroom.end_duty(duty=duty, by=None, last_day=yesterday)

        homeroom.end_duty(duty=duty, by=None)

        duty.refresh_from_db()
        assert duty.ends_on == yesterday
