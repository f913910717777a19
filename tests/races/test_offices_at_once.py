"""Two people at once at the desks of the city and of a school's administrator, with real threads on PostgreSQL."""

import pytest

from accounts.models import StaffRole, User
from audit.models import Event
from oidc import keys
from oidc.models import SigningKey
from registry.models import School, SchoolImport
from registry.roles import Role
from registry.schools import importing as schools
from registry.schools.opening import switch
from registry.schools.reading import Checked
from staff import accounts, importing
from staff.models import StaffImport
from staff.school import write
from tests.accounts.factories import city_admin, staff
from tests.races.threads import at_once, kinds_of
from tests.registry.factories import SchoolClassFactory, SchoolFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def line(code, **more):
    """A row of a list of schools as it was checked."""
    values = {"code": code, "name": f"臺北市立第{code}國民中學", "short_name": f"第{code}", "slug": f"s{code}"}
    phones = dict.fromkeys(schools.PHONES, "02-2321-6256")
    return dict.fromkeys(schools.COLUMNS, "") | values | phones | more


def school_list(*rows, by):
    return schools.keep_for_preview(checked=Checked(list(rows), [], {}), name="x.xlsx", by=by)


def person(account, *roles, **more):
    """A row of a list of staff as it was checked."""
    values = {"account": account, "name": "林老師", "email": f"{account}@example.com", "roles": list(roles)}
    return values | {"class_name": "", "contact": "", "sheet": ""} | more


def staff_list(school, *rows, by):
    return importing.keep_for_preview(school=school, checked=Checked(list(rows), [], {}), name="x.xlsx", by=by)


class TestSchoolsByFile:
    def test_two_who_confirm_the_same_list_write_it_once(self):
        city = city_admin()
        kept = school_list(line("901"), line("902"), by=city)

        outcomes = at_once(*[lambda: schools.apply_import(school_import=kept, by=city)] * 4)

        assert kinds_of(outcomes) == ["InvalidMove"] * 3 + ["dict"]
        assert School.objects.filter(code__in=["901", "902"]).count() == 2
        assert Event.objects.filter(event="schools.imported").count() == 1

    @pytest.mark.parametrize("_turn", range(3))
    def test_two_lists_with_one_new_school_add_it_once(self, _turn):
        city = city_admin()
        one = school_list(line("901"), by=city)
        other = SchoolImport.objects.create(rows=[line("901", name="另一個校名")], name="y.xlsx", uploaded_by=city)

        outcomes = at_once(
            *[lambda kept=kept: schools.apply_import(school_import=kept, by=city) for kept in (one, other)]
        )

        assert kinds_of(outcomes) == ["dict", "dict"]
        assert sorted(one["new"] for one in outcomes) == [0, 1]
        assert School.objects.filter(code="901").count() == 1

    @pytest.mark.parametrize("_turn", range(3))
    def test_a_list_and_an_own_edit_lose_nothing_of_each_other(self, _turn):
        city, school = city_admin(), SchoolFactory(code="901", short_name="原名")
        kept = school_list(line("901", slug=school.slug, name=school.name, short_name="新名"), by=city)

        outcomes = at_once(
            lambda: schools.apply_import(school_import=kept, by=city),
            lambda: write(school=school, values={"notice": "停課"}, by=city),
        )

        assert kinds_of(outcomes) == ["bool", "dict"]
        school.refresh_from_db()
        assert (school.short_name, school.notice) == ("新名", "停課")

    def test_a_list_that_is_kept_while_another_is_written_does_not_take_it_back(self):
        city = city_admin()
        kept = school_list(line("901"), by=city)

        outcomes = at_once(
            lambda: schools.apply_import(school_import=kept, by=city), lambda: school_list(line("902"), by=city)
        )

        kept.refresh_from_db()
        assert (kept.state == "applied") == School.objects.filter(code="901").exists()
        assert kinds_of(outcomes) in (["SchoolImport", "dict"], ["InvalidMove", "SchoolImport"])


class TestOpeningAndClosing:
    def test_two_who_close_say_it_once(self):
        city, school = city_admin(), SchoolFactory()

        outcomes = at_once(*[lambda: switch(school=school, is_active=False, by=city)] * 4)

        assert sorted(outcomes) == [False, False, False, True]
        assert Event.objects.filter(event="school.closed").count() == 1

    @pytest.mark.parametrize("_turn", range(3))
    def test_opening_and_closing_end_as_the_last_event_says(self, _turn):
        city, school = city_admin(), SchoolFactory()

        at_once(
            *[lambda wanted=wanted: switch(school=school, is_active=wanted, by=city) for wanted in (False, True) * 3]
        )

        school.refresh_from_db()
        last = Event.objects.filter(event__in=["school.opened", "school.closed"]).order_by("-pk").first()
        assert school.is_active == (last is None or last.event == "school.opened")

    def test_closing_while_the_school_edits_its_notice(self):
        city, school = city_admin(), SchoolFactory()

        at_once(
            lambda: switch(school=school, is_active=False, by=city),
            lambda: write(school=school, values={"notice": "停課"}, by=city),
        )

        school.refresh_from_db()
        assert (school.is_active, school.notice) == (False, "停課")


class TestKeys:
    @pytest.mark.parametrize("_turn", range(2))
    def test_of_two_who_turn_the_key_they_saw_one_does(self, _turn):
        keys.make_first()
        seen = SigningKey.objects.current().kid

        outcomes = at_once(*[lambda: keys.rotate(instead_of=seen)] * 3)

        assert kinds_of(outcomes) == ["AlreadyTurned", "AlreadyTurned", "SigningKey"]
        assert (
            SigningKey.objects.filter(state="current").count() == SigningKey.objects.filter(state="next").count() == 1
        )

    def test_two_commands_turn_one_after_the_other(self):
        keys.make_first()

        outcomes = at_once(*[keys.rotate] * 2)

        assert kinds_of(outcomes) == ["SigningKey", "SigningKey"]
        assert SigningKey.objects.filter(state="retired").count() == 2


