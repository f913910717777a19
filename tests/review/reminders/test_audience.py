"""Whose turn it is, what is left to do, and whom one may tell."""

import pytest
from django.test import Client
from django.urls import reverse

from binding.actions import application as applying
from binding.actions import confirmation
from binding.actions.ending import end_binding
from binding.models import Application, Binding, Delegation
from core import identity
from review.decisions import approve, reject, return_for_changes
from review.paper_register import mark_paper_form
from review.reminders import optout
from review.reminders.audience import fingerprint_of
from review.reminders.families import families_of, students_with_deadline
from review.reminders.models import ReminderOptOut
from tests.accounts.factories import registrar_of, teacher_of
from tests.binding.factories import (
    Kind,
    answered_family,
    applicant_values,
    approved_application,
    confirmed_family,
    draft_application,
    mandate_for,
    reload,
    sent_application,
)
from tests.registry.factories import make_identity
from tests.review.factories import class_before_deadline, days_ahead, guardian, student_in
from tests.support.words import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return class_before_deadline()


@pytest.fixture
def teacher(school_class):
    return teacher_of(school_class)


def family(student):
    """The family with an open step, or None."""
    found = {one.student.pk: one for one in families_of(list(students_with_deadline(student.school)))}
    return found.get(student.pk)


def told(student):
    one = family(student)
    return None if one is None else sorted(address.email for address in one.addresses)


def rename(student, name="尹書研"):
    student.name = name
    student.save()


class TestTurn:
    def test_who_did_nothing_has_everything_left(self, school_class):
        steps = family(student_in(school_class)).steps

        assert steps == ["確認學生相關資訊", "閱讀同意書，填寫同意或不同意"]

    @pytest.mark.parametrize(
        ("make", "steps"),
        [
            (confirmed_family, ["閱讀同意書，填寫同意或不同意"]),
            (answered_family, ["申辦親子帳號：填寫申請人資料", "同意簽署回傳：確認後送出申請"]),
            (draft_application, ["申辦親子帳號：填寫申請人資料", "同意簽署回傳：確認後送出申請"]),
        ],
    )
    def test_what_is_left_follows_the_task_list(self, school_class, make, steps):
        student = student_in(school_class)
        make(student)

        assert family(student).steps == steps

    def test_checked_is_not_sent(self, school_class):
        application = draft_application(student_in(school_class))
        applying.mark_checked(application=application, by=application.started_by)

        assert family(application.student).steps == ["同意簽署回傳：確認後送出申請"]

    def test_who_sent_declined_or_is_bound_is_left_alone(self, school_class, teacher):
        sent = sent_application(student_in(school_class)).student
        declined = answered_family(student_in(school_class), answer="declined").student
        person = {1: {"identity_number": make_identity(3), "email": "dora@example.com"}}
        bound = approved_application(teacher, student_in(school_class), people=person).student

        assert [family(one) for one in (sent, declined, bound)] == [None] * 3

    def test_a_correction_waits_for_the_school(self, school_class):
        user = confirmed_family(student_in(school_class))
        confirmation.request_correction(student=user.student, proposed={"name": "尹怡"}, by=user)

        assert family(user.student) is None

    def test_a_returned_application_waits_until_it_is_sent_again(self, school_class, teacher):
        application = sent_application(student_in(school_class))
        applicant = application.applicants.get()
        return_for_changes(applicant=applicant, reason="請改手機", revision=1, by=teacher)

        assert family(application.student).steps == ["老師退回的申請：修正後再送出"]

        applying.save_applicant(
            application=application, position=1, values={"mobile": "0922333444"}, is_complete=True,
            by=application.started_by,
        )  # fmt: skip
        assert family(application.student) is None

    def test_a_changed_roster_asks_again(self, school_class, teacher):
        student = approved_application(teacher, student_in(school_class)).student
        rename(student)

        assert family(student).steps == ["確認學生相關資訊"]

    def test_a_declining_paper_form_is_an_answer_an_agreeing_one_is_not(self, school_class, teacher):
        declining, agreeing = student_in(school_class), student_in(school_class)
        mark_paper_form(student=declining, answer="decline", by=teacher)
        mark_paper_form(student=agreeing, answer="agree", by=teacher)

        assert family(declining) is None
        assert family(agreeing)

    @pytest.mark.parametrize("status", ["on_leave", "graduated", "left"])
    def test_only_who_is_enrolled(self, school_class, status):
        assert family(student_in(school_class, status=status)) is None


