"""The family's form says nothing about whose an address or a number is; the reviewer sees it, the applicant is mailed."""

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import SSOAccount
from accounts.sso_accounts import EmailTaken
from binding.actions import email_correction
from binding.actions.application import mark_checked, save_applicant, send
from binding.actions.starting import bind
from binding.models import Applicant
from notifications.models import Message
from review import decisions, policies
from review.paper_register import mark_paper_form
from review.review_flags import Flag, flags_of
from tests.accounts.factories import log_in, registrar_of, sso_parent, teacher_of
from tests.binding.factories import Kind, approved_application, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db

STRANGERS = "stranger@example.com"


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def teacher(school_class):
    return teacher_of(school_class)


@pytest.fixture
def stranger(school_class):
    return sso_parent(by=registrar_of(school_class.school), email=STRANGERS, number=make_identity(77))


def student_of(school_class):
    return StudentFactory(school=school_class.school, school_class=school_class)


def applied(school_class, *, kind=Kind.ONE_PARENT, **person):
    people = {1: {"identity_number": make_identity(5), "email": STRANGERS, **person}}
    return sent_application(student_of(school_class), kind=kind, people=people)


def mails():
    return Message.objects.filter(kind="applicant-email-taken")


class TestTheForm:
    def answer(self, client, application, email, number):
        log_in(client, application.started_by)
        page = reverse("binding:applicant", args=[application.student.school.slug, 1])
        typed = {"email": email, "email_again": email, "identity_number": number, "mobile": "12"}
        words = client.post(page, typed).content.decode().replace(email, "E")
        return words.split("<main")[1].split("csrfmiddlewaretoken")[0] + words.split('name="email"')[1][:600]

    def test_answers_the_same_whose_ever_the_address_and_the_number_are(self, client, school_class, stranger):
        """The walk of before: a stranger's address with the stranger's own number was taken, with another one not."""
        application = applied(school_class, email="mine@example.com")
        pairs = [
            (STRANGERS, make_identity(77)), (STRANGERS, make_identity(5)),
            ("free@example.com", make_identity(77)), ("free@example.com", make_identity(5)),
        ]  # fmt: skip

        assert len({self.answer(client, application, *pair) for pair in pairs}) == 1

    def test_answers_the_same_about_who_is_bound_to_the_child(self, client, school_class, teacher):
        bound = {1: {"identity_number": make_identity(901), "email": "zoe@example.com"}}
        student = student_of(school_class)
        approved_application(teacher, student, people=bound)
        application = sent_application(student, people={1: {"email": "mine@example.com"}}, kind=Kind.ONE_PARENT)

        numbers = [make_identity(901), make_identity(902)]
        assert len({self.answer(client, application, "mine@example.com", one) for one in numbers}) == 1
        save_applicant(
            application=application, position=1, values={"identity_number": make_identity(901)},
            is_complete=True, by=application.started_by,
        )  # fmt: skip
        application.refresh_from_db()
        [flags] = flags_of([application]).values()
        assert Flag.BOUND in flags

    def test_one_address_twice_in_an_application_is_refused(self, client, school_class):
        application = applied(school_class, kind=Kind.TWO_PARENTS, email="one@example.com")
        log_in(client, application.started_by)
        page = reverse("binding:applicant", args=[application.student.school.slug, 2])

        words = client.post(page, {"email": "one@example.com", "email_again": "one@example.com"}).content.decode()

        assert "兩位申請人要用不同的電子郵件" in words


