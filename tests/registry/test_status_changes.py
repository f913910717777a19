"""Students come and go, and what is bound to them follows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from binding.models import Application, Binding
from binding.progress import Progress
from core.states import InvalidMove
from notifications.models import Message
from registry import status_changes
from registry.models import RosterImport, Student, StudentChange
from registry.roster import import_roster
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.bound import bound
from tests.binding.factories import confirmed_family, sent_application
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory
from tests.registry.roster_files import file_of, row

pytestmark = pytest.mark.django_db

Status = Student.Status


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def student(school_class):
    return StudentFactory(school=school_class.school, school_class=school_class)


@pytest.fixture
def registrar(client, school_class):
    user = registrar_of(school_class.school)
    log_in(client, user)
    return user


def move(client, student, status, **more):
    place = reverse("registry:student-status", args=[student.school.slug, student.pk])
    page = client.post(place, {"status": status, **more}, follow=True)
    student.refresh_from_db()
    return page.content.decode()


@pytest.mark.parametrize(("status", "reason"), [(Status.GRADUATED, "graduated"), (Status.LEFT, "left")])
def test_graduating_and_leaving_end_bindings_and_mail_the_parent(client, registrar, student, status, reason):
    binding = bound(student, registrar)
    Message.objects.all().delete()

    move(client, student, status, understood="on", note="應屆")

    binding.refresh_from_db()
    assert (student.status, binding.state, binding.end_reason) == (status, Binding.State.ENDED, reason)
    assert [mail.to for mail in Message.objects.filter(kind="binding-ended")] == [binding.account.user.email]
    change = StudentChange.objects.get()
    assert (change.old, change.new, change.note) == ({"status": "enrolled"}, {"status": str(status)}, "應屆")


def test_an_application_still_open_is_closed_with_it(client, registrar, student):
    application = sent_application(student)

    move(client, student, Status.LEFT, understood="on")

    application.refresh_from_db()
    assert application.status == Application.Status.WITHDRAWN


def test_the_familys_session_ends_at_once(client, registrar, student):
    family = confirmed_family(student)
    other = type(client)()
    log_in(other, family)
    tasks = reverse("binding:tasks", args=[student.school.slug])
    assert other.get(tasks).status_code == 200

    move(client, student, Status.LEFT, understood="on")

    assert other.get(tasks).status_code == 302


def test_ending_asks_to_be_understood(client, registrar, student):
    page = move(client, student, Status.GRADUATED)

    assert "請先確認您了解" in page
    assert student.status == Status.ENROLLED


def test_leave_keeps_bindings_and_frees_the_seat(client, registrar, student):
    binding = bound(student, registrar)

    move(client, student, Status.ON_LEAVE)
    StudentFactory(school=student.school, school_class=student.school_class, seat_number=student.seat_number)

    binding.refresh_from_db()
    assert (student.status, binding.state) == (Status.ON_LEAVE, Binding.State.ACTIVE)


def test_coming_back_needs_a_class_and_a_free_seat(client, registrar, student):
    move(client, student, Status.ON_LEAVE)
    taken = StudentFactory(school=student.school, school_class=student.school_class)

    page = move(client, student, Status.ENROLLED)
    assert "復學或取消轉出要選擇班級" in page
    assert "復學或取消轉出要填寫座號" in page
    place = {"school_class": student.school_class_id}
    assert "座號已經有人使用" in move(client, student, Status.ENROLLED, seat_number=taken.seat_number, **place)
    move(client, student, Status.ENROLLED, seat_number=98, **place)

    assert (student.status, student.seat_number) == (Status.ENROLLED, 98)


def test_coming_back_begins_with_the_former_class_and_seat(client, registrar, student):
    move(client, student, Status.ON_LEAVE)

    page = client.get(reverse("registry:student-status", args=[student.school.slug, student.pk])).content.decode()

    assert f'value="{student.school_class_id}" selected' in page
    assert f'name="seat_number" value="{student.seat_number}"' in page


def test_what_is_refused_stands_beside_its_field(client, registrar, student):
    move(client, student, Status.ON_LEAVE)
    taken = StudentFactory(school=student.school, school_class=student.school_class)
    typed = {"school_class": student.school_class_id, "seat_number": taken.seat_number}

    page = move(client, student, Status.ENROLLED, **typed)

    assert page.count("這個班級的座號已經有人使用") == 2  # the summary, and the field
    assert 'href="#id_seat_number"' in page


@pytest.mark.parametrize(("days", "words"), [(-3, ""), (1, "異動日期不能晚於今天"), (-400, "異動日期不能早於一年前")])
def test_the_day_of_a_move_is_the_registrars_word(client, registrar, student, days, words):
    day = timezone.localdate() + timedelta(days=days)

    page = move(client, student, Status.ON_LEAVE, on=day.isoformat())

    assert words in page
    assert list(StudentChange.objects.values_list("on", flat=True)) == ([] if words else [day])


def test_nobody_comes_back_who_is_registered_elsewhere(client, registrar, student):
    move(client, student, Status.LEFT, understood="on")
    StudentFactory(identity_number=student.identity_number)

    page = move(client, student, Status.ENROLLED, school_class=student.school_class_id, seat_number=student.seat_number)

    assert "已登錄在另一位學生名下" in page
    assert student.status == Status.LEFT


class TestTransfer:
    @pytest.fixture
    def other_class(self):
        return SchoolClassFactory(name="205")

    @pytest.fixture
    def sent(self, client, registrar, student, other_class):
        move(client, student, Status.TRANSFERRING, transfer_to=other_class.school.pk)
        return student

    def accept(self, client, student, other_class, **more):
        log_in(client, registrar_of(other_class.school))
        place = reverse("registry:arrival", args=[other_class.school.slug, student.pk])
        typed = {"school_class": other_class.pk, "seat_number": 40, "student_number": "11500001", **more}
        page = client.post(place, typed, follow=True)
        student.refresh_from_db()
        return page.content.decode()

    def test_identity_account_and_bindings_come_along(self, client, registrar, student, other_class):
        binding = bound(student, registrar)
        family = User.objects.get(student=student)
        password = family.password
        move(client, student, Status.TRANSFERRING, transfer_to=other_class.school.pk)

        self.accept(client, student, other_class)

        family.refresh_from_db()
        binding.refresh_from_db()
        assert (student.school, student.school_class) == (other_class.school, other_class)
        assert (student.student_number, student.status) == ("11500001", Status.ENROLLED)
        assert (family.school, family.password) == (other_class.school, password)
        assert (binding.student, binding.state) == (student, Binding.State.ACTIVE)
        assert Progress.of(student).data_status == "unconfirmed"

    def test_the_new_schools_roster_accepts_by_itself(self, registrar, sent, other_class):
        line = row(7, **{"class": "205"}, number="11500007", id=sent.identity_number, name=sent.name)

        result = import_roster(school=other_class.school, data=file_of(line))

        sent.refresh_from_db()
        assert result.errors == []
        assert (sent.school, sent.student_number, result.counts["arrived"]) == (
            other_class.school, "11500007", 1,
        )  # fmt: skip

    def test_the_old_school_can_take_it_back_until_then(self, client, registrar, sent):
        place = {"school_class": sent.school_class_id, "seat_number": sent.seat_number}
        move(client, sent, Status.ENROLLED, **place)

        assert (sent.status, sent.transfer_to) == (Status.ENROLLED, None)

    def test_another_seat_is_found_when_the_own_was_given_away(self, client, registrar, sent):
        StudentFactory(school=sent.school, school_class=sent.school_class, seat_number=sent.seat_number)
        place = {"school_class": sent.school_class_id}

        assert "座號已經有人使用" in move(client, sent, Status.ENROLLED, seat_number=sent.seat_number, **place)
        move(client, sent, Status.ENROLLED, seat_number=97, **place)

        assert (sent.status, sent.seat_number) == (Status.ENROLLED, 97)

    def test_after_that_it_is_too_late(self, client, registrar, sent, other_class):
        self.accept(client, sent, other_class)
        log_in(client, registrar)
        place = reverse("registry:student-status", args=[registrar.school.slug, sent.pk])

        assert client.post(place, {"status": Status.ENROLLED}).status_code == 404

    def test_a_number_already_given_is_refused(self, client, sent, other_class):
        StudentFactory(school=other_class.school, school_class=other_class, student_number="11500001")

        assert "學號已經有人使用" in self.accept(client, sent, other_class)
        assert sent.status == Status.TRANSFERRING

    def test_a_third_school_sees_nothing(self, client, sent):
        stranger = SchoolFactory()
        log_in(client, registrar_of(stranger))

        assert sent.name not in client.get(reverse("registry:moves", args=[stranger.slug])).content.decode()
        assert client.get(reverse("registry:arrival", args=[stranger.slug, sent.pk])).status_code == 404

    def test_accepted_twice_is_accepted_once(self, sent, other_class, registrar):
        give = {
            "student": sent, "school": other_class.school, "school_class": other_class,
            "seat_number": 40, "student_number": "11500001", "by": registrar,
        }  # fmt: skip
        status_changes.accept_transfer(**give)

        with pytest.raises(InvalidMove):
            status_changes.accept_transfer(**give)

    def test_the_old_schools_roster_does_not_call_back_by_accident(self, client, registrar, sent):
        line = row(1, number=sent.student_number, id=sent.identity_number)

        result = import_roster(school=sent.school, data=file_of(line))

        assert "正在辦理轉學" in result.errors[0].reason

    def test_an_open_application_moves_to_the_new_teacher(self, client, registrar, student, other_class):
        application = sent_application(student)
        move(client, student, Status.TRANSFERRING, transfer_to=other_class.school.pk)
        self.accept(client, student, other_class)
        teacher = teacher_of(other_class)
        log_in(client, teacher)

        place = reverse("review:application", args=[other_class.school.slug, application.pk])
        assert client.get(place).status_code == 200


class TestMissing:
    def test_who_is_not_on_the_roster_waits_for_a_decision(self, client, registrar, school_class):
        import_roster(school=school_class.school, data=file_of(row(1), row(2)))
        import_roster(school=school_class.school, data=file_of(row(1)))
        missing = Student.objects.get(student_number="10630002")
        page = client.get(reverse("registry:moves", args=[school_class.school.slug])).content.decode()
        assert "10630002" in page
        assert "10630001" not in page

        client.post(reverse("registry:student-keep", args=[school_class.school.slug, missing.pk]))

        missing.refresh_from_db()
        assert (missing.missing_from, missing.status) == (None, Status.ENROLLED)
        assert Event.objects.filter(event="student.kept").count() == 1

    def test_who_is_on_the_next_roster_is_not_asked_about(self, school_class):
        import_roster(school=school_class.school, data=file_of(row(1), row(2)))
        import_roster(school=school_class.school, data=file_of(row(1)))
        import_roster(school=school_class.school, data=file_of(row(1), row(2)))

        assert not Student.objects.filter(missing_from__isnull=False).exists()

    def test_leaving_closes_it(self, client, registrar, school_class, student):
        student.missing_from = RosterImport.objects.create(
            school=student.school, name="x", state="applied", decided_at=student.updated_at
        )
        student.save()

        move(client, student, Status.LEFT, understood="on")

        assert student.missing_from is None

    @pytest.mark.parametrize("size", [2, 60])
    def test_costs_the_same_queries_whatever_the_size(
        self, client, registrar, school_class, django_assert_max_num_queries, size
    ):
        import_roster(school=school_class.school, data=file_of(*[row(n) for n in range(1, size + 1)]))
        import_roster(school=school_class.school, data=file_of(row(99)))

        with django_assert_max_num_queries(8):
            client.get(reverse("registry:moves", args=[school_class.school.slug]))


def test_what_is_to_do_is_named_in_the_offices_words(client, registrar, student):
    page = client.get(reverse("registry:moves", args=[student.school.slug])).content.decode()

    assert "未列於名冊，待處理（0 人）" in page
    assert "轉入，待辦理報到" in page
