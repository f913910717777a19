"""The first day at each desk: one page a role, the very words of the buttons, shown where a desk is still empty."""

import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.urls import reverse

from config.help.first_steps import CITY, DAYS
from registry.roles import Role
from tests.accounts.factories import city_admin, log_in, staff
from tests.registry.factories import SchoolFactory, StudentFactory

QUOTED = re.compile("「([^」]+)」")
EXAMPLES = {"3 5 8 12"}  # of what is typed


@pytest.fixture(scope="module")
def words():
    """Every Chinese text of pages."""
    with (settings.BASE_DIR / "config/locale/en/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    return {
        one for message in catalogue if message.id for one in (message.id if message.pluralizable else [message.id])
    }


def test_every_role_and_the_city_have_one_of_five_to_eight_steps():
    assert [one.key for one in DAYS] == [*Role, CITY]
    assert all(5 <= len(one.steps) <= 8 for one in DAYS)


@pytest.mark.parametrize("day", DAYS, ids=[str(one.key) for one in DAYS])
def test_every_button_and_tab_quoted_exists(day, words):
    quoted = {name for step in day.steps for name in QUOTED.findall(str(step.words))} - EXAMPLES

    assert quoted
    assert quoted <= words


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_each_role_reads_the_own_and_its_links_open(client, role):
    student = StudentFactory()
    log_in(client, staff(student.school, role))

    page = client.get(reverse("desk-first-steps", args=[student.school.slug])).content.decode()

    assert [one.key for one in DAYS if f'id="first-day-{one.key}"' in page] == [role]
    links = re.findall(r'<li><a href="([^"]+)"', page.partition("<ol")[2].partition("</ol>")[0])
    assert len(links) >= 5
    assert {client.get(one).status_code for one in links} <= {200, 302}


@pytest.mark.django_db
def test_somebody_with_two_roles_reads_both(client):
    school = SchoolFactory()
    log_in(client, staff(school, Role.REGISTRAR, Role.CASHIER))

    page = client.get(reverse("desk-first-steps", args=[school.slug])).content.decode()

    assert page.index(">註冊組</h2>") < page.index(">出納組</h2>")


@pytest.mark.django_db
def test_the_citys(client):
    log_in(client, city_admin())

    page = client.get(reverse("city:first-steps")).content.decode()

    assert reverse("city:school-file") in page


HOMES = {
    Role.HOMEROOM_TEACHER: "review:home",
    Role.REGISTRAR: "review:home",
    Role.CASHIER: "billing:cashier-batches",
    Role.HELPDESK: "staff:helpdesk",
    Role.PRINCIPAL: "review:census",
    Role.SCHOOL_ADMIN: "staff:staff-accounts",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "home"), HOMES.items())
def test_an_empty_desk_begins_with_them(client, role, home):
    school = SchoolFactory()
    log_in(client, staff(school, role))

    page = client.get(reverse(home, args=[school.slug])).content.decode()

    assert f'id="first-day-{role}"' in page
    assert reverse("desk-first-steps", args=[school.slug]) in page


@pytest.mark.django_db
def test_the_empty_city(client):
    log_in(client, city_admin())

    assert f'id="first-day-{CITY}"' in client.get(reverse("city:home")).content.decode()


@pytest.mark.django_db
def test_a_desk_in_use_has_the_link_alone(client):
    student = StudentFactory()
    log_in(client, staff(student.school, Role.SCHOOL_ADMIN))
    staff(student.school, Role.CASHIER, account="cashier")

    page = client.get(reverse("staff:staff-accounts", args=[student.school.slug])).content.decode()

    assert "first-day-" not in page
    assert reverse("desk-first-steps", args=[student.school.slug]) in page
