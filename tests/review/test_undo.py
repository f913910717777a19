"""A decision is taken back while its mail waits; afterwards it stands."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import SSOAccount, User
from accounts.passwords import change_password
from accounts.sso_accounts import open_sso_account
from audit.models import Event
from binding.actions.application import choose_kind, save_applicant, withdraw
from binding.actions.email_correction import ask_to_correct_email
from binding.actions.ending import end_binding
from binding.models import Applicant, Application, Binding
from core.states import InvalidMove
from notifications.delivery import deliver_due
from notifications.models import Message
from notifications.outbox import TooLate
from registry.models import Guardian
from review import decisions, permissions
from review.last_decision import last_decision_of
from review.models import ReviewRules
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import Kind, mandate_for, reload, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    school_class = SchoolClassFactory()
    sent = sent_application(StudentFactory(school=school_class.school, school_class=school_class))
    mark_paper_form(student=sent.student, answer="agree", by=teacher_of(school_class))
    return sent


@pytest.mark.parametrize(
    ("review", "words"),
    [
        ("approved", "註冊組可以終止綁定"),
        ("returned", "再送出一次，就會回到待審核"),
        ("rejected", "登入後可以重新申辦"),
    ],
)
def test_afterwards_the_page_says_what_can_be_done(client, application, teacher, applicant, monkeypatch, review, words):
    revision = application.revision
    if review == "approved":
        decisions.approve(applicant=applicant, revision=revision, by=teacher)
    else:
        decide = decisions.return_for_changes if review == "returned" else decisions.reject
        decide(applicant=applicant, revision=revision, reason="手機不對", by=teacher)
    log_in(client, teacher)
    address = reverse("review:application", args=[application.student.school.slug, application.pk])

    within = client.get(address).content.decode()
    Applicant.objects.update(undo_until=timezone.now() - timedelta(minutes=1))
    after = client.get(address).content.decode()

    assert words not in within
    assert words in after


def test_afterwards_the_registrar_is_led_to_the_binding(client, application, teacher, applicant):
    decisions.approve(applicant=applicant, revision=application.revision, by=teacher)
    Applicant.objects.update(undo_until=timezone.now() - timedelta(minutes=1))
    slug = application.student.school.slug
    log_in(client, registrar_of(application.student.school))

    page = client.get(reverse("review:application", args=[slug, application.pk])).content.decode()

    assert "請到綁定頁終止綁定" in page
    assert reverse("binding:binding", args=[slug, Binding.objects.get().pk]) in page


@pytest.fixture
def teacher(application):
    return User.objects.get(account=application.student.school_class.homeroom.account)


@pytest.fixture
def applicant(application):
    return application.applicants.get()


def approve(applicant, teacher):
    return decisions.approve(applicant=applicant, revision=1, by=teacher)


def hand_back(applicant, teacher):
    return decisions.return_for_changes(applicant=applicant, reason="請再確認", revision=1, by=teacher)


def reject(applicant, teacher):
    return decisions.reject(applicant=applicant, reason="不是家長", revision=1, by=teacher)


def test_the_mail_waits_as_long_as_the_decision_can_be_taken_back(applicant, teacher):
    approve(applicant, teacher)

    assert deliver_due() == 0
    waits = Message.objects.get().next_attempt_at - timezone.now()
    assert timedelta(minutes=4, seconds=50) < waits <= timedelta(minutes=5)


class TestAsLongAsTheSchoolSays:
    """One value a school: how long a mail waits, and how long its decision can be taken back."""

    def set_to(self, client, school, minutes):
        log_in(client, registrar_of(school))
        return client.post(reverse("review:rules", args=[school.slug]), {"texts": "", "undo_minutes": minutes})

    @pytest.mark.parametrize("decide", [approve, hand_back, reject])
    def test_mail_and_window_end_at_one_moment(self, client, application, applicant, teacher, decide):
        self.set_to(client, application.student.school, "30")

        decide(applicant, teacher)

        until = Applicant.objects.get().undo_until
        waits = Message.objects.get().next_attempt_at - until
        assert abs(waits) < timedelta(seconds=1)
        assert timedelta(minutes=29) < until - timezone.now() <= timedelta(minutes=30)

    def test_a_later_change_does_not_touch_a_decision_that_was_made(self, client, application, applicant, teacher):
        approve(applicant, teacher)
        Applicant.objects.update(undo_until=timezone.now() - timedelta(seconds=1))
        self.set_to(client, application.student.school, "60")

        with pytest.raises(TooLate):
            decisions.undo(applicant=applicant, by=teacher)

    def test_the_page_says_until_when(self, client, application, applicant, teacher):
        approve(applicant, teacher)
        log_in(client, teacher)
        own = reverse("review:application", args=[application.student.school.slug, application.pk])

        until = timezone.localtime(Applicant.objects.get().undo_until)
        assert f"通知信 {until:%H:%M} 才寄出，這之前可以復原" in client.get(own).content.decode()

    @pytest.mark.parametrize("minutes", ["0", "61", "7", "x", "-5"])
    def test_only_what_is_offered_is_taken(self, client, application, minutes):
        assert self.set_to(client, application.student.school, minutes).status_code == 200
        assert not ReviewRules.objects.exists()

    def test_nothing_chosen_is_the_usual_time(self, client, application):
        self.set_to(client, application.student.school, "10")
        self.set_to(client, application.student.school, "")

        assert ReviewRules.objects.get().undo_window == 5


def test_an_approval_taken_back_leaves_nothing(application, applicant, teacher):
    approve(applicant, teacher)

    decisions.undo(applicant=applicant, by=teacher)

    assert reload(application).status == Application.Status.SUBMITTED
    applicant.refresh_from_db()
    assert (applicant.review, applicant.decided_by, applicant.decided_at) == ("pending", None, None)
    assert not Binding.objects.exists()
    assert not SSOAccount.objects.exists()
    assert not User.objects.filter(kind="parent").exists()
    assert Message.objects.get().state == Message.State.STOPPED
    assert Event.objects.get(event="applicant.undone").data == {"decision": "approved"}


@pytest.mark.parametrize("decide", [approve, hand_back, reject])
def test_then_it_is_decided_anew_and_one_mail_goes(application, applicant, teacher, decide):
    decide(applicant, teacher)
    decisions.undo(applicant=applicant, by=teacher)

    approve(applicant, teacher)
    Message.objects.filter(state="queued").update(next_attempt_at=timezone.now())

    assert deliver_due() == 1
    assert Message.objects.get(state="sent").kind == "account-opened"
    assert reload(application).status == Application.Status.DECIDED


def test_an_account_that_lived_before_stays(applicant, teacher):
    opened = open_sso_account(
        name="王大明", identity_number=make_identity(701), mobile="0912345678", email="old@example.com", by=teacher
    )
    change_password(user=opened.account.user, password="a green bicycle bell")
    approve(applicant, teacher)

    decisions.undo(applicant=applicant, by=teacher)

    assert SSOAccount.objects.get().state == SSOAccount.State.ACTIVE
    assert not Binding.objects.exists()


def test_a_closed_account_is_closed_again(applicant, teacher):
    account = open_sso_account(
        name="王大明", identity_number=make_identity(701), mobile="0912345678", email="old@example.com", by=teacher
    ).account
    approve(applicant, teacher)
    binding = Binding.objects.get()
    binding.set_end("registrar")
    binding.save()
    SSOAccount.objects.update(state="closed")
    second = sent_application(
        StudentFactory(
            school=applicant.application.student.school, school_class=applicant.application.student.school_class
        )
    )
    mark_paper_form(student=second.student, answer="agree", by=teacher)
    approve(second.applicants.get(), teacher)
    assert SSOAccount.objects.get().state == SSOAccount.State.INITIAL

    decisions.undo(applicant=second.applicants.get(), by=teacher)

    account.refresh_from_db()
    assert account.state == SSOAccount.State.CLOSED
    assert Binding.objects.get() == binding


def test_a_sibling_approved_meanwhile_keeps_the_account_and_hears_how_to_log_in(applicant, teacher):
    approve(applicant, teacher)
    second = sent_application(StudentFactory())
    other = registrar_of(second.student.school)
    mark_paper_form(student=second.student, answer="agree", by=other)
    approve(second.applicants.get(), other)

    decisions.undo(applicant=applicant, by=teacher)

    assert SSOAccount.objects.get().state == SSOAccount.State.INITIAL
    assert Binding.objects.get().student == second.student
    waiting = Message.objects.filter(state="queued").order_by("pk").values_list("kind", flat=True)
    assert list(waiting) == ["child-added", "account-opened"]


def test_too_late_once_the_time_is_over(applicant, teacher):
    approve(applicant, teacher)
    Applicant.objects.update(undo_until=timezone.now() - timedelta(seconds=1))

    with pytest.raises(TooLate):
        decisions.undo(applicant=applicant, by=teacher)
    assert Binding.objects.active().exists()


def test_too_late_once_the_mail_went(applicant, teacher):
    hand_back(applicant, teacher)
    Message.objects.update(next_attempt_at=timezone.now())
    deliver_due()

    with pytest.raises(TooLate):
        decisions.undo(applicant=applicant, by=teacher)
    applicant.refresh_from_db()
    assert applicant.review == "returned"


def test_too_late_once_the_parent_came_in(applicant, teacher):
    approve(applicant, teacher)
    change_password(user=SSOAccount.objects.get().user, password="a green bicycle bell")

    with pytest.raises(TooLate):
        decisions.undo(applicant=applicant, by=teacher)
    assert Binding.objects.active().exists()


def test_too_late_once_the_family_mended_it(application, applicant, teacher):
    hand_back(applicant, teacher)
    save_applicant(
        application=application, position=1, values={"mobile": "0987654321"}, is_complete=True,
        by=application.started_by,
    )  # fmt: skip

    with pytest.raises(TooLate):
        decisions.undo(applicant=applicant, by=teacher)


def test_too_late_once_the_family_began_anew(application, applicant, teacher):
    reject(applicant, teacher)
    choose_kind(student=application.student, kind=Kind.GUARDIAN, by=application.started_by)

    with pytest.raises(InvalidMove):
        decisions.undo(applicant=applicant, by=teacher)
    assert Message.objects.get().state == "queued"


def test_twice_is_once(applicant, teacher):
    reject(applicant, teacher)
    decisions.undo(applicant=applicant, by=teacher)

    with pytest.raises(TooLate):
        decisions.undo(applicant=applicant, by=teacher)


def test_a_former_teacher_takes_nothing_back(application, applicant, teacher):
    approve(applicant, teacher)
    application.student.school_class.duties.all().delete()

    with pytest.raises(permissions.NotYours):
        decisions.undo(applicant=applicant, by=teacher)


class TestPages:
    @pytest.fixture
    def desk(self, client, application, teacher):
        log_in(client, teacher)
        return application.student.school.slug

    def undo(self, client, slug, *applicants):
        keys = ",".join(str(getattr(one, "pk", one)) for one in applicants)
        return client.post(reverse("review:decisions-undo", args=[slug]), {"applicants": keys}, follow=True)

    def test_the_class_offers_it_and_a_press_does_it(self, client, desk, application, applicant, teacher):
        approve(applicant, teacher)
        board = client.get(reverse("review:class", args=[desk, application.student.school_class_id]))
        assert "剛才：" in board.content.decode()

        page = self.undo(client, desk, applicant).content.decode()

        assert "已復原 1 個決定" in page
        assert "剛才：" not in client.get(board.request["PATH_INFO"]).content.decode()
        assert last_decision_of(teacher) is None

    def test_too_late_is_said(self, client, desk, applicant, teacher):
        approve(applicant, teacher)
        Message.objects.update(leased_by="worker")

        assert "不能復原了" in self.undo(client, desk, applicant).content.decode()
        assert last_decision_of(teacher) is None

    @pytest.mark.parametrize("keys", ["", "x", "1,,2", "-1", "１", "9" * 17])
    def test_what_is_no_key_changes_nothing(self, client, desk, applicant, teacher, keys):
        approve(applicant, teacher)

        assert self.undo(client, desk, keys).status_code == 200
        assert Binding.objects.exists()

    def test_another_schools_decision_is_not_found(self, client, desk):
        other = sent_application(StudentFactory())
        registrar = registrar_of(other.student.school)
        stranger = reject(other.applicants.get(), registrar)

        self.undo(client, desk, stranger)

        stranger.refresh_from_db()
        assert stranger.review == "rejected"

    def test_a_batch_is_taken_back_whole(self, client, desk, application, teacher):
        school_class = application.student.school_class
        for number in (2, 3):
            one = sent_application(
                StudentFactory(school=school_class.school, school_class=school_class),
                people={1: {"identity_number": make_identity(800 + number), "email": f"p{number}@example.com"}},
            )  # fmt: skip
            mark_paper_form(student=one.student, answer="agree", by=teacher)
        board = reverse("review:class-approve", args=[desk, school_class.pk])
        keys = [f"{one.pk}:1" for one in Applicant.objects.all()]
        page = client.post(board, {"keys": keys}).content.decode()
        assert "已核可 3 位" in page

        self.undo(client, desk, *Applicant.objects.order_by("pk"))

        assert not Binding.objects.exists()
        assert set(Applicant.objects.values_list("review", flat=True)) == {"pending"}


class TestMailsThatWait:
    """What happens within the five minutes makes a waiting mail wrong: it does not go."""

    def states(self):
        return sorted(Message.objects.values_list("kind", "state"))

    def test_an_ended_binding_is_not_announced_any_more(self, applicant, teacher):
        approve(applicant, teacher)

        end_binding(binding=Binding.objects.get(), reason=Binding.EndReason.REGISTRAR, by=teacher)

        assert self.states() == [("account-opened", "stopped"), ("binding-ended", "queued")]

    def test_what_was_mended_at_once_is_not_asked_for(self, application, applicant, teacher):
        hand_back(applicant, teacher)

        save_applicant(
            application=application, position=1, values={"mobile": "0987654321"}, is_complete=True,
            by=application.started_by,
        )  # fmt: skip

        assert self.states() == [("applicant-returned", "stopped")]

    def test_what_was_withdrawn_is_not_asked_for(self, application, applicant, teacher):
        hand_back(applicant, teacher)

        withdraw(application=application, by=application.started_by)

        assert self.states() == [("applicant-returned", "stopped")]


def test_too_late_once_the_address_is_being_corrected(applicant, teacher):
    approve(applicant, teacher)
    registrar = registrar_of(applicant.application.student.school)
    ask_to_correct_email(
        binding=Binding.objects.get(), new_email="right@example.com", reason="打錯", proof="in_person", by=registrar
    )

    with pytest.raises(TooLate):
        decisions.undo(applicant=applicant, by=teacher)
    assert Binding.objects.active().exists()


def test_too_late_once_it_took_the_place_of_a_mandate(application, applicant, teacher):
    other = Guardian(student=application.student, position=1, name="林美")
    other.identity_number = make_identity(55)
    other.save()
    registrar = registrar_of(application.student.school)
    mandate_for(application.student, by=registrar, identity_number=make_identity(701), email="bob@example.com")
    approve(applicant, teacher)

    with pytest.raises(TooLate):
        decisions.undo(applicant=applicant, by=teacher)
    assert Binding.objects.active().get().applicant == applicant
