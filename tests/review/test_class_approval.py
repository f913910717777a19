"""All that is ready approved at once, and what is unusual never among it."""

import re
import time

import pytest
from django.urls import reverse

from accounts.models import SSOAccount
from binding.models import Applicant, Binding
from notifications.models import Message
from registry.models import Guardian
from review.class_approval import candidates_of
from review.class_board import Census
from review.decisions import approve
from review.models import Escalation, PaperForm
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, sso_parent, teacher_of
from tests.binding.bound import bound
from tests.binding.factories import Kind, reload, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def teacher(client, school_class):
    user = teacher_of(school_class)
    log_in(client, user)
    return user


def ready(school_class, teacher, seat, **options):
    """A family that waits with an agreeing paper form; each seat another person."""
    student = StudentFactory(school=school_class.school, school_class=school_class, seat_number=seat, name="王小明")
    person = {
        "identity_number": make_identity(seat), "email": f"p{seat}@example.com", "name": "王大明",
        **options.pop("person", {}),
    }  # fmt: skip
    people = {1: person}
    if options.get("kind") == Kind.TWO_PARENTS:
        people[2] = {"identity_number": make_identity(500 + seat, gender=2), "email": f"q{seat}@example.com"}
    application = sent_application(student, people=people, **options)
    mark_paper_form(student=student, answer="agree", by=teacher)
    return application


def page(school_class):
    return reverse("review:class-approve", args=[school_class.school.slug, school_class.pk])


def test_forms_and_people_are_counted_apart(client, school_class, teacher):
    """Two parents of one application, one of another, and a guardian who is looked at alone."""
    ready(school_class, teacher, 1, kind=Kind.TWO_PARENTS)
    ready(school_class, teacher, 2)
    board = reverse("review:class", args=[school_class.school.slug, school_class.pk])
    assert "批次核可（2 份 3 人）" in client.get(board).content.decode()
    ready(school_class, teacher, 3, kind=Kind.GUARDIAN)

    shown = client.get(page(school_class))
    done = client.post(page(school_class), {"keys": keys_on(shown)})

    assert "2 份申請，3 位申請人可以一起核可" in shown.content.decode()
    assert "另有 1 份、1 位" in shown.content.decode()
    assert "已核可 3 位申請人（2 份申請）" in done.content.decode()


def test_as_many_forms_as_people_are_counted_once(client, school_class, teacher):
    ready(school_class, teacher, 1)

    board = client.get(reverse("review:class", args=[school_class.school.slug, school_class.pk]))

    assert "批次核可（1 份）" in board.content.decode()


def keys_on(response):
    return re.findall(r'name="keys" value="([\d:]+)"', response.content.decode())


def press(client, school_class, keys=None):
    keys = keys_on(client.get(page(school_class))) if keys is None else keys
    return client.post(page(school_class), {"keys": keys}).content.decode()


def test_everyone_ready_is_approved_each_with_account_and_mail(client, school_class, teacher):
    for seat in (1, 2, 3):
        ready(school_class, teacher, seat)

    shown = press(client, school_class)

    assert "已核可 3 位" in shown
    assert Binding.objects.active().count() == SSOAccount.objects.count() == 3
    assert Message.objects.filter(kind="account-opened").count() == 3


def test_all_of_one_press_are_taken_back_with_one(client, school_class, teacher):
    for seat in (1, 2, 3):
        ready(school_class, teacher, seat)
    press(client, school_class)
    board = reverse("review:class", args=[school_class.school.slug, school_class.pk])
    told = client.get(board).content.decode()
    assert "剛才一起核可了 3 位" in told

    keys = re.search(r'name="applicants" value="([^"]+)"', told)[1]
    client.post(reverse("review:decisions-undo", args=[school_class.school.slug]), {"applicants": keys})

    assert not Binding.objects.active().exists()


def test_only_who_stays_ticked(client, school_class, teacher):
    ready(school_class, teacher, 1)
    ready(school_class, teacher, 2, kind=Kind.TWO_PARENTS)
    keys = keys_on(client.get(page(school_class)))

    press(client, school_class, keys[1:2])

    assert len(keys) == 3
    assert Binding.objects.active().count() == 1


