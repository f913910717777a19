"""撤回同意 after approval: the family's account asks, each person bound decides for the own binding alone."""

import io
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from audit.models import Event
from binding.actions import application as actions
from binding.actions.application import StillAsked
from binding.actions.consent import answer_consent
from binding.actions.delegation import Declined
from binding.actions.ending import end_by_parent, end_by_registrar, end_by_withdrawn_consent
from binding.actions.withdrawal import AskedTooOften, LinkOver, keep_binding
from binding.models import Applicant, Application, Binding, Withdrawal, WithdrawalAnswer
from binding.own_family import NotYours
from consent.models import ConsentDecision, ConsentText
from notifications.models import Message
from notifications.outbox import TooLate
from registry.status_changes import change_status
from review import policies
from review.decisions import approve, reject, undo
from review.paper_register import mark_paper_form
from tests.accounts.factories import PASSWORD, log_in, registrar_of, teacher_of
from tests.binding.factories import (
    Kind,
    answered_family,
    approved_application,
    confirmed_family,
    mandate_for,
    sent_application,
)
from tests.registry.factories import SchoolClassFactory, StudentFactory
from tests.review.factories import guardian

pytestmark = pytest.mark.django_db
State = Withdrawal.State


@pytest.fixture
def student():
    return StudentFactory()


@pytest.fixture
def teacher(student):
    return teacher_of(student.school_class)


@pytest.fixture
def family(student, teacher):
    """Bob and Carol are bound."""
    family = approved_application(teacher, student, kind=Kind.TWO_PARENTS).started_by
    Message.objects.all().delete()
    return family


def say(family, choice="declined"):
    return answer_consent(student=family.student, answer=choice, text=ConsentText.objects.current(), by=family)


def parent(name):
    user = User.objects.get(username=f"{name}@example.com")
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    user.sso_account.state = "active"
    user.sso_account.save(update_fields=["state"])
    return user


def answer_of(name):
    return WithdrawalAnswer.objects.get(binding__account__user__username=f"{name}@example.com")


def link_of(name, kind="withdrawal-asked"):
    mail = Message.objects.filter(kind=kind, to=f"{name}@example.com").latest("pk")
    return re.search(r"https?://\S+(/\S+withdrawal/\?token=\S+)", mail.text)[1]


def press(client, link, choice):
    page, token = link.split("?token=")
    return client.post(page, {"token": token, "answer": choice}).content.decode()


def bound():
    return sorted(Binding.objects.active().values_list("account__user__username", flat=True))


def kinds():
    return sorted(Message.objects.values_list("kind", "to"))


def stands(student):
    return ConsentDecision.objects.latest_of(student).answer