class TestAudience:
    def test_guardians_on_record_once_an_address(self, school_class):
        student = student_in(school_class, "Bob@example.com", "", "bob@Example.com")

        assert told(student) == ["bob@example.com"]

    def test_nobody_known_is_nobody_told(self, school_class):
        one = family(student_in(school_class))

        assert not one.is_reachable

    @pytest.mark.parametrize("kind", [Kind.TWO_PARENTS, Kind.GUARDIAN])
    def test_while_somebody_applies_only_who_applies(self, school_class, kind):
        student = student_in(school_class, "other.party@example.com")
        draft_application(student, kind=kind)

        expected = ["bob@example.com", "carol@example.com"] if kind == Kind.TWO_PARENTS else ["bob@example.com"]
        assert told(student) == expected

    def test_a_draft_without_an_address_leaves_the_guardians_on_record(self, school_class):
        user = answered_family(student_in(school_class, "dora@example.com"))
        applying.choose_kind(student=user.student, kind=Kind.ONE_PARENT, by=user)

        assert told(user.student) == ["dora@example.com"]

    def test_of_a_returned_application_to_whom_it_was_returned(self, school_class, teacher):
        student = student_in(school_class, "dora@example.com")
        application = sent_application(student, kind=Kind.TWO_PARENTS)
        mark_paper_form(student=student, answer="agree", by=teacher)
        approve(applicant=application.applicant_at(1), revision=application.revision, by=teacher)
        return_for_changes(applicant=application.applicant_at(2), reason="請改", revision=1, by=teacher)

        assert told(student) == ["carol@example.com"]

    def test_who_is_bound_goes_before_guardians_on_record(self, school_class, teacher):
        student = student_in(school_class, "dora@example.com")
        approved_application(teacher, student)
        rename(student)

        assert told(student) == ["bob@example.com"]

    def test_who_was_rejected_hears_nothing_at_any_address(self, school_class, teacher):
        application = sent_application(student_in(school_class))
        student = application.student
        reject(applicant=application.applicants.get(), reason="不是監護人", revision=1, by=teacher)
        assert family(student) is None

        # The data change, so that the family has a step to do: who was refused is on record, twice.
        rename(student)
        guardian(student, "bob@example.com", position=1)
        guardian(student, "bob.at.work@example.com", position=2, number=make_identity(701))
        guardian(student, "carol@example.com", position=3, number=make_identity(702))

        assert told(student) == ["carol@example.com"]

    @pytest.mark.parametrize(
        ("reason", "hears"),
        [
            (Binding.EndReason.COURT_ORDER, False),
            *[(reason, False) for reason in Binding.REGISTRARS_REASONS],
            (Binding.EndReason.PARENT, True),
            (Binding.EndReason.LEFT, True),
        ],
    )
    def test_whose_binding_was_ended_by_a_court_or_the_school_hears_nothing(self, school_class, teacher, reason, hears):
        student = approved_application(teacher, student_in(school_class)).student
        end_binding(binding=Binding.objects.get(), reason=reason, by=teacher)
        rename(student)
        guardian(student, "BOB@example.com", position=1)
        guardian(student, "new@example.com", position=2, number=make_identity(701))

        assert told(student) == (["bob@example.com", "new@example.com"] if hears else [])

    def test_whose_last_day_is_past_hears_nothing_though_no_night_wrote_it_down(self, school_class, teacher):
        student = approved_application(teacher, student_in(school_class)).student
        Binding.objects.update(last_day=days_ahead(-1))  # by order of a court
        rename(student)
        guardian(student, "new@example.com", position=1, number=make_identity(701))
        guardian(student, "carol@example.com", position=2, number=make_identity(702))

        assert told(student) == ["carol@example.com"]

    def test_a_carer_past_the_last_day_is_not_written_to(self, school_class):
        student = student_in(school_class, "bob@example.com")
        mandate_for(student, by=registrar_of(student.school))
        assert told(student) == ["granny@example.com"]

        Binding.objects.update(last_day=days_ahead(-1))
        Delegation.objects.update(starts_on=days_ahead(-9), ends_on=days_ahead(-1))

        assert told(student) == ["bob@example.com"]

    def test_a_carer_has_a_language(self, school_class):
        student = student_in(school_class, "bob@example.com")
        mandate_for(student, by=registrar_of(student.school))

        assert [address.language for address in family(student).addresses] == ["zh-hant"]

    def test_a_family_whose_parent_let_go_is_not_urged_to_apply_again(self, school_class, teacher):
        student = approved_application(teacher, student_in(school_class, "x@example.com")).student
        binding = Binding.objects.get()

        end_binding(binding=binding, reason=Binding.EndReason.PARENT, by=binding.account.user)

        assert family(student) is None

    def test_who_was_rejected_but_is_bound_now_hears_again(self, school_class, teacher):
        application = sent_application(student_in(school_class))
        student = application.student
        reject(applicant=application.applicants.get(), reason="照片不清楚", revision=1, by=teacher)
        user = application.started_by
        again = applying.choose_kind(student=student, kind=Kind.ONE_PARENT, by=user)
        applying.save_applicant(application=again, position=1, values=applicant_values(), is_complete=True, by=user)
        applying.mark_checked(application=again, by=user)
        applying.send(application=again, by=user)
        mark_paper_form(student=student, answer="agree", by=teacher)
        again = reload(again)
        approve(applicant=again.applicants.get(), revision=again.revision, by=teacher)
        rename(student)

        assert told(student) == ["bob@example.com"]

    def test_speaks_the_language_of_the_application(self, school_class, teacher):
        application = sent_application(student_in(school_class))
        Application.objects.update(language="en")
        return_for_changes(applicant=application.applicants.get(), reason="x", revision=1, by=teacher)

        [address] = family(application.student).addresses
        assert address.language == "en"

    def test_costs_the_same_queries_whatever_the_size(self, school_class, django_assert_num_queries):
        for n in range(12):
            student = student_in(school_class, f"a{n}@example.com")
            if n % 2:
                draft_application(student, people={1: {"email": f"b{n}@example.com"}})

        with django_assert_num_queries(11):
            assert len(families_of(list(students_with_deadline(school_class.school)))) == 12


