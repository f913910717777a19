"""Staff accounts: invited by a link that works once, given roles by who may, out at once when these are taken."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.models import User
from audit.models import Event
from notifications.models import Message
from registry.roles import Role
from staff import accounts as staff_actions
from staff.models import StaffInvitation
from tests.accounts.factories import city_admin, log_in, registrar_of, staff
from tests.registry.factories import SchoolFactory

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "seven quiet boats at noon"


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def admin(client, school):
    user = staff(school, Role.SCHOOL_ADMIN, account="principal", name="校長")
    log_in(client, user)
    return user


def place(name, school, *args):
    return reverse(f"staff:{name}", args=[school.slug, *args])


def invite(client, school, **more):
    typed = {"account": "Ｔ301", "name": "林淑芬", "email": "Lin@example.com", "roles": ["homeroom_teacher"], **more}
    return client.post(place("staff-invite", school), typed, follow=True).content.decode()


def link_of(mail):
    return re.search(r"https?://\S+", mail.text)[0].partition("/invitation/")[2]


def open_link(client, school, link):
    return client.get(place("invitation", school) + link)


def set_password(client, school, link, password=NEW_PASSWORD):
    token = link.partition("token=")[2]
    typed = {"token": token, "new_password": password, "confirmation": password}
    return client.post(place("invitation", school), typed, follow=True)


class TestInviting:
    def test_the_person_sets_the_password_and_comes_in(self, client, school, admin):
        invite(client, school)
        user = User.objects.get(school=school, account="t301")
        assert not user.has_usable_password()
        mail = Message.objects.get(kind="staff-invited")
        assert mail.to == "lin@example.com"
        guest = type(client)()

        assert open_link(guest, school, link_of(mail))["Referrer-Policy"] == "strict-origin"
        page = set_password(guest, school, link_of(mail))

        user.refresh_from_db()
        assert "密碼已經設定" in page.content.decode()
        assert user.check_password(NEW_PASSWORD)
        assert user.roles == {"homeroom_teacher"}
        assert not user.must_change_password

    def test_the_link_works_once(self, client, school, admin):
        invite(client, school)
        link = link_of(Message.objects.get())
        set_password(type(client)(), school, link)

        assert "這個連結不能用了" in open_link(type(client)(), school, link).content.decode()
        set_password(type(client)(), school, link, "another quiet boat here")
        assert User.objects.get(account="t301").check_password(NEW_PASSWORD)

    def test_opening_it_uses_nothing_up(self, client, school, admin):
        invite(client, school)
        link = link_of(Message.objects.get())

        for _scanner in range(3):
            assert "設定密碼" in open_link(type(client)(), school, link).content.decode()

    def test_it_runs_out(self, client, school, admin):
        invite(client, school)
        StaffInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        page = open_link(type(client)(), school, link_of(Message.objects.get()))

        assert "這個連結不能用了" in page.content.decode()

    def test_a_new_link_ends_the_one_before(self, client, school, admin):
        invite(client, school)
        first = link_of(Message.objects.get())
        user = User.objects.get(account="t301")

        client.post(place("staff-link", school, user.pk))

        second = link_of(Message.objects.first())
        assert "不能用了" in open_link(type(client)(), school, first).content.decode()
        assert "不能用了" not in open_link(type(client)(), school, second).content.decode()

    def test_a_corrected_address_ends_the_link_mailed_to_the_wrong_one(self, client, school, admin):
        invite(client, school)
        user = User.objects.get(account="t301")
        typed = {"name": user.name, "email": "right@example.com", "roles": ["homeroom_teacher"]}

        client.post(place("staff-person", school, user.pk), typed)

        page = open_link(type(client)(), school, link_of(Message.objects.get()))
        assert "這個連結不能用了" in page.content.decode()
        assert Event.objects.get(event="account.changed").data == {"changed": ["email"]}

    def test_it_belongs_to_its_school(self, client, school, admin):
        invite(client, school)

        page = open_link(type(client)(), SchoolFactory(), link_of(Message.objects.get()))

        assert "這個連結不能用了" in page.content.decode()

    def test_the_token_is_kept_nowhere_but_in_the_mail(self, client, school, admin):
        invite(client, school)
        token = link_of(Message.objects.get()).partition("token=")[2]

        kept = str(list(StaffInvitation.objects.values())) + str(list(Event.objects.values()))
        assert len(token) >= 40
        assert token not in kept

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"account": "林老師"}, "導師帳號只能有"),
            ({"account": "principal"}, "已"),
            ({"account": "a123456789"}, "請不要在這裡寫身分證統一編號"),
            ({"email": "A123456789@example.com"}, "這個電子郵件裡有身分證字號"),
            ({"name": "A123456789"}, "請不要在這裡寫身分證統一編號"),
            ({"email": "nobody"}, "電子郵件"),
            ({"roles": ["king"]}, "king"),
        ],
    )
    def test_what_is_wrong_is_said_and_nobody_invited(self, client, school, admin, more, words):
        assert words in invite(client, school, **more)
        assert not Message.objects.exists()
        assert User.objects.filter(school=school).count() == 1

    @pytest.mark.parametrize("password", ["short", "t301", "林淑芬"])
    def test_a_weak_password_is_refused(self, client, school, admin, password):
        invite(client, school)
        link = link_of(Message.objects.get())

        set_password(type(client)(), school, link, password)

        assert not User.objects.get(account="t301").has_usable_password()


class TestRoles:
    @pytest.fixture
    def teacher(self, school):
        return staff(school, Role.HOMEROOM_TEACHER, account="t301", name="林淑芬", email="lin@example.com")

    def change(self, client, school, user, roles):
        typed = {"name": user.name, "email": user.email, "roles": roles}
        return client.post(place("staff-person", school, user.pk), typed, follow=True).content.decode()

    def test_a_role_given_or_taken_ends_the_sessions(self, client, school, admin, teacher):
        other = log_in(type(client)(), teacher)
        desk = reverse("review:home", args=[school.slug])
        assert other.get(desk).status_code == 200

        self.change(client, school, teacher, ["registrar"])

        assert other.get(desk).status_code == 302
        data = Event.objects.get(event="staff.roles_changed").data
        assert data == {"given": ["registrar"], "taken": ["homeroom_teacher"]}

    def test_saving_the_same_leaves_sessions_alone(self, client, school, admin, teacher):
        other = log_in(type(client)(), teacher)

        self.change(client, school, teacher, ["homeroom_teacher"])

        assert other.get(reverse("review:home", args=[school.slug])).status_code == 200

    def test_switched_off_is_out_at_once_and_cannot_come_back(self, client, school, admin, teacher):
        other = log_in(type(client)(), teacher)

        client.post(place("staff-switch", school, teacher.pk))

        assert other.get(reverse("review:home", args=[school.slug])).status_code == 302
        teacher.refresh_from_db()
        assert not teacher.is_active
        client.post(place("staff-switch", school, teacher.pk), {"is_active": "on"})
        teacher.refresh_from_db()
        assert teacher.is_active

    def test_nobody_changes_the_own_account(self, client, school, admin):
        admin.email = "boss@example.com"
        page = self.change(client, school, admin, ["school_admin", "registrar"])

        assert "不能修改自己的帳號" in page
        client.post(place("staff-switch", school, admin.pk))
        admin.refresh_from_db()
        assert admin.is_active
        assert set(admin.role_rows.values_list("role", flat=True)) == {"school_admin"}

    def test_who_holds_no_such_right_gives_no_role(self, school, teacher):
        registrar = registrar_of(school)

        with pytest.raises(staff_actions.NotAllowed):
            staff_actions.change(user=teacher, name="x", email="x@example.com", roles=["school_admin"], by=registrar)
        with pytest.raises(staff_actions.NotAllowed):
            staff_actions.invite(
                school=school, account="x", name="x", email="x@example.com", roles=["cashier"], by=registrar
            )

    def test_who_lost_the_right_a_moment_ago_gives_no_role(self, school, admin, teacher):
        assert admin.roles
        admin.role_rows.all().delete()

        with pytest.raises(staff_actions.NotAllowed):
            staff_actions.change(user=teacher, name="x", email="x@example.com", roles=[], by=admin)

    def test_two_admins_do_not_switch_each_other_off(self, school, admin):
        other = staff(school, Role.SCHOOL_ADMIN, account="deputy")
        staff_actions.switch(user=User.objects.get(pk=other.pk), is_active=False, by=admin)

        with pytest.raises(staff_actions.NotAllowed):
            staff_actions.switch(user=admin, is_active=False, by=other)

    def test_nobody_is_invited_to_another_school(self, school, admin):
        with pytest.raises(staff_actions.NotAllowed):
            staff_actions.invite(
                school=SchoolFactory(), account="x", name="x", email="x@example.com", roles=[], by=admin
            )

    def test_another_schools_people_do_not_exist(self, client, school, admin):
        stranger = registrar_of(SchoolFactory())

        for name in ("staff-person", "staff-link", "staff-switch", "staff-second-factor"):
            assert client.post(place(name, school, stranger.pk)).status_code == 404
        with pytest.raises(staff_actions.NotAllowed):
            staff_actions.switch(user=stranger, is_active=False, by=admin)

    def test_families_are_no_staff(self, client, school, admin):
        from tests.accounts.factories import family_of
        from tests.registry.factories import StudentFactory

        family = family_of(StudentFactory(school=school))

        assert client.post(place("staff-link", school, family.pk)).status_code == 404

    def test_a_lost_phone_is_forgotten_and_sessions_end(self, client, school, admin, teacher):
        other = log_in(type(client)(), teacher)

        client.post(place("staff-second-factor", school, teacher.pk))

        assert other.get(reverse("review:home", args=[school.slug])).status_code == 302
        assert Event.objects.filter(event="second_factor.reset").exists()

    def test_a_phone_forgotten_by_the_city_ends_sessions_too(self, client, school, teacher):
        other = log_in(type(client)(), teacher)

        second_factor.reset(teacher, by=city_admin())

        assert other.get(reverse("review:home", args=[school.slug])).status_code == 302

    def test_roles_given_in_the_citys_admin_end_sessions_too(self, client, school, teacher):
        city = city_admin()
        log_in(client, city)
        other = log_in(type(client)(), teacher)
        row = teacher.role_rows.get()
        data = {
            "name": teacher.name, "email": teacher.email, "is_active": "on", "number": "",
            "role_rows-TOTAL_FORMS": 2, "role_rows-INITIAL_FORMS": 1,
            "role_rows-0-id": row.pk, "role_rows-0-user": teacher.pk, "role_rows-0-role": row.role,
            "role_rows-1-user": teacher.pk, "role_rows-1-role": "cashier",
        }  # fmt: skip

        assert client.post(reverse("admin:accounts_user_change", args=[teacher.pk]), data).status_code == 302

        assert other.get(reverse("review:home", args=[school.slug])).status_code == 302
        assert Event.objects.get(event="staff.roles_changed").data["given"] == ["cashier"]


@pytest.mark.parametrize("size", [2, 60])
def test_the_list_costs_the_same_queries_whatever_its_length(
    client, school, admin, django_assert_max_num_queries, size
):
    for number in range(size):
        staff(school, Role.HOMEROOM_TEACHER, account=f"t{number}")

    with django_assert_max_num_queries(7):
        assert client.get(place("staff-accounts", school), {"role": "homeroom_teacher"}).status_code == 200