class TestAsking:
    def test_the_family_account_alone_ends_nobody(self, family, student):
        say(family)

        assert bound() == ["bob@example.com", "carol@example.com"]
        assert stands(student) == "agreed"
        assert kinds() == [("withdrawal-asked", "bob@example.com"), ("withdrawal-asked", "carol@example.com")]

    def test_asking_twice_mails_once(self, family):
        say(family)
        say(family)

        assert Message.objects.filter(kind="withdrawal-asked").count() == 2
        assert Withdrawal.objects.count() == 1

    def test_a_student_who_plays_with_it_does_not_flood_the_parents(self, family):
        for _turn in range(3):
            say(family)
            say(family, "agreed")

        with pytest.raises(AskedTooOften):
            say(family)
        assert bound() == ["bob@example.com", "carol@example.com"]

    def test_the_page_says_that_it_was_too_often(self, client, family):
        for _turn in range(3):
            say(family)
            say(family, "agreed")
        log_in(client, family)
        digest = ConsentText.objects.current().digest

        page = client.post(
            reverse("binding:consent", args=[family.school.slug]),
            {"answer": "declined", "text_digest": digest, "asks_bound": "on"},
        ).content.decode()

        assert "今天已經請已綁定的人確認很多次了" in page

    def test_what_is_not_decided_is_withdrawn_at_once(self, student, teacher):
        application = sent_application(student, kind=Kind.TWO_PARENTS)
        mark_paper_form(student=student, answer="agree", by=teacher)
        approve(applicant=application.applicants.get(position=1), revision=1, by=teacher)

        say(application.started_by)

        reviews = list(application.applicants.order_by("position").values_list("review", flat=True))
        assert reviews == [Applicant.Review.APPROVED, Applicant.Review.WITHDRAWN]
        assert bound() == ["bob@example.com"]

    def test_before_any_approval_it_is_the_familys_own_decision(self, student):
        application = sent_application(student)

        say(application.started_by)

        application.refresh_from_db()
        assert (stands(student), application.status) == ("declined", Application.Status.WITHDRAWN)
        assert not Withdrawal.objects.exists()

    def test_each_reads_the_own_language(self, student, teacher):
        with translation.override("en"):
            application = approved_application(teacher, student)
        Message.objects.all().delete()

        say(application.started_by)

        subject = Message.objects.get(kind="withdrawal-asked").subject
        assert not re.search(r"[\u4e00-\u9fff]", subject.replace(student.school.name, ""))

    def test_the_page_tells_the_days_of_the_setting(self, client, family, settings):
        settings.CONSENT_WITHDRAWAL_DAYS = 5
        log_in(client, family)

        page = client.get(reverse("binding:consent", args=[family.school.slug])).content.decode()

        assert "5 天內沒有答覆就維持綁定" in page

    def test_nothing_new_is_applied_for_meanwhile(self, client, family, student):
        say(family)
        log_in(client, family)

        response = client.get(reverse("binding:apply", args=[family.school.slug]), follow=True)

        assert "正在等已綁定的人答覆" in response.content.decode()
        with pytest.raises(StillAsked):
            actions.choose_kind(student=student, kind=Kind.ONE_PARENT, by=family)

    def test_nobody_is_approved_meanwhile(self, student, teacher):
        application = sent_application(student, kind=Kind.TWO_PARENTS)
        mark_paper_form(student=student, answer="agree", by=teacher)
        bob, carol = application.applicants.order_by("position")
        approve(applicant=bob, revision=1, by=teacher)
        reject(applicant=carol, revision=1, reason="x", by=teacher)
        say(application.started_by)
        undo(applicant=carol, by=teacher)  # back in the pile

        with pytest.raises(policies.NotAllowed, match="撤回同意"):
            approve(applicant=carol, revision=1, by=teacher)

    def test_an_approval_that_was_asked_about_is_not_undone_silently(self, student, teacher):
        application = approved_application(teacher, student)
        say(application.started_by)

        with pytest.raises(TooLate):
            undo(applicant=application.applicants.get(), by=teacher)

    def test_no_carer_is_entered_meanwhile(self, family, student):
        say(family)

        with pytest.raises(Declined):
            mandate_for(student, by=registrar_of(student.school))