class TestStaffByFile:
    def test_two_admins_who_confirm_the_same_list_invite_once(self):
        admin, school = self.admins()
        kept = staff_list(school, person("wang", Role.REGISTRAR), person("chen", Role.CASHIER), by=admin[0])

        outcomes = at_once(*[lambda by=by: importing.apply_import(staff_import=kept, by=by) for by in admin * 2])

        assert kinds_of(outcomes) == ["InvalidMove"] * 3 + ["dict"]
        assert Event.objects.filter(event="staff.invited").count() == 2

    @pytest.mark.parametrize("_turn", range(3))
    def test_two_lists_with_one_person_give_both_roles(self, _turn):
        admin, school = self.admins()
        one = staff_list(school, person("wang", Role.REGISTRAR), by=admin[0])
        other = StaffImport.objects.create(
            school=school, rows=[person("wang", Role.CASHIER)], name="y.xlsx", uploaded_by=admin[1]
        )

        outcomes = at_once(
            lambda: importing.apply_import(staff_import=one, by=admin[0]),
            lambda: importing.apply_import(staff_import=other, by=admin[1]),
        )

        assert kinds_of(outcomes) == ["dict", "dict"]
        assert User.objects.get(account="wang").roles == {Role.REGISTRAR, Role.CASHIER}

    @pytest.mark.parametrize("_turn", range(3))
    def test_a_list_and_an_invitation_by_hand(self, _turn):
        admin, school = self.admins()
        kept = staff_list(school, person("wang", Role.REGISTRAR), person("chen", Role.CASHIER), by=admin[0])
        by_hand = {"account": "wang", "name": "王", "email": "wang@example.com", "roles": [Role.CASHIER]}

        outcomes = at_once(
            lambda: importing.apply_import(staff_import=kept, by=admin[0]),
            lambda: accounts.invite(school=school, by=admin[1], **by_hand),
        )

        assert kinds_of(outcomes) in (["User", "dict"], ["ValidationError", "dict"])
        assert User.objects.filter(school=school, account__in=["wang", "chen"]).count() == 2

    @pytest.mark.parametrize("_turn", range(3))
    def test_a_list_and_roles_given_on_the_page(self, _turn):
        admin, school = self.admins()
        wang = staff(school, Role.PRINCIPAL, account="wang", email="wang@example.com")
        kept = staff_list(school, person("wang", Role.REGISTRAR), by=admin[0])
        wanted = {"name": "王", "email": "wang@example.com", "roles": [Role.PRINCIPAL, Role.REGISTRAR]}

        outcomes = at_once(
            lambda: importing.apply_import(staff_import=kept, by=admin[0]),
            lambda: accounts.change(user=wang, by=admin[1], **wanted),
        )

        assert kinds_of(outcomes) == ["User", "dict"]
        assert set(StaffRole.objects.filter(user=wang).values_list("role", flat=True)) == {"principal", "registrar"}

    def test_two_lists_that_name_the_teacher_of_one_class(self):
        admin, school = self.admins()
        SchoolClassFactory(school=school, name="301")
        lists = [
            StaffImport.objects.create(
                school=school,
                rows=[person(account, Role.HOMEROOM_TEACHER, class_name="301")],
                name="x.xlsx",
                uploaded_by=by,
            )
            for account, by in zip(("wang", "chen"), admin, strict=True)
        ]

        outcomes = at_once(
            *[
                lambda kept=kept, by=by: importing.apply_import(staff_import=kept, by=by)
                for kept, by in zip(lists, admin, strict=True)
            ]
        )

        assert kinds_of(outcomes) == ["dict", "dict"]

    def admins(self):
        school = SchoolFactory()
        return [staff(school, Role.SCHOOL_ADMIN, account=f"admin{number}") for number in range(2)], school


class TestRoles:
    @pytest.mark.parametrize("_turn", range(3))
    def test_two_admins_who_save_one_person_end_with_what_one_of_them_wanted(self, _turn):
        school = SchoolFactory()
        admins = [staff(school, Role.SCHOOL_ADMIN, account=f"admin{number}") for number in range(2)]
        wang = staff(school, account="wang", email="wang@example.com")
        wanted = ([Role.REGISTRAR, Role.CASHIER], [Role.REGISTRAR, Role.PRINCIPAL])
        values = {"name": "王", "email": "wang@example.com"}

        outcomes = at_once(
            *[
                lambda by=by, roles=roles: accounts.change(
                    user=User.objects.get(pk=wang.pk), by=by, roles=roles, **values
                )
                for by, roles in zip(admins, wanted, strict=True)
            ]
        )

        assert kinds_of(outcomes) == ["User", "User"]
        assert set(StaffRole.objects.filter(user=wang).values_list("role", flat=True)) in map(set, wanted)

    def test_the_same_roles_given_twice_are_one_event(self):
        school = SchoolFactory()
        admins = [staff(school, Role.SCHOOL_ADMIN, account=f"admin{number}") for number in range(2)]
        wang = staff(school, account="wang", email="wang@example.com")
        values = {"name": "王", "email": "wang@example.com", "roles": [Role.REGISTRAR]}

        at_once(*[lambda by=by: accounts.change(user=User.objects.get(pk=wang.pk), by=by, **values) for by in admins])

        assert Event.objects.filter(event="staff.roles_changed").count() == 1
