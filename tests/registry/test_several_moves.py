"""Several students come or go together: who can, who cannot and why, then all of them or none."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from binding.models import Binding
from notifications.models import Message
from registry.models import RosterImport, Student, StudentChange
from tests.accounts.factories import log_in, registrar_of
from tests.binding.bound import bound
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db

Status = Student.Status


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def registrar(client, school_class):
    user = registrar_of(school_class.school)
    log_in(client, user)
    return user


@pytest.fixture
def students(school_class):
    def one(name):
        return StudentFactory(school=school_class.school, school_class=school_class, name=name)

    return [one(name) for name in ("王小明", "李大華", "陳怡君")]


def person(place):
    return {"people": {1: {"identity_number": make_identity(50 + place), "email": f"p{place}@example.com"}}}


def page_of(students):
    return reverse("registry:students-move", args=[students[0].school.slug])


def typed(students, status, **more):
    return {"students": [one.pk for one in students], "status": status, **more}


def look(client, students, status, **more):
    return client.post(page_of(students), typed(students, status, look="1", **more)).content.decode()


def confirm(client, students, status, going=None, **more):
    going = [one.pk for one in (students if going is None else going)]
    data = typed(students, status, going=going, confirm="1", understood="on", **more)
    return client.post(page_of(students), data, follow=True).content.decode()


def statuses():
    return list(Student.objects.order_by("pk").values_list("status", flat=True))


def test_those_ticked_in_the_list_are_named(client, registrar, students):
    listed = client.get(reverse("registry:students", args=[students[0].school.slug])).content.decode()
    page = client.get(page_of(students), {"students": [one.pk for one in students[:2]]}).content.decode()

    assert all(f'name="students" value="{one.pk}"' in listed for one in students)
    assert "勾選了 2 位學生" in page
    assert [one.name in page for one in students] == [True, True, False]


def test_a_look_says_who_can_and_who_cannot_and_writes_nothing(client, registrar, students):
    Student.objects.filter(pk=students[0].pk).update(status=Status.ON_LEAVE)

    page = look(client, students, Status.ON_LEAVE, note="出國")

    assert "休學：2 人" in page
    assert "不能登記：1 人" in page
    assert "目前是「休學」" in page
    assert "說明：出國" in page
    assert not StudentChange.objects.exists()


def test_all_go_with_one_day_and_reason_and_what_is_bound_ends(client, registrar, students):
    bindings = [bound(one, registrar, **person(place)) for place, one in enumerate(students[:2])]
    Message.objects.all().delete()
    day = timezone.localdate() - timedelta(days=2)
    assert "2 個親子綁定會立即終止，2 個家庭會收到通知信" in look(client, students, Status.GRADUATED)

    page = confirm(client, students, Status.GRADUATED, on=day.isoformat(), note="應屆")

    assert "已登記 3 位學生的異動" in page
    assert statuses() == [Status.GRADUATED] * 3
    assert list(StudentChange.objects.values_list("on", "note", "cause")) == [(day, "應屆", "move")] * 3
    assert Event.objects.filter(event="student.graduated").count() == 3
    for one in bindings:
        one.refresh_from_db()
        assert (one.state, one.end_reason) == (Binding.State.ENDED, "graduated")
    assert Message.objects.filter(kind="binding-ended").count() == 2


def test_an_end_asks_to_be_understood(client, registrar, students):
    data = typed(students, Status.LEFT, going=[one.pk for one in students], confirm="1")

    page = client.post(page_of(students), data).content.decode()

    assert "請先確認您了解這個結果" in page
    assert statuses() == [Status.ENROLLED] * 3


def test_a_transfer_names_the_school(client, registrar, students):
    other = SchoolFactory()

    assert "請選擇轉往的學校" in look(client, students, Status.TRANSFERRING)
    assert f"轉往 {other.name}" in look(client, students, Status.TRANSFERRING, transfer_to=other.pk)
    confirm(client, students, Status.TRANSFERRING, transfer_to=other.pk)

    assert list(Student.objects.values_list("status", "transfer_to")) == [(Status.TRANSFERRING, other.pk)] * 3


def test_who_changed_since_the_look_is_shown_again_and_none_goes(client, registrar, students):
    Student.objects.filter(pk=students[0].pk).update(status=Status.LEFT)

    page = confirm(client, students, Status.ON_LEAVE)

    assert "狀態剛剛改變了" in page
    assert "目前是「離校」" in page
    assert statuses() == [Status.LEFT, Status.ENROLLED, Status.ENROLLED]


def test_one_who_cannot_be_written_stops_all_and_is_named(client, registrar, students):
    Student.objects.filter(pk=students[2].pk).update(seat_number=0)

    page = confirm(client, students, Status.ON_LEAVE)

    assert students[2].name in page
    assert "已登記" not in page
    assert statuses() == [Status.ENROLLED] * 3
    assert not StudentChange.objects.exists()


def test_confirmed_twice_is_done_once(client, registrar, students):
    confirm(client, students, Status.ON_LEAVE)
    page = confirm(client, students, Status.ON_LEAVE)

    assert "狀態剛剛改變了" in page
    assert StudentChange.objects.count() == 3


def test_going_back_keeps_what_was_typed(client, registrar, students):
    page = client.post(page_of(students), typed(students, Status.ON_LEAVE, note="出國", again="1")).content.decode()

    assert 'value="出國"' in page
    assert "勾選了 3 位學生" in page


def test_nobody_ticked_leads_back_to_the_list(client, registrar, students):
    listed = reverse("registry:students", args=[students[0].school.slug])

    page = client.get(page_of(students), {"back": f"{listed}?sort=name"}, follow=True)

    assert "請先勾選學生" in page.content.decode()
    assert page.redirect_chain[0][0] == f"{listed}?sort=name"


@pytest.mark.parametrize("keys", [["x"], ["-1"], ["9" * 30], ["999999"]])
def test_who_is_not_of_the_school_is_not_found(client, registrar, students, keys):
    assert client.get(page_of(students), {"students": keys}).status_code == 404
    assert client.get(page_of(students), {"students": [StudentFactory().pk]}).status_code == 404


def test_a_look_costs_the_same_for_fifty(client, registrar, students, django_assert_max_num_queries):
    school_class = students[0].school_class
    for _turn in range(47):
        students.append(StudentFactory(school=school_class.school, school_class=school_class))

    with django_assert_max_num_queries(12):
        look(client, students, Status.GRADUATED)


def test_those_missing_from_the_roster_are_a_filter(client, registrar, students):
    roster = RosterImport.objects.create(school=students[0].school, name="x.csv")
    Student.objects.filter(pk=students[1].pk).update(missing_from=roster)

    listed = client.get(reverse("registry:students", args=[students[0].school.slug]), {"status": "missing"})

    assert [one.pk for one in listed.context["listing"]] == [students[1].pk]
