"""Where the desk begins: a teacher with one class is there at once, a registrar sees what waits for the office."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from binding.actions.confirmation import request_correction
from binding.models import CorrectionRequest
from consent.models import ConsentDecision
from registry.roster import import_roster
from review.escalation import escalate
from review.models import Escalation, PaperForm
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import answered_family, confirmed_family, sent_application
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory
from tests.registry.roster_files import file_of, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(homeroom="t301", name="301")


def test_a_teacher_with_one_class_goes_straight_to_it(client, school_class):
    log_in(client, teacher_of(school_class))

    response = client.get(reverse("review:home", args=[school_class.school.slug]))

    assert response.url == reverse("review:class", args=[school_class.school.slug, school_class.pk])


def test_the_registrar_of_a_school_without_classes_is_led_to_the_roster(client):
    school = SchoolFactory()
    log_in(client, registrar_of(school))

    page = client.get(reverse("review:home", args=[school.slug])).content.decode()

    assert f'<a class="button" href="{reverse("registry:roster-list", args=[school.slug])}">匯入名冊</a>' in page


def test_the_registrar_of_a_school_with_one_class_finds_the_offices_pages(client, school_class):
    log_in(client, registrar_of(school_class.school))

    page = client.get(reverse("review:home", args=[school_class.school.slug])).content.decode()

    for name in ("handed-over", "rules", "census"):
        assert reverse(f"review:{name}", args=[school_class.school.slug]) in page


def numbers_on(page):
    """{label: number} of the tiles, in their order."""
    tile = r'count__number">(\d+)</span>\s*<span class="count__label"><a href="([^"]+)">([^<]+)'
    return {label: int(number) for number, _url, label in re.findall(tile, page)}


def test_what_waits_for_the_registrar_comes_first_with_its_number(client, school_class):
    school, teacher = school_class.school, teacher_of(school_class)
    registrar = log_in(client, registrar_of(school))
    import_roster(school=school, data=file_of(*[row(n) for n in (1, 2, 3)]))
    import_roster(school=school, data=file_of(row(1)))
    StudentFactory(status="transferring", transfer_to=school)
    student = StudentFactory(school=school, school_class=school_class)
    request_correction(student=student, proposed={"name": "尹怡"}, by=confirmed_family(student))
    application = sent_application(StudentFactory(school=school, school_class=school_class))
    escalate(application=application, by=teacher, why=Escalation.Why.OTHER, note="請看")

    page = registrar.get(reverse("review:home", args=[school.slug])).content.decode()

    assert numbers_on(page) == {
        "申請由註冊組審核": 1, "資料更正": 1, "紙本與線上不同": 0, "未列於名冊，待處理": 2, "轉入，待辦理報到": 1,
        "信箱更正": 0, "姓名證號更正": 0, "信箱退信": 0,
    }  # fmt: skip
    assert page.index("等您處理") < page.index("選擇班級")


@pytest.mark.parametrize("size", [1, 30])
def test_the_registrars_home_costs_the_same_queries_whatever_the_size(
    client, school_class, django_assert_max_num_queries, size
):
    log_in(client, registrar_of(school_class.school))
    SchoolClassFactory.create_batch(size, school=school_class.school)
    StudentFactory.create_batch(size, status="transferring", transfer_to=school_class.school)

    with django_assert_max_num_queries(8):
        client.get(reverse("review:home", args=[school_class.school.slug]))


def test_a_teacher_sees_nothing_of_the_office(client, school_class):
    SchoolClassFactory(school=school_class.school, homeroom="t301")
    log_in(client, teacher_of(school_class))

    page = client.get(reverse("review:home", args=[school_class.school.slug])).content.decode()

    assert numbers_on(page) == {}
    assert "選擇班級" in page


def test_what_waits_says_for_how_long(client, school_class):
    student = StudentFactory(school=school_class.school, school_class=school_class)
    correction = request_correction(student=student, proposed={"name": "尹怡"}, by=confirmed_family(student))
    CorrectionRequest.objects.filter(pk=correction.pk).update(requested_at=timezone.now() - timedelta(days=9))
    log_in(client, registrar_of(school_class.school))

    page = client.get(reverse("review:home", args=[school_class.school.slug])).content.decode()

    assert page.count("最久 9 天") == 1
    assert page.count("count__note") == 1


def cells_of(page):
    """The text of each row's cells."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[1].split("</tbody>")[0], re.DOTALL)
    return [[" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.split("</t[dh]>", row)[:-1]] for row in rows]


def test_each_class_shows_what_its_families_did(client, school_class):
    school = school_class.school
    other = SchoolClassFactory(school=school, name="302")
    sent_application(StudentFactory(school=school, school_class=school_class))
    declined = StudentFactory(school=school, school_class=other)
    answered_family(declined, answer=ConsentDecision.Answer.DECLINED)
    mark_paper_form(student=declined, answer=PaperForm.Answer.AGREE, by=registrar_of(school))
    StudentFactory(school=school, school_class=other)
    log_in(client, registrar_of(school))

    page = client.get(reverse("review:home", args=[school.slug])).content.decode()

    assert cells_of(page) == [
        ["301", "林淑芬", "1 / 1 1 / 1", "0 / 1", "1 301", "0", "0", "0 / 1"],
        ["302", "林淑芬", "1 / 2 1 / 2", "1 / 2", "0", "–", "1 302", "0 / 2"],
    ]


def test_a_teacher_of_two_classes_sees_both_and_no_other(client, school_class):
    school = school_class.school
    SchoolClassFactory(school=school, homeroom="t301", name="302")
    SchoolClassFactory(school=school, name="303")
    log_in(client, teacher_of(school_class))

    page = client.get(reverse("review:home", args=[school.slug])).content.decode()

    assert [row[0] for row in cells_of(page)] == ["301", "302"]
