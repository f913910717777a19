"""The family reads its own part of what happened: nobody's name, no address, nothing that was taken back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from binding.timeline import timeline_for_family
from notifications.delivery import deliver_due
from notifications.models import Message
from review.decisions import approve, return_for_changes, undo
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, teacher_of
from tests.binding.factories import Kind, sent_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return sent_application(kind=Kind.TWO_PARENTS)


@pytest.fixture
def teacher(application):
    teacher = teacher_of(application.student.school_class)
    mark_paper_form(student=application.student, answer="agree", by=teacher)
    return teacher


def words_of(application):
    return [f"{one.words} {one.detail}".strip() for one in timeline_for_family(application.student)]


def test_from_the_first_step_to_the_last_mail(application, teacher):
    return_for_changes(
        applicant=application.applicant_at(2), reason="李小華請確認", revision=1, by=teacher, fields=["mobile"]
    )
    Message.objects.update(next_attempt_at=timezone.now())
    deliver_due()

    told = words_of(application)

    assert told[0].startswith("寄出通知信")
    assert told[1:3] == ["學校退回第二位申請人，請修正", "學校收到申請書"]
    assert told[-4:] == ["確認申請資料，還沒有送出", "開始填寫申請", "線上勾選同意", "確認學生資料"]


def test_names_nobody(client, application, teacher):
    approve(applicant=application.applicant_at(1), revision=1, by=teacher)
    log_in(client, application.started_by)

    page = client.get(reverse("binding:history", args=[application.student.school.slug])).content.decode()

    assert "學校核可" in page
    for secret in ("王大明", "李小華", "bob@example.com", "carol@example.com", teacher.account, teacher.name):
        assert secret not in page


def test_what_was_taken_back_never_happened(application, teacher):
    before = words_of(application)
    approve(applicant=application.applicant_at(1), revision=1, by=teacher)
    assert words_of(application) != before

    undo(applicant=application.applicant_at(1), by=teacher)

    assert words_of(application) == before


def test_another_childs_story_is_not_told(client, application, teacher):
    other = sent_application()
    log_in(client, other.started_by)

    page = client.get(reverse("binding:history", args=[other.student.school.slug])).content.decode()

    assert "學校收到申請書" not in page


def test_costs_five_queries_however_long(client, application, teacher, django_assert_max_num_queries):
    for answer in ["decline", "agree"] * 20:
        mark_paper_form(student=application.student, answer=answer, by=teacher)
    log_in(client, application.started_by)
    address = reverse("binding:history", args=[application.student.school.slug])

    with django_assert_max_num_queries(9):
        assert client.get(address).status_code == 200