def test_a_second_press_approves_nobody_twice(client, school_class, teacher):
    ready(school_class, teacher, 1)
    keys = keys_on(client.get(page(school_class)))

    press(client, school_class, keys)
    shown = press(client, school_class, keys)

    assert "已核可 0 位" in shown
    assert Message.objects.filter(kind="account-opened").count() == 1


def test_what_fails_is_told_and_the_rest_is_done(client, school_class, teacher, monkeypatch):
    for seat in (1, 2):
        ready(school_class, teacher, seat)
    first = Applicant.objects.first()
    from review import class_approval, policies

    original = class_approval.approve

    def approve(*, applicant, **how):
        if applicant.pk == first.pk:
            raise policies.NotAllowed("不行")
        return original(applicant=applicant, **how)

    monkeypatch.setattr(class_approval, "approve", approve)
    shown = press(client, school_class)

    assert "已核可 1 位" in shown
    assert "不行" in shown


def test_an_application_edited_meanwhile_is_left_out(client, school_class, teacher):
    application = ready(school_class, teacher, 1)
    keys = keys_on(client.get(page(school_class)))
    application.revision += 1
    application.save()

    press(client, school_class, keys)

    assert not Binding.objects.exists()


def test_paper_that_does_not_agree_is_not_offered(client, school_class, teacher):
    application = ready(school_class, teacher, 1)
    mark_paper_form(student=application.student, answer=PaperForm.Answer.DECLINE, by=teacher)

    assert keys_on(client.get(page(school_class))) == []


def test_what_is_compared_with_the_paper_stands_beside_each(client, school_class, teacher):
    known = ready(school_class, teacher, 1)
    guardian = Guardian(student=known.student, position=1, name="王大明")
    guardian.identity_number = make_identity(1)
    guardian.save()
    ready(school_class, teacher, 2)

    shown = client.get(page(school_class)).content.decode()

    assert make_identity(1)[-4:] in shown
    assert make_identity(1) not in shown
    assert "0912-345-671" in shown
    assert "與在籍監護人相符" in shown
    assert "名冊沒有監護人資料" in shown
    assert "信箱尚未確認" in shown
    assert 'data-check-all="keys"' in shown