class TestAnswering:
    def test_one_agrees_and_one_stays_silent(self, family, student):
        say(family)

        end_by_withdrawn_consent(answer=answer_of("bob"), how="account", by=parent("bob"))

        binding = Binding.objects.get(account__user__username="bob@example.com")
        assert (binding.state, binding.end_reason) == ("ended", "consent_withdrawn")
        assert bound() == ["carol@example.com"]
        assert stands(student) == "agreed"
        Withdrawal.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        call_command("end_expired", stdout=io.StringIO())
        assert Withdrawal.objects.get().state == State.LAPSED
        assert bound() == ["carol@example.com"]
        assert stands(student) == "agreed"

    def test_when_the_last_one_agrees_the_familys_answer_stands(self, family, student):
        say(family)

        for name in ("bob", "carol"):
            end_by_withdrawn_consent(answer=answer_of(name), how="account", by=parent(name))

        assert bound() == []
        assert (stands(student), Withdrawal.objects.get().state) == ("declined", State.DONE)
        decision = ConsentDecision.objects.latest_of(student)
        assert decision.decided_by == family

    def test_who_keeps_stays_bound_and_the_consent_with_it(self, family, student):
        say(family)

        end_by_withdrawn_consent(answer=answer_of("bob"), how="account", by=parent("bob"))
        keep_binding(answer=answer_of("carol"), how="account", by=parent("carol"))

        assert bound() == ["carol@example.com"]
        assert (stands(student), Withdrawal.objects.get().state) == ("agreed", State.KEPT)

    def test_silence_for_all_the_days_changes_nothing(self, family, student):
        say(family)
        withdrawal = Withdrawal.objects.get()
        days = timedelta(days=settings.CONSENT_WITHDRAWAL_DAYS)
        assert abs(withdrawal.expires_at - timezone.now() - days) < timedelta(minutes=1)
        Withdrawal.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        with pytest.raises(LinkOver):  # by the time, whether or not the night has come
            end_by_withdrawn_consent(answer=answer_of("bob"), how="link", by=parent("bob"))
        assert bound() == ["bob@example.com", "carol@example.com"]
        assert stands(student) == "agreed"

    def test_after_a_silence_the_family_may_ask_again(self, family):
        say(family)
        Withdrawal.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        say(family)

        assert sorted(Withdrawal.objects.values_list("state", flat=True)) == ["lapsed", "open"]

    def test_nobody_answers_for_another(self, family):
        say(family)

        with pytest.raises(NotYours):
            end_by_withdrawn_consent(answer=answer_of("bob"), how="account", by=parent("carol"))
        assert bound() == ["bob@example.com", "carol@example.com"]

    def test_agreeing_anew_before_an_answer_takes_it_back(self, family, student):
        say(family)
        answer = answer_of("bob")

        say(family, "agreed")

        assert Withdrawal.objects.get().state == State.TAKEN_BACK
        assert Message.objects.filter(kind="withdrawal-taken-back").count() == 2
        with pytest.raises(LinkOver):
            end_by_withdrawn_consent(answer=answer, how="link", by=parent("bob"))
        assert bound() == ["bob@example.com", "carol@example.com"]

    def test_a_binding_that_ends_otherwise_is_asked_about_no_longer(self, family, student):
        say(family)
        end_by_parent(binding=Binding.objects.get(account__user__username="bob@example.com"), by=parent("bob"))

        assert answer_of("bob").state == "closed"
        end_by_registrar(
            binding=Binding.objects.get(account__user__username="carol@example.com"),
            reason="asked",
            note="",
            by=registrar_of(student.school),
        )
        assert (stands(student), Withdrawal.objects.get().state) == ("declined", State.DONE)

    def test_a_graduate_is_asked_no_longer(self, family, student):
        say(family)
        change_status(student=student, status="graduated", by=registrar_of(student.school))

        assert Withdrawal.objects.get().state == State.DONE
        assert not WithdrawalAnswer.objects.waiting().exists()

    def test_a_student_who_moved_school_keeps_the_question(self, client, family, student):
        say(family)
        there = SchoolClassFactory()
        student.school, student.school_class = there.school, there
        student.save()

        assert "已解除您和孩子的綁定" in press(client, link_of("bob"), "agree")
        assert bound() == ["carol@example.com"]

    def test_a_sibling_stays_as_it_is(self, family, teacher, student):
        sibling = StudentFactory(school=student.school, school_class=student.school_class)
        approved_application(teacher, sibling)
        say(family)

        end_by_withdrawn_consent(answer=answer_of("bob"), how="account", by=parent("bob"))

        assert bound() == ["bob@example.com", "carol@example.com"]
        assert Binding.objects.active().get(account__user__username="bob@example.com").student == sibling

    def test_a_guardian_is_asked_as_a_parent_is(self, student, teacher):
        registrar = registrar_of(student.school)
        family = approved_application(registrar, student, kind=Kind.GUARDIAN).started_by

        say(family)

        assert WithdrawalAnswer.objects.waiting().count() == 1
        assert Binding.objects.active().count() == 1


class TestCarers:
    def test_a_carer_is_asked_too(self, family, student):
        mandate_for(student, by=registrar_of(student.school))

        say(family)

        assert "granny@example.com" in bound()
        assert WithdrawalAnswer.objects.waiting().count() == 3

    def test_the_carer_goes_with_the_parent_who_gave_the_mandate(self, family, student):
        mandate = mandate_for(student, by=registrar_of(student.school))
        giver = mandate.given_by.account.user.username.partition("@")[0]
        say(family)

        end_by_withdrawn_consent(answer=answer_of(giver), how="account", by=parent(giver))

        assert "granny@example.com" not in bound()
        assert answer_of("granny").state == "closed"


