"""The school administrator writes what families read of the school, and reads what happened there."""

import re

import pytest
from django.urls import reverse

from audit import log
from audit.models import Event
from registry.models import School
from registry.roles import Role
from tests.accounts.factories import log_in, staff
from tests.registry.factories import SchoolFactory, StudentFactory
from tests.support.lists import search

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = staff(SchoolFactory(), Role.SCHOOL_ADMIN, account="principal")
    log_in(client, user)
    return user


def place(name, school):
    return reverse(f"staff:{name}", args=[school.slug])


def values_of(school, **more):
    return {
        "helpdesk_phone": "02-2321-6256 分機 255", "helpdesk_office": "", "registrar_phone": "23216256#222", "registrar_office": "",
        "cashier_phone": "23216256", "cashier_office": "", "notice": "", "binding_deadline": "", "english_name": "", **more,
    }  # fmt: skip


def test_what_is_written_families_read_at_once(client, admin):
    school = admin.school
    typed = values_of(
        school,
        helpdesk_phone="02-2999-8888#7",
        helpdesk_office="資訊室",
        notice="請在開學前完成",
        binding_deadline="116/1/31",
    )

    client.post(place("own-school", school), typed)

    school.refresh_from_db()
    assert (str(school.helpdesk_phone), school.binding_deadline.isoformat()) == ("02-2999-8888 分機 7", "2027-01-31")
    front = client.get(reverse("accounts:school", args=[school.slug])).content.decode()
    assert "請在開學前完成" in front
    assert "資訊室" in front
    changed = Event.objects.get(event="school.changed").data["changed"]
    assert {"helpdesk_phone", "helpdesk_office", "notice", "binding_deadline"} <= set(changed)
    assert 'value="116/01/31"' in client.get(place("own-school", school)).content.decode()


def test_saving_the_same_is_no_event(client, admin):
    client.post(place("own-school", admin.school), values_of(admin.school))
    before = Event.objects.filter(event="school.changed").count()

    client.post(place("own-school", admin.school), values_of(admin.school))

    assert Event.objects.filter(event="school.changed").count() == before


def test_what_a_colleague_wrote_since_the_page_was_opened_stays(client, admin):
    client.post(place("own-school", admin.school), values_of(admin.school, notice="原來的公告"))
    page = client.get(place("own-school", admin.school)).content.decode()
    shown = {
        f"initial-{name}": value for name, value in re.findall(r'name="initial-([a-z_]+)"(?: value="([^"]*)")?', page)
    }
    School.objects.filter(pk=admin.school_id).update(notice="同仁剛改的公告")

    typed = values_of(admin.school, notice="原來的公告", cashier_phone="02-2999-1234")
    client.post(place("own-school", admin.school), typed | shown)

    admin.school.refresh_from_db()
    assert (admin.school.notice, str(admin.school.cashier_phone)) == ("同仁剛改的公告", "02-2999-1234")


def test_the_log_is_searched_by_who(client, admin):
    log.record("school.changed", by=admin, target=admin.school, school=admin.school)
    other = staff(admin.school, Role.REGISTRAR, account="registrar", name="註冊組長")
    log.record("school.changed", by=other, target=admin.school, school=admin.school)

    answer = search(client, place("event-log", admin.school), "events", "registrar")

    assert {one.actor_id for one in answer.context["listing"].shown} == {other.pk}


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("helpdesk_phone", "abc", "電話請寫成"),
        ("helpdesk_phone", "", "aria-invalid"),
        ("binding_deadline", "下週三", "日期格式無法辨識"),
        ("notice", "A123456789", "請不要在這裡寫身分證統一編號"),
        ("registrar_office", "A123456789", "請不要在這裡寫身分證統一編號"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(client, admin, field, typed, words):
    page = client.post(place("own-school", admin.school), values_of(admin.school, **{field: typed})).content.decode()

    assert words in page
    assert not Event.objects.filter(event="school.changed").exists()


def test_the_name_and_the_address_are_the_citys(client, admin):
    name, slug = admin.school.name, admin.school.slug

    client.post(place("own-school", admin.school), values_of(admin.school, name="x", slug="x", is_active=""))

    admin.school.refresh_from_db()
    assert (admin.school.name, admin.school.slug, admin.school.is_active) == (name, slug, True)


class TestEventLog:
    def event(self, school, kind, **fields):
        return Event.objects.create(
            event=kind, school_id=school.pk, actor_label="someone", actor_kind="staff", **fields
        )

    def page(self, client, school, **query):
        return client.get(place("event-log", school), query).content.decode()

    def test_says_in_words_what_happened_here_and_nothing_of_elsewhere(self, client, admin):
        student = StudentFactory(school=admin.school)
        self.event(
            admin.school,
            "applicant.approved",
            target_type="registry.student",
            target_id=str(student.pk),
            data={"x": "secret"},
        )
        self.event(SchoolFactory(), "bill.voided")

        shown = self.page(client, admin.school)

        assert "核可申請人" in shown
        assert f"學生 #{student.pk}" in shown
        assert '<th scope="row">作廢繳費單' not in shown
        assert "secret" not in shown
        assert student.name not in shown

    def test_is_narrowed_by_its_kind(self, client, admin):
        self.event(admin.school, "applicant.approved")
        self.event(admin.school, "bill.voided")

        assert '<th scope="row">核可申請人' not in self.page(client, admin.school, group="money")
        assert '<th scope="row">核可申請人' in self.page(client, admin.school, group="review")

    @pytest.mark.parametrize("many", [1, 70])
    def test_costs_the_same_however_long(self, client, admin, many, django_assert_max_num_queries):
        for _one in range(many):
            self.event(admin.school, "bill.voided", target_type="gone.table", target_id="1")

        with django_assert_max_num_queries(8):
            self.page(client, admin.school)