class TestAfterSending:
    def test_sending_works_and_the_applicant_is_mailed(self, school_class, stranger):
        application = applied(school_class)

        assert application.is_submitted
        [mail] = mails()
        assert mail.to == STRANGERS
        for told in (stranger.name, application.student.name, application.student.masked_name):
            assert told not in mail.text

    def test_in_the_applicants_language(self, school_class, stranger):
        from django.utils import translation

        with translation.override("en"):
            applied(school_class)

        assert mails().get().subject.endswith("use another email address")

    def test_who_has_an_own_address_hears_nothing(self, school_class, stranger):
        applied(school_class, email="free@example.com")
        applied(school_class, identity_number=make_identity(77))

        assert not mails().exists()

    def test_the_reviewer_sees_it_and_what_to_do(self, client, school_class, teacher, stranger):
        application = applied(school_class)
        log_in(client, teacher)

        page = client.get(
            reverse("review:application", args=[school_class.school.slug, application.pk])
        ).content.decode()

        [flags] = flags_of([application]).values()
        assert Flag.EMAIL_KNOWN in flags
        assert "這個電子郵件屬於另一個帳號" in page
        assert "更正之前不能核可" in page

    def test_approval_is_refused_until_it_is_corrected(self, school_class, teacher, stranger):
        application = applied(school_class)
        mark_paper_form(student=application.student, answer="agree", by=teacher)
        applicant = application.applicants.get()

        with pytest.raises(policies.NotAllowed, match="屬於另一個帳號"):
            decisions.approve(applicant=applicant, revision=application.revision, by=teacher)
        save_applicant(
            application=application, position=1, values={"email": "own@example.com"}, is_complete=True,
            by=application.started_by,
        )  # fmt: skip
        application.refresh_from_db()
        decisions.approve(applicant=application.applicants.get(), revision=application.revision, by=teacher)

        assert application.applicants.get().review == Applicant.Review.APPROVED

    def test_whoever_has_an_account_does_not_apply_under_another_ones_address(self, school_class, teacher, stranger):
        sso_parent(by=teacher, email="carol@example.com", number=make_identity(5))
        application = applied(school_class)

        with pytest.raises(EmailTaken), transaction.atomic():
            bind(applicant=application.applicants.get(), by=teacher)

    def test_strangers_are_not_mailed_without_end(self, school_class, stranger):
        application = applied(school_class)
        for turn in range(4):
            for email in (f"free{turn}@example.com", STRANGERS):
                save_applicant(
                    application=application, position=1, values={"email": email}, is_complete=True,
                    by=application.started_by,
                )  # fmt: skip

        assert mails().count() == 3

    def test_nothing_is_mailed_before_sending(self, school_class, stranger):
        from binding.actions.application import choose_kind
        from tests.binding.factories import answered_family

        user = answered_family(student_of(school_class))
        draft = choose_kind(student=user.student, kind=Kind.ONE_PARENT, by=user)
        values = {
            "name": "王大明", "relationship": "father", "identity_number": make_identity(5),
            "mobile": "0912345678", "email": STRANGERS,
        }  # fmt: skip
        save_applicant(application=draft, position=1, values=values, is_complete=True, by=user)
        mark_checked(application=draft, by=user)
        assert not mails().exists()

        draft.refresh_from_db()
        send(application=draft, by=user)
        assert mails().count() == 1


class TestReserved:
    """An address that a school is just giving to somebody's account is no other's meanwhile."""

    @pytest.fixture
    def reserved(self, school_class, teacher):
        zoe = {1: {"identity_number": make_identity(901), "email": "zoe@example.com"}}
        binding = approved_application(teacher, student_of(school_class), people=zoe).applicants.get().binding
        registrar = registrar_of(school_class.school)
        SSOAccount.objects.filter(pk=binding.account_id).update(state=SSOAccount.State.INITIAL)
        email_correction.ask_to_correct_email(
            binding=binding, new_email=STRANGERS, reason="打錯", proof="in_person", by=registrar
        )
        return binding

    def test_an_approval_does_not_take_it(self, school_class, teacher, reserved):
        application = applied(school_class)
        mark_paper_form(student=application.student, answer="agree", by=teacher)

        with pytest.raises(policies.NotAllowed):
            decisions.approve(applicant=application.applicants.get(), revision=application.revision, by=teacher)
        [flags] = flags_of([application]).values()
        assert Flag.EMAIL_KNOWN in flags

    def test_and_its_owner_comes_by_it_afterwards(self, school_class, teacher, reserved):
        applied(school_class)
        change = reserved.account.email_corrections.get()

        email_correction.confirm_email(change=change)

        reserved.account.user.refresh_from_db()
        assert reserved.account.user.username == STRANGERS

    def test_one_that_ran_out_is_free_again(self, school_class, teacher, reserved):
        from django.utils import timezone

        reserved.account.email_corrections.update(expires_at=timezone.now())
        application = applied(school_class)
        mark_paper_form(student=application.student, answer="agree", by=teacher)

        decisions.approve(applicant=application.applicants.get(), revision=application.revision, by=teacher)

        assert application.applicants.get().review == Applicant.Review.APPROVED