class TestUnusual:
    def reasons(self, school_class, teacher):
        return {one.student.seat_number: one.reasons for one in candidates_of(Census.of(school_class), teacher)}

    def test_nothing_unusual(self, school_class, teacher):
        ready(school_class, teacher, 1)

        assert self.reasons(school_class, teacher) == {1: []}

    def test_a_guardian_with_evidence(self, school_class, teacher):
        ready(school_class, teacher, 1, kind=Kind.GUARDIAN, person={"identity_number": make_identity(1, gender=2)})

        assert self.reasons(school_class, teacher) == {1: ["以其他關係者身分申請", "附有證明文件"]}

    @pytest.mark.parametrize("gender", [2, 9])
    def test_a_father_with_a_womans_number_is_asked_about_and_can_be_approved(
        self, client, school_class, teacher, gender
    ):
        application = ready(school_class, teacher, 1, person={"identity_number": make_identity(1, gender=gender)})
        own = reverse("review:application", args=[school_class.school.slug, application.pk])

        assert any("性別不同" in one for one in self.reasons(school_class, teacher)[1])
        shown = client.get(own).content.decode()
        assert "親屬關係和證號第二碼的性別不同，請和申請書核對" in shown
        approve(applicant=application.applicants.get(), revision=application.revision, by=teacher)
        assert Binding.objects.active().count() == 1

    def test_a_students_number_is_told_to_the_registrar_alone(self, client, school_class, teacher):
        StudentFactory(identity_number=make_identity(1))
        application = ready(school_class, teacher, 1)
        own = reverse("review:application", args=[school_class.school.slug, application.pk])
        for_teacher = client.get(own).content.decode()
        log_in(client, registrar_of(school_class.school))
        for_registrar = client.get(own).content.decode()

        assert Escalation.objects.get().why == "checked"
        assert "系統比對後，請由註冊組審核" in for_teacher
        assert "證號和本市一位學生的證號相同" not in for_teacher
        assert "證號和本市一位學生的證號相同" in for_registrar

    def test_a_number_that_became_a_students_later_is_never_approved_with_the_class(self, school_class, teacher):
        ready(school_class, teacher, 1)
        StudentFactory(identity_number=make_identity(1))

        assert self.reasons(school_class, teacher) == {1: ["系統比對後，請由註冊組審核"]}

    def test_a_resident_number(self, school_class, teacher):
        ready(school_class, teacher, 1, person={"identity_number": make_identity(1, gender=8)})

        assert self.reasons(school_class, teacher) == {1: ["居留證號"]}

    def test_an_email_of_somebody_else(self, school_class, teacher):
        ready(school_class, teacher, 1)
        sso_parent(by=teacher, email="p1@example.com", number=make_identity(77))

        assert self.reasons(school_class, teacher) == {1: ["這個電子郵件屬於另一個帳號"]}

    def test_ones_own_account_is_nothing_unusual(self, school_class, teacher):
        ready(school_class, teacher, 1)
        sso_parent(by=teacher, email="p1@example.com", number=make_identity(1))

        assert self.reasons(school_class, teacher) == {1: []}

    def test_another_name_than_on_record(self, school_class, teacher):
        application = ready(school_class, teacher, 1)
        guardian = Guardian(student=application.student, position=1, name="王大同")
        guardian.identity_number = make_identity(1)
        guardian.save()

        assert self.reasons(school_class, teacher) == {1: ["證號與在籍監護人相同，姓名不同"]}

    def test_bound_to_a_child_of_another_family_name(self, school_class, teacher):
        other = bound(StudentFactory(name="陳小華"), teacher)
        ready(
            school_class, teacher, 1,
            person={
                "identity_number": other.account.identity_number, "email": other.account.user.email,
            },
        )  # fmt: skip

        assert self.reasons(school_class, teacher) == {1: ["已綁定不同姓氏的孩子"]}

    def test_a_third_beside_two_who_are_bound(self, client, school_class, teacher):
        application = ready(school_class, teacher, 1, kind=Kind.TWO_PARENTS)
        press(client, school_class)
        assert Binding.objects.active().count() == 2
        third = sent_application_again(application, make_identity(900))
        mark_paper_form(student=third.student, answer="agree", by=teacher)

        assert self.reasons(school_class, teacher) == {1: ["這位學生已有兩位家長綁定"]}

    def test_the_teachers_own_child(self, school_class, teacher):
        application = ready(school_class, teacher, 1)
        teacher.identity_fingerprint = application.applicants.get().identity_fingerprint
        teacher.save()

        assert "這是您自己的家人" in self.reasons(school_class, teacher)[1][0]

    def test_a_forged_key_of_who_is_unusual_does_nothing(self, client, school_class, teacher):
        application = ready(school_class, teacher, 1, kind=Kind.GUARDIAN)

        press(client, school_class, [f"{application.applicants.get().pk}:{application.revision}"])

        assert not Binding.objects.exists()


def sent_application_again(application, number):
    from binding.actions import application as actions

    user = application.started_by
    again = actions.choose_kind(student=application.student, kind=Kind.ONE_PARENT, by=user)
    values = {
        "name": "王三", "relationship": "father", "identity_number": number, "mobile": "0912345678",
        "email": "third@example.com",
    }  # fmt: skip
    actions.save_applicant(application=again, position=1, values=values, is_complete=True, by=user)
    again = reload(again)
    actions.mark_checked(application=again, by=user)
    actions.send(application=again, by=user)
    return reload(again)


@pytest.mark.parametrize("size", [2, 30])
def test_the_summary_costs_the_same_queries_whatever_the_class(
    client, school_class, teacher, django_assert_max_num_queries, size
):
    for seat in range(1, size + 1):
        ready(school_class, teacher, seat)

    with django_assert_max_num_queries(12):
        assert len(keys_on(client.get(page(school_class)))) == size


def test_forty_are_approved_without_hashing_a_password(client, school_class, teacher, monkeypatch):
    for seat in range(1, 41):
        ready(school_class, teacher, seat)
    keys = keys_on(client.get(page(school_class)))

    def refuse(*args, **kwargs):
        raise AssertionError("a password was hashed")

    monkeypatch.setattr("django.contrib.auth.hashers.make_password", refuse)
    started = time.process_time()
    press(client, school_class, keys)

    assert Binding.objects.active().count() == 40
    assert time.process_time() - started < 6  # a generous bound for a machine under load; measured in the notes
