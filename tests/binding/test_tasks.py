"""The task list: where a family stands and what comes next."""

import pytest
from django.urls import reverse

from binding.progress import AccountStatus, DataStatus, Progress, SendingStatus
from consent.models import ConsentDecision
from review.decisions import return_for_changes
from tests.accounts.factories import family_of, log_in, teacher_of
from tests.binding.factories import (
    Kind,
    answered_family,
    approved_application,
    confirmed_family,
    draft_application,
    sent_application,
)
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db

DECLINED = ConsentDecision.Answer.DECLINED


def statuses_of(student):
    progress = Progress.of(type(student).objects.select_related("school_class").get(pk=student.pk))
    return progress.data_status, progress.account_status, progress.sending_status, progress.next_step


def test_statuses_follow_the_family_through_the_steps():
    fresh = family_of(StudentFactory()).student
    confirmed = confirmed_family().student
    declined = answered_family(answer=DECLINED).student
    drafted = draft_application().student
    sent = sent_application().student

    todo, done = DataStatus.UNCONFIRMED, DataStatus.CONFIRMED
    unset, unsent = AccountStatus.UNSET, SendingStatus.UNSENT
    assert statuses_of(fresh) == (todo, unset, unsent, 1)
    assert statuses_of(confirmed) == (done, unset, unsent, 2)
    assert statuses_of(declined) == (done, AccountStatus.DECLINED, SendingStatus.ANSWERED, None)
    assert statuses_of(drafted) == (done, unset, unsent, 2)
    assert statuses_of(sent) == (done, AccountStatus.SET, SendingStatus.PENDING, None)


def test_statuses_follow_the_teachers_decision():
    returned = sent_application()
    teacher = teacher_of(returned.student.school_class)
    return_for_changes(applicant=returned.applicants.get(), reason="手機不對", revision=1, by=teacher)
    student = StudentFactory(school=returned.student.school, school_class=returned.student.school_class)
    approved_application(teacher, student)

    assert statuses_of(returned.student)[2:] == (SendingStatus.RETURNED, 3)
    assert statuses_of(student)[2:] == (SendingStatus.APPROVED, None)


def test_a_changed_roster_asks_to_confirm_again():
    user = confirmed_family()
    user.student.name = "尹書研"
    user.student.save()

    assert statuses_of(user.student)[0] == DataStatus.UNCONFIRMED


def test_page_shows_the_class_contact_deadline_and_the_childs_name(client):
    user = family_of(StudentFactory())
    user.school.binding_deadline = "2026-12-14"
    user.school.save()
    log_in(client, user)

    page = client.get(reverse("binding:tasks", args=[user.school.slug])).content.decode()

    assert "民國 115 年 12 月 14 日" in page
    assert user.student.school_class.homeroom.name in page
    assert user.student.name in page


@pytest.mark.parametrize("kind", [None, *Kind])
def test_page_costs_five_queries_at_most(client, django_assert_max_num_queries, kind):
    application = sent_application(kind=kind) if kind else None
    user = application.started_by if application else family_of(StudentFactory())
    log_in(client, user)

    address = reverse("binding:tasks", args=[user.school.slug])

    with django_assert_max_num_queries(5):
        response = client.get(address)

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("make", "page", "words"),
    [
        (lambda: family_of(StudentFactory()), "consent", "請先完成步驟 1"),
        (lambda: family_of(StudentFactory()), "sign", "請先完成步驟 1"),
        (confirmed_family, "apply", "請先在步驟 2 閱讀同意書"),
        (confirmed_family, "check", "請先在步驟 2 閱讀同意書"),
        (lambda: draft_application().started_by, "sign", "請先完成步驟 2"),
        (lambda: answered_family(answer=DECLINED), "apply", "您已選擇無意參加"),
    ],
)
def test_a_step_cannot_be_skipped_by_its_address(client, make, page, words):
    user = make()
    log_in(client, user)

    response = client.get(reverse(f"binding:{page}", args=[user.school.slug]), follow=True)

    assert response.redirect_chain[0][0] == reverse("binding:tasks", args=[user.school.slug])
    assert words in response.content.decode()
