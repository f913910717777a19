"""Step 3: check, send once, correct while undecided, withdraw."""

import pytest
from django.urls import reverse

from binding.models import Applicant, Application
from review.decisions import reject, return_for_changes
from tests.accounts.factories import log_in, teacher_of
from tests.binding.factories import Kind, approved_application, draft_application, reload, sent_application
from tests.registry.factories import StudentFactory, make_identity

pytestmark = pytest.mark.django_db


def page(application, name, *more):
    return reverse(f"binding:{name}", args=[application.student.school.slug, *more])


def correct(client, application, **more):
    typed = {"name": "王大同", "relationship": "father", **more}
    return client.post(page(application, "applicant", 1), typed)


@pytest.fixture
def draft(client):
    application = draft_application()
    log_in(client, application.started_by)
    return application


@pytest.fixture
def sent(client):
    application = sent_application()
    log_in(client, application.started_by)
    return application


def test_checking_then_sending(client, draft):
    checked = client.post(page(draft, "check"))
    before = client.get(checked.url).content.decode()
    sent = client.post(page(draft, "sign"))
    after = client.get(page(draft, "sign")).content.decode()

    assert checked.url == page(draft, "sign")
    assert "申請還沒有送出" in before
    assert "最後一步" in before
    assert sent.url == page(draft, "sent")
    assert "待審核" in after
    assert "修正" in after
    assert reload(draft).status == Application.Status.SUBMITTED


def test_nothing_says_sent_before_it_is(client, draft):
    """Whoever types the address of the last page is led to what is left."""
    early = client.get(page(draft, "sent"), follow=True)
    client.post(page(draft, "check"))
    checked = client.get(page(draft, "sent"), follow=True)
    client.post(page(draft, "sign"))
    sent = client.get(page(draft, "sent"))

    assert "申請已送出" not in early.content.decode() + checked.content.decode()
    assert early.redirect_chain[-1][0] == page(draft, "tasks")
    assert checked.redirect_chain[-1][0] == page(draft, "sign")
    assert "申請已送出" in sent.content.decode()


def test_leaving_between_the_two_acts_says_that_nothing_was_sent(client, draft):
    told = client.get(page(draft, "check")).content.decode()
    client.post(page(draft, "check"))
    left = client.post(reverse("accounts:logout"), follow=True).content.decode()

    assert "按下後申請還沒有送出" in told
    assert "已登出" in left
    assert "申請還沒有送出" in left
    assert reload(draft).is_draft


def test_check_page_shows_the_number_masked(client, draft):
    shown = client.get(page(draft, "check")).content.decode()

    assert make_identity(701) not in shown
    assert "A1••••••" in shown


def test_an_incomplete_application_is_not_sent(client, draft):
    Applicant.objects.update(is_complete=False)

    response = client.post(page(draft, "check"))

    assert "未填妥" in response.content.decode()
    assert reload(draft).checked_at is None


def test_a_guardian_needs_evidence(client):
    application = draft_application(kind=Kind.GUARDIAN)
    application.evidence.all().delete()
    log_in(client, application.started_by)

    response = client.post(page(application, "check"))

    assert "未上傳" in response.content.decode()


def test_the_language_of_the_page_is_kept_for_the_mails(client, draft):
    client.post(reverse("set_language"), {"language": "en"})
    client.post(page(draft, "check"))

    client.post(page(draft, "sign"))

    assert reload(draft).language == "en"


def test_sending_twice_sends_once(client, draft):
    client.post(page(draft, "check"))

    client.post(page(draft, "sign"))
    first = reload(draft).submitted_at
    client.post(page(draft, "sign"))

    assert reload(draft).submitted_at == first


def test_an_edit_after_checking_is_checked_again(client, draft):
    client.post(page(draft, "check"))
    typed = {"name": "王大同", "relationship": "father", "mobile": "0912345678"}
    typed |= {"email": "bob@example.com", "email_again": "bob@example.com"}

    client.post(page(draft, "applicant", 1), typed)

    assert reload(draft).checked_at is None


class TestCorrecting:
    def test_raises_the_revision_and_keeps_what_is_left_empty(self, client, sent):
        response = correct(client, sent)

        application = reload(sent)
        one = application.applicants.get()
        assert response.url == page(sent, "sign")
        assert application.revision == 2
        assert (one.name, one.mobile, one.email) == ("王大同", "0912345671", "bob@example.com")
        assert one.identity_number == make_identity(701)

    def test_does_not_show_one_parents_contact_to_the_other(self, client, sent):
        shown = client.get(page(sent, "applicant", 1)).content.decode()

        assert "bob@example.com" not in shown
        assert "0912345671" not in shown

    def test_a_new_address_is_typed_twice(self, client, sent):
        response = correct(client, sent, email="new@example.com")

        assert "兩次輸入的電子郵件不一樣" in response.content.decode()

    def test_a_returned_applicant_waits_again(self, client, sent):
        teacher = teacher_of(sent.student.school_class)
        return_for_changes(applicant=sent.applicants.get(), reason="請改用本人手機", revision=1, by=teacher)
        assert "請改用本人手機" in client.get(page(sent, "applicant", 1)).content.decode()

        correct(client, sent, mobile="0987654321")

        one = reload(sent).applicants.get()
        assert (one.review, one.mobile, one.reason) == (Applicant.Review.PENDING, "0987654321", "")

    def test_is_over_once_decided(self, client):
        student = StudentFactory()
        application = approved_application(teacher_of(student.school_class), student)
        log_in(client, application.started_by)

        assert correct(client, application).status_code == 404


class TestWithdrawing:
    def test_asks_first_then_withdraws(self, client, sent):
        assert "要撤回這份申請嗎" in client.get(page(sent, "withdraw")).content.decode()

        client.post(page(sent, "withdraw"))

        assert reload(sent).status == Application.Status.WITHDRAWN
        assert reload(sent).applicants.get().review == Applicant.Review.WITHDRAWN

    def test_leaves_the_way_open_to_apply_anew(self, client, sent):
        client.post(page(sent, "withdraw"))

        response = client.post(page(sent, "apply"), {"kind": "two_parents"})

        assert response.url == page(sent, "applicant", 1)

    def test_a_rejected_family_applies_anew(self, client, sent):
        teacher = teacher_of(sent.student.school_class)
        reject(applicant=sent.applicants.get(), reason="不是監護人", revision=1, by=teacher)
        assert "重新申辦" in client.get(page(sent, "sign")).content.decode()

        client.post(page(sent, "apply"), {"kind": "one_parent"})

        assert Application.objects.open().count() == 1
