"""Students whom a roster did not name are decided many at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from registry.missing import decide_missing
from registry.models import Student, StudentChange
from registry.roster import import_roster
from tests.registry.factories import SchoolFactory
from tests.registry.roster_files import file_of, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def missing(school):
    """Five of seven students wait; two classes."""
    rows = [row(n, **{"class": "301" if n < 5 else "302", "teacher": f"t30{1 + (n > 4)}"}) for n in range(1, 8)]
    import_roster(school=school, data=file_of(*rows))
    import_roster(school=school, data=file_of(rows[0], rows[4]), confirmed=True)
    return Student.objects.filter(missing_from__isnull=False).order_by("pk")


def decide(client, school, query="", **data):
    return client.post(reverse("registry:missing-decide", args=[school.slug]) + query, data, follow=True)


def test_those_who_were_ticked_stay_and_the_filter_is_kept(client, school, registrar, missing):
    keys = list(missing.values_list("pk", flat=True))[:2]
    back = reverse("registry:moves", args=[school.slug]) + "?sort=-seat"
    page = decide(client, school, students=keys, back=back).content.decode()
    assert "確定處理 2 位學生" in page

    answer = decide(client, school, students=keys, back=back, count=2, decision="stays")

    assert answer.redirect_chain[-1][0] == back
    assert missing.count() == 3
    assert Event.objects.get(event="students.kept").data == {"students": keys}


def test_all_that_the_list_shows_leave_on_one_day(client, school, registrar, missing):
    day = timezone.localdate() - timedelta(days=3)
    query = f"?class={missing.filter(school_class__name='302')[0].school_class_id}"
    facts = {"everyone": 1, "count": 2, "decision": "left", "on": day.isoformat(), "note": "轉外縣市"}
    assert "請先確認您了解這個結果" in decide(client, school, query, **facts).content.decode()

    decide(client, school, query, **facts, understood="on")

    gone = Student.objects.filter(status="left")
    assert {one.school_class.name for one in gone.select_related("school_class")} == {"302"}
    assert set(StudentChange.objects.filter(student__in=gone).values_list("on", "note", "kind")) == {
        (day, "轉外縣市", "left")
    }
    assert missing.count() == 3


def test_who_was_decided_meanwhile_is_looked_at_again(client, school, registrar, missing):
    keys = list(missing.values_list("pk", flat=True))
    decide_missing(school=school, students=keys[:1], decision="stays", by=registrar)

    page = decide(client, school, students=keys, count=5, decision="on_leave", note="公文").content.decode()

    assert "人數已經不同" in page
    assert "公文" in page
    assert missing.count() == 4


def test_nobody_chosen_is_said(client, school, registrar, missing):
    assert "請先勾選學生" in decide(client, school).content.decode()


def test_another_schools_students_are_none(client, school, registrar, missing):
    stranger = SchoolFactory()
    import_roster(school=stranger, data=file_of(row(80), row(81)))
    import_roster(school=stranger, data=file_of(row(80)), confirmed=True)
    key = Student.objects.get(school=stranger, missing_from__isnull=False).pk

    decide(client, school, students=[key], count=1, decision="stays")

    assert Student.objects.get(pk=key).missing_from_id


@pytest.mark.parametrize("size", [2, 40])
def test_the_same_statements_whatever_the_number_but_for_events(school, registrar, size, django_assert_max_num_queries):
    rows = [row(n) for n in range(1, size + 2)]
    import_roster(school=school, data=file_of(*rows))
    import_roster(school=school, data=file_of(rows[0]), confirmed=True)
    keys = list(Student.objects.filter(missing_from__isnull=False).values_list("pk", flat=True))

    with django_assert_max_num_queries(8):
        assert decide_missing(school=school, students=keys, decision="stays", by=registrar) == size
