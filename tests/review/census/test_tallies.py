"""What is counted: each student once, by the answer that stands, of the classes of this year."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import SSOAccount
from binding.actions.application import withdraw
from binding.actions.consent import answer_consent
from binding.actions.ending import end_by_withdrawn_consent
from binding.models import Applicant, Binding, WithdrawalAnswer
from consent.models import ConsentText
from registry.models import Student
from registry.status_changes import accept_transfer, change_status
from review.census.lines import SchoolCensus
from review.census.tallies import Tally, tallies_of
from review.class_board import Census
from review.decisions import approve, return_for_changes
from review.paper_register import mark_paper_form
from tests.accounts.factories import registrar_of
from tests.binding.factories import Kind, answered_family, approved_application, draft_application, sent_application
from tests.registry.factories import SchoolFactory, make_identity
from tests.review.census.city import answer_online, class_of, sent_days_ago, student_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def school_class(school):
    return class_of(school, "301")


@pytest.fixture
def registrar(school):
    return registrar_of(school)


def tally_of(school_class):
    return tallies_of(Student.objects.of_this_year(), by="school_class").get(school_class.pk, Tally())


def person(n):
    return {"identity_number": make_identity(n), "email": f"person{n}@example.com"}


def two_people(n):
    return {1: person(n), 2: person(n + 1)}


class TestAnswers:
    def test_online_on_paper_and_not_at_all(self, school_class, registrar):
        agreed, declined, on_paper, refused_on_paper, silent = (student_of(school_class) for _ in range(5))
        answer_online(agreed, "agreed")
        answer_online(declined, "declined")
        mark_paper_form(student=agreed, answer="agree", by=registrar)
        mark_paper_form(student=on_paper, answer="agree", by=registrar, is_whole_answer=True)
        mark_paper_form(student=refused_on_paper, answer="decline", by=registrar, is_whole_answer=True)
        mark_paper_form(student=silent, answer="agree", by=registrar)
        mark_paper_form(student=declined, answer="decline", by=registrar, is_whole_answer=True)
        mark_paper_form(student=silent, answer="not_received", by=registrar)

        tally = tally_of(school_class)

        assert tally == Tally(families=5, agreed=1, declined=1, paper_agree=2, paper_decline=2, paper_only=2)
        assert (tally.online, tally.papers, tally.answered, tally.silent) == (2, 4, 4, 1)
        assert tally.percent == 80

    def test_a_change_of_mind_counts_as_the_last_answer_alone(self, school_class):
        student = student_of(school_class)
        for answer in ("declined", "agreed", "declined", "agreed"):
            answer_online(student, answer)

        assert tally_of(school_class) == Tally(families=1, agreed=1)

    def test_who_declines_after_all_stays_bound_until_the_parents_agree(self, school_class, registrar):
        family = approved_application(registrar, student_of(school_class)).started_by
        before = tally_of(school_class)
        text = ConsentText.objects.current()
        answer_consent(student=family.student, answer="declined", text=text, by=family)
        asked = tally_of(school_class)
        for answer in WithdrawalAnswer.objects.all():
            end_by_withdrawn_consent(answer=answer, how="account", by=answer.binding.account.user)

        assert (before.agreed, before.bound, before.mismatches) == (1, 1, 0)
        assert asked == before
        after = tally_of(school_class)
        assert (after.declined, after.agreed, after.bound, after.mismatches) == (1, 0, 0, 1)

    @pytest.mark.parametrize(
        ("online", "paper", "differs"),
        [
            ("agreed", "decline", 1),
            ("declined", "agree", 1),
            ("agreed", "agree", 0),
            ("declined", "decline", 0),
            ("agreed", "not_received", 0),
            (None, "decline", 0),
        ],
    )
    def test_a_mismatch_needs_two_answers_that_differ(self, school_class, registrar, online, paper, differs):
        student = student_of(school_class)
        if online:
            answer_online(student, online)
        mark_paper_form(student=student, answer=paper, by=registrar)

        assert tally_of(school_class).mismatches == differs

    def test_what_was_handed_back_to_the_family_is_no_mismatch_until_it_is_sent_again(self, school_class, registrar):
        application = sent_application(student_of(school_class))
        mark_paper_form(student=application.student, answer="decline", by=registrar)
        before = tally_of(school_class).mismatches, Census.of(school_class).mismatches

        return_for_changes(applicant=application.applicants.get(), reason="請確認", revision=1, by=registrar)
        meanwhile = tally_of(school_class).mismatches, Census.of(school_class).mismatches
        Applicant.objects.update(review="pending")

        assert (before, meanwhile) == ((1, 1), (0, 0))
        assert (tally_of(school_class).mismatches, Census.of(school_class).mismatches) == (1, 1)

    def test_percent_is_not_a_hundred_before_all_have_answered(self):
        assert Tally(families=1000, agreed=999).percent == 99
        assert Tally(families=1000, agreed=1000).percent == 100
        assert Tally().percent == 0


class TestBound:
    def test_a_student_with_two_parents_bound_counts_once(self, school_class, registrar):
        approved_application(registrar, student_of(school_class), kind=Kind.TWO_PARENTS, people=two_people(10))

        assert Binding.objects.active().count() == 2
        assert tally_of(school_class).bound == 1

    def test_a_parent_of_siblings_counts_with_each_child(self, school, school_class, registrar):
        parent = {1: person(20)}
        other_class = class_of(school, "101")
        approved_application(registrar, student_of(school_class), people=parent)
        approved_application(registrar, student_of(other_class), people=parent)
        approved_application(registrar, student_of(other_class), people={1: person(21)})

        assert SSOAccount.objects.count() == 2
        assert (tally_of(school_class).bound, tally_of(other_class).bound) == (1, 2)


class TestReviews:
    def test_an_application_of_two_waits_once_and_until_both_are_decided(self, school_class, registrar):
        application = sent_application(student_of(school_class), kind=Kind.TWO_PARENTS, people=two_people(30))
        mark_paper_form(student=application.student, answer="agree", by=registrar)
        waiting = [tally_of(school_class).waiting]
        for applicant in application.applicants.all():
            approve(applicant=applicant, revision=application.revision, by=registrar)
            waiting.append(tally_of(school_class).waiting)

        assert waiting == [1, 1, 0]

    def test_what_lies_with_the_family_does_not_wait(self, school_class, registrar):
        returned = sent_application(student_of(school_class), people={1: person(40)})
        return_for_changes(applicant=returned.applicants.get(), reason="手機", revision=1, by=registrar)
        withdrawn = sent_application(student_of(school_class), people={1: person(41)})
        withdraw(application=withdrawn, by=withdrawn.started_by)

        assert tally_of(school_class).waiting == 0

    def test_a_draft_that_was_given_up_is_another_application(self, school_class, registrar):
        """Applicants of a draft are pending as well; the one that was sent is counted alone."""
        for place in range(2):
            draft = draft_application(student_of(school_class), people={1: person(60 + 2 * place)})
            withdraw(application=draft, by=draft.started_by)
            sent = sent_application(draft.student, people={1: person(61 + 2 * place)})
        return_for_changes(applicant=sent.applicants.get(), reason="手機", revision=1, by=registrar)

        assert tally_of(school_class).waiting == 1

    def test_age_in_days_of_the_calendar(self, school_class):
        for place, days in enumerate([0, 2, 3, 6, 7, 40]):
            sent_days_ago(sent_application(student_of(school_class), people={1: person(50 + place)}), days)

        tally = tally_of(school_class)

        assert (tally.waiting, tally.fresh, tally.slow, tally.late, tally.oldest_days) == (6, 2, 2, 2, 40)

    def test_the_day_begins_at_midnight_here(self, school_class):
        """Sent at 23:30 three days ago: not yet three times 24 hours, and slow all the same."""
        application = sent_application(student_of(school_class))
        evening = timezone.localtime().replace(hour=23, minute=30) - timedelta(days=3)
        application.submitted_at = evening
        application.save(update_fields=["submitted_at"])

        tally = tally_of(school_class)

        assert (tally.slow, tally.oldest_days) == (1, 3)


class TestWhoCounts:
    @pytest.mark.parametrize("status", ["on_leave", "graduated", "left"])
    def test_who_is_not_enrolled_does_not(self, school_class, registrar, status):
        student = student_of(school_class)
        answer_online(student, "agreed")
        change_status(student=student, status=status, by=registrar)

        assert tally_of(school_class) == Tally()

    def test_a_transferred_student_counts_at_the_new_school_with_all_answers(self, school_class, registrar):
        student = approved_application(registrar, student_of(school_class)).student
        student_of(school_class)
        new_class = class_of(SchoolFactory(), "201")
        change_status(student=student, status="transferring", transfer_to=new_class.school, by=registrar)
        on_the_way = tally_of(school_class), tally_of(new_class)
        accept_transfer(
            student=student, school=new_class.school, school_class=new_class, seat_number=1,
            student_number="1", by=registrar_of(new_class.school),
        )  # fmt: skip

        assert [one.families for one in on_the_way] == [1, 0]
        assert tally_of(school_class) == Tally(families=1)
        assert tally_of(new_class) == Tally(families=1, agreed=1, paper_agree=1, bound=1)

    def test_a_class_of_last_year_does_not(self, school, school_class):
        former = class_of(school, "301", school_year=school.school_year - 1)
        answered_family(student_of(former))

        assert tally_of(former) == Tally()
        assert SchoolCensus.of(school).classes == []

    def test_another_school_does_not(self, school, school_class):
        student_of(school_class)
        student_of(class_of(SchoolFactory(), "301"))

        assert SchoolCensus.of(school).total.families == 1