class TestOptingOut:
    @pytest.fixture
    def student(self, school_class):
        return student_in(school_class, "bob@example.com", "carol@example.com")

    def address(self, client, student, email="bob@example.com"):
        link = optout.link_for(student, fingerprint_of(email), student.school)
        return link.partition("localhost:8000")[2] or link.split("/", 3)[3]

    def test_looking_changes_nothing(self, client, student):
        page = client.get(self.address(client, student)).content.decode()

        assert "尹〇妍" in page
        assert "bob" not in words_of(page)
        assert not ReminderOptOut.objects.exists()

    def test_pressing_stops_this_address_for_this_student_alone(self, client, student, school_class):
        sibling = student_in(school_class, "bob@example.com")
        for _twice in range(2):
            page = client.post(self.address(client, student)).content.decode()

        assert "已經停止提醒" in page
        assert told(student) == ["carol@example.com"]
        assert told(sibling) == ["bob@example.com"]

    def test_a_mail_program_may_press_without_a_cookie(self, student):
        client = Client(enforce_csrf_checks=True)
        response = client.post(self.address(client, student), {"List-Unsubscribe": "One-Click"})

        assert response.status_code == 200
        assert told(student) == ["carol@example.com"]

    def test_it_can_be_taken_back(self, client, student):
        client.post(self.address(client, student))
        client.post(self.address(client, student), {"again": "1"})

        assert told(student) == ["bob@example.com", "carol@example.com"]

    @pytest.mark.parametrize(
        "forge",
        [
            lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
            lambda token: "9" + token,
            lambda token: token.upper(),
            lambda token: "x",
            lambda token: token.replace("x", "x" * 2),
        ],
    )
    def test_a_forged_link_is_none(self, client, student, forge):
        token = forge(optout.token_for(student, fingerprint_of("bob@example.com")))
        response = client.post(reverse("review:reminder-stop", args=[student.school.slug, token]))

        assert response.status_code == 404
        assert not ReminderOptOut.objects.exists()

    def test_the_link_holds_after_the_secret_key_changed(self, client, student, settings):
        address = self.address(client, student)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another secret key, as long as it has to be, or longer"

        assert client.get(address).status_code == 200

    def test_no_token_is_ever_taken_for_an_id_number(self, student):
        link = optout.link_for(student, "a1" + "12345678" * 7 + "abcdef", student.school)

        assert not identity.is_in(link)
        assert identity.is_in("/a123456789/"), "what the outbox refuses"
