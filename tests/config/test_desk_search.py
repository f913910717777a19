"""The search over a desk: for each role what it may see, a sealed address, one hit opened at once, few queries."""

import pytest
from django.test import Client
from django.urls import reverse

from core import words_token
from registry.roles import Role
from tests.accounts.factories import log_in, registrar_of, staff, teacher_of
from tests.billing.money import issued_bill
from tests.binding.factories import approved_application, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def student(school_class):
    return StudentFactory(
        school=school_class.school, school_class=school_class, name="王小明", student_number="10630008", seat_number=5
    )


def search(person, text, follow=False, **more):
    address = reverse("desk-search", args=[person.school.slug])
    return log_in(Client(), person).post(address, {"q": text, **more}, follow=follow)


def test_the_field_says_what_is_found_and_which_key_leads_there(student):
    teacher, registrar = teacher_of(student.school_class), registrar_of(student.school)
    board = reverse("review:class", args=[student.school.slug, student.school_class_id])

    pages = [log_in(Client(), person).get(board).content.decode() for person in (teacher, registrar)]

    assert '<label for="desk-search">找學生、申請<' in pages[0]
    assert '<label for="desk-search">找學生、申請、綁定的人<' in pages[1]
    assert all("<span data-shortcut-told hidden>按 / 跳到這裡</span>" in page for page in pages)


@pytest.mark.parametrize("text", ["10630008", "王小明", "301-05", "301 5", "301 班 5 號", "３０１－５", "P10630008"])
def test_the_only_hit_is_opened_at_once(student, text):
    StudentFactory(school=student.school, school_class=student.school_class, student_number="5550001", seat_number=6)

    found = search(registrar_of(student.school), text)

    assert found.url == reverse("registry:student", args=[student.school.slug, student.pk])


def test_several_are_listed_and_no_word_stands_in_the_address(student):
    StudentFactory(school=student.school, school_class=student.school_class, name="王大明", seat_number=6)
    person = registrar_of(student.school)

    found = search(person, "王", follow=True)

    assert {"王小明", "王大明"} <= set(found.content.decode().replace("<", ">").split(">"))
    address = found.redirect_chain[0][0]
    assert address.startswith(reverse("desk-search", args=[student.school.slug]) + "?words=")
    assert "%E7%8E%8B" not in address


def test_the_way_back_is_kept(student):
    place = reverse("registry:students", args=[student.school.slug]) + "?page=2"

    assert search(registrar_of(student.school), "10630008", back=place).url.endswith(
        "?back=%2F" + student.school.slug + "%2Fregistry%2Fstudents%2F%3Fpage%3D2"
    )


def test_an_id_number_is_refused_with_the_way_to_its_own_search(student):
    found = search(registrar_of(student.school), student.identity_number, follow=True)

    assert "以證號查詢" in found.content.decode()
    assert student.identity_number not in found.content.decode()
    assert "words=" not in found.redirect_chain[0][0]


def test_a_teacher_finds_the_own_class_only(student):
    other = SchoolClassFactory(school=student.school, name="302")
    StudentFactory(school=student.school, school_class=other, name="王小美")

    found = search(teacher_of(student.school_class), "王小")

    assert found.url == reverse("review:class", args=[student.school.slug, student.school_class_id]) + "#seat-5"


def test_each_role_finds_what_is_its_own(student):
    application = sent_application(student)
    school = student.school
    bill = issued_bill(student)
    slug = [school.slug]

    assert search(teacher_of(student.school_class), application.applicants.get().name).url == reverse(
        "review:application", args=[*slug, application.pk]
    )
    cashier = staff(school, Role.CASHIER, account="c")
    assert search(cashier, bill.write_off_number).url == reverse("billing:cashier-bill", args=[*slug, bill.pk])
    assert search(cashier, student.name).url == reverse("billing:cashier-bill", args=[*slug, bill.pk])
    helper = staff(school, Role.HELPDESK, account="helper")
    assert search(helper, "10630008").url == reverse("staff:helpdesk-family", args=[*slug, student.pk])
    admin = staff(school, Role.SCHOOL_ADMIN, account="a")
    assert (
        search(admin, "h").url == reverse("staff:staff-person", args=[*slug, helper.pk])
        or "words=" in search(admin, "h").url
    )
    principal = staff(school, Role.PRINCIPAL, account="p")
    assert "沒有找到" in search(principal, "10630008", follow=True).content.decode()


def test_a_mail_address_finds_the_person(student, school_class):
    approved_application(teacher_of(school_class), student)
    registrar = registrar_of(student.school)

    found = search(registrar, "BOB@example.com", follow=True).content.decode()

    assert "綁定的人" in found


def test_of_another_school_is_nothing(student):
    stranger = registrar_of(SchoolClassFactory().school)

    assert "沒有找到" in search(stranger, "10630008", follow=True).content.decode()
    assert log_in(Client(), stranger).get(reverse("desk-search", args=[student.school.slug])).status_code == 404


def test_words_of_another_person_are_not_shown(student):
    registrar = registrar_of(student.school)
    token = words_token.seal("王小明", person=registrar.pk + 1)

    page = log_in(Client(), registrar).get(reverse("desk-search", args=[student.school.slug]), {"words": token})

    assert "王小明" not in page.content.decode()


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "x" * 500, "%", "_", "'", make_identity(3)[:5]])
def test_whatever_is_typed_is_a_page(student, typed):
    assert search(registrar_of(student.school), typed, follow=True).status_code == 200


def test_costs_the_same_however_much_is_found(student, django_assert_num_queries):
    person = staff(student.school, *Role, account="all")
    client = log_in(Client(), person)
    address = reverse("desk-search", args=[student.school.slug])
    queries = 7

    for size in (2, 20):
        for n in range(size):
            StudentFactory(
                school=student.school, school_class=student.school_class, name="王甲", seat_number=size + 10 + n
            )
        client.post(address, {"q": "王"})
        with django_assert_num_queries(queries):
            client.get(address, {"words": words_token.seal("王", person=person.pk)})


@pytest.mark.parametrize("text", ["5", "5號", "５ 號", "05"])
def test_a_teacher_finds_the_own_class_by_seat_alone(student, school_class, text):
    StudentFactory(school=student.school, school_class=SchoolClassFactory(school=student.school), seat_number=5)
    StudentFactory(school=student.school, school_class=school_class, seat_number=6)
    StudentFactory(school=student.school, school_class=school_class, seat_number=5, status="left")

    found = search(teacher_of(school_class), text)

    board = reverse("review:class", args=[student.school.slug, school_class.pk])
    assert found.url.endswith(f"{board}#seat-5")


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.CASHIER, Role.REGISTRAR])
def test_pages_beside_the_desks_show_the_way_back_to_them(student, role):
    """登入中的裝置, the search and the first steps belong to no tab; who has one group of tabs, or one tab, sees it there too."""
    client = log_in(Client(), staff(student.school, role))
    pages = [
        reverse("accounts:devices"),
        reverse("desk-search", args=[student.school.slug]),
        reverse("desk-first-steps", args=[student.school.slug]),
    ]

    assert all('<nav class="tabs' in client.get(page).content.decode() for page in pages)
