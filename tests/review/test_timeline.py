"""Who did what when, and the mails that followed."""

import pytest
from django.urls import reverse

from notifications.models import Message
from review.decisions import approve, return_for_changes
from review.paper_register import mark_paper_form
from review.timeline import timeline_of
from tests.accounts.factories import log_in, teacher_of
from tests.binding.factories import reload, sent_application
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return sent_application()


@pytest.fixture
def teacher(application):
    return teacher_of(application.student.school_class)


def words_of(application):
    return [one.words for one in timeline_of(reload(application))]


def test_the_family_and_the_reviewer_are_in_it_the_last_first(application, teacher):
    mark_paper_form(student=application.student, answer="agree", by=teacher)
    approve(applicant=application.applicants.get(), revision=application.revision, by=teacher)

    words = words_of(application)

    assert [one for one in words if not one.startswith("寄信")] == [
        "核可", "登記申請書", "送出申請", "確認申請資料，還沒有送出", "填寫申請人資料", "開始填寫申請", "線上勾選同意",
        "確認學生資料",
    ]  # fmt: skip
    told = timeline_of(reload(application))
    assert told[-1].who == "家長帳號"
    assert [one.who for one in told if one.words == "核可"] == [teacher.name]


def test_mails_stand_with_their_state(application, teacher):
    mark_paper_form(student=application.student, answer="agree", by=teacher)
    approve(applicant=application.applicants.get(), revision=application.revision, by=teacher)
    Message.objects.update(state="dead", text="", html="")

    [mail] = [one for one in timeline_of(reload(application)) if one.words.startswith("寄信")]

    assert mail.detail == "無法寄送"


def test_a_reason_is_told(application, teacher):
    return_for_changes(
        applicant=application.applicants.get(), reason="手機不同", revision=application.revision, by=teacher
    )

    assert any("手機不同" in one.detail for one in timeline_of(reload(application)))


def test_nothing_of_other_families_is_in_it(application, teacher):
    before = words_of(application)
    other = sent_application(
        StudentFactory(school=application.student.school, school_class=application.student.school_class),
        people={1: {"identity_number": "A123456789", "email": "x@example.com"}},
    )
    mark_paper_form(student=other.student, answer="agree", by=teacher)

    assert words_of(application) == before


def test_it_shows_no_address_and_no_number(client, application, teacher):
    log_in(client, teacher)
    applicant = application.applicants.get()
    page = client.get(reverse("review:application", args=[application.student.school.slug, application.pk]))
    shown = page.content.decode().partition("<h2>經過</h2>")[2]

    assert "送出申請" in shown
    assert applicant.email not in shown
    assert applicant.identity_number not in shown