class TestLink:
    def test_opening_it_decides_nothing(self, client, family):
        say(family)

        page = client.get(link_of("bob")).content.decode()

        assert "維持綁定" in page
        assert bound() == ["bob@example.com", "carol@example.com"]
        assert WithdrawalAnswer.objects.waiting().count() == 2

    def test_it_works_once(self, client, family):
        say(family)
        link = link_of("bob")

        assert "已維持您和孩子的綁定" in press(client, link, "keep")
        assert "這個連結不能用了" in press(client, link, "agree")
        assert "這個連結不能用了" in client.get(link).content.decode()
        assert bound() == ["bob@example.com", "carol@example.com"]

    def test_it_ends_the_own_binding_only(self, client, family):
        say(family)

        press(client, link_of("bob"), "agree")

        assert bound() == ["carol@example.com"]
        event = Event.objects.get(event="withdrawal.agreed")
        assert (event.data, event.actor_id) == ({"how": "link"}, parent("bob").pk)

    def test_another_parent_who_is_logged_in_cannot_use_it(self, client, family):
        say(family)
        log_in(client, parent("carol"))

        assert "這個連結不能用了" in press(client, link_of("bob"), "agree")
        assert bound() == ["bob@example.com", "carol@example.com"]

    def test_after_its_time_it_is_over(self, client, family):
        say(family)
        Withdrawal.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        assert "這個連結不能用了" in press(client, link_of("bob"), "agree")
        assert bound() == ["bob@example.com", "carol@example.com"]

    def test_the_token_is_kept_nowhere_but_in_the_mail(self, family):
        say(family)
        token = link_of("bob").partition("token=")[2]

        assert token not in str(list(WithdrawalAnswer.objects.values()))
        assert token not in str(list(Event.objects.values()))

    @pytest.mark.parametrize("choice", ["", "AGREE", "yes"])
    def test_anything_else_decides_nothing(self, client, family, choice):
        say(family)

        press(client, link_of("bob"), choice)

        assert WithdrawalAnswer.objects.waiting().count() == 2


class TestOwnPage:
    def test_the_launcher_leads_there(self, client, family, student):
        say(family)
        log_in(client, parent("bob"))

        page = client.get(reverse("binding:sso-home")).content.decode()

        assert reverse("binding:withdrawal", args=[answer_of("bob").pk]) in page

    def test_agreeing_asks_for_the_own_password(self, client, family):
        say(family)
        log_in(client, parent("bob"))
        address = reverse("binding:withdrawal", args=[answer_of("bob").pk])

        client.post(address, {"answer": "agree", "password": "wrong"})
        assert len(bound()) == 2

        response = client.post(address, {"answer": "agree", "password": PASSWORD}, follow=True)
        assert bound() == ["carol@example.com"]
        assert "已解除" in response.content.decode()

    def test_keeping_takes_one_press(self, client, family):
        say(family)
        log_in(client, parent("bob"))

        response = client.post(
            reverse("binding:withdrawal", args=[answer_of("bob").pk]), {"answer": "keep"}, follow=True
        )

        assert "已維持您和孩子的綁定" in response.content.decode()
        assert answer_of("bob").state == "kept"

    def test_anothers_is_not_there(self, client, family):
        say(family)
        log_in(client, parent("carol"))

        response = client.get(reverse("binding:withdrawal", args=[answer_of("bob").pk]))

        assert response.status_code == 404

    def test_answered_already_it_says_so(self, client, family):
        say(family)
        keep_binding(answer=answer_of("bob"), how="link", by=parent("bob"))
        log_in(client, parent("bob"))

        response = client.get(reverse("binding:withdrawal", args=[answer_of("bob").pk]), follow=True)

        assert "已經有結果了" in response.content.decode()


def test_the_hub_tells_how_far_it_is_and_names_nobody(client, family):
    say(family)
    keep_binding(answer=answer_of("bob"), how="link", by=parent("bob"))
    log_in(client, family)

    page = client.get(reverse("binding:tasks", args=[family.school.slug])).content.decode()

    assert "已提出不申辦，等待已綁定的人答覆" in page
    assert "0 位同意解除，1 位維持綁定" in page
    assert "王大明" not in page
    assert "親子綁定已完成" not in page


def test_the_teacher_and_the_registrar_see_that_it_waits(client, family, teacher, student):
    say(family)
    log_in(client, teacher)
    application = Application.objects.get()
    board = client.get(reverse("review:class", args=[student.school.slug, student.school_class_id]))
    page = client.get(reverse("review:application", args=[student.school.slug, application.pk]))
    assert "提出撤回，等已綁定的人答覆" in board.content.decode()
    assert "正在等已綁定的人答覆" in page.content.decode()

    log_in(client, registrar_of(student.school))
    binding = Binding.objects.first()
    page = client.get(reverse("binding:binding", args=[student.school.slug, binding.pk]))
    assert "正在等本人答覆" in page.content.decode()


def test_a_family_that_never_agreed_declines_at_once_though_a_carer_is_bound(student):
    guardian(student, "ann@example.com")
    mandate_for(student, by=registrar_of(student.school))
    family = confirmed_family(student)

    say(family)

    assert stands(student) == "declined"
    assert bound() == ["granny@example.com"]
    assert WithdrawalAnswer.objects.waiting().count() == 1


def test_agreeing_where_nobody_was_asked_asks_nobody(student):
    say(answered_family(student), "agreed")

    assert not Withdrawal.objects.exists()
