"""Approving, returning and rejecting one applicant."""

import re

import pytest
from django.urls import reverse

from accounts.models import SSOAccount, User
from audit.models import Event
from binding.actions.application import save_applicant
from binding.actions.consent import answer_consent
from binding.models import Applicant, Application, Binding
from consent.models import ConsentText
from core import crypto
from notifications.models import Message
from registry.models import HomeroomDuty
from review import decisions, permissions, policies
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, sso_parent, teacher_of
from tests.binding.factories import Kind, approved_application, reload, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    """Sent online, and agreed to on paper."""
    school_class = SchoolClassFactory()
    sent = sent_application(StudentFactory(school=school_class.school, school_class=school_class))
    mark_paper_form(student=sent.student, answer="agree", by=teacher_of(school_class))
    return sent


@pytest.fixture
def teacher(client, application):
    user = User.objects.get(account=application.student.school_class.homeroom.account)
    return log_in(client, user) and user


def decide(client, application, decision="approve", reason="", revision=None, position=1, **more):
    applicant = application.applicant_at(position)
    address = reverse("review:applicant-decide", args=[application.student.school.slug, application.pk, applicant.pk])
    revision = application.revision if revision is None else revision
    typed = {"decision": decision, "reason": reason, "revision": revision, "is_sure": "on"}
    return client.post(address, {**typed, **more})


def review_of(application, position=1):
    return reload(application).applicant_at(position).review


class TestApproving:
    def test_opens_an_account_binds_it_and_mails_its_owner(self, client, teacher, application):
        response = decide(client, application)

        account = SSOAccount.objects.get()
        mail = Message.objects.get()
        assert response.status_code == 302
        assert (account.state, account.user.username) == ("initial", "bob@example.com")
        assert account.identity_number == make_identity(701)
        assert Binding.objects.get().account == account
        assert reload(application).status == Application.Status.DECIDED
        assert (mail.kind, mail.to) == ("account-opened", "bob@example.com")
        assert "尹〇妍" in mail.text
        assert application.student.school.name in mail.text
        assert "/sso/login/" in mail.text
        assert "末六碼" in mail.text
        assert make_identity(701)[-6:] not in mail.text + mail.html

    def test_writes_in_the_language_the_family_sent_it_in(self, client, teacher, application):
        Application.objects.update(language="en")

        decide(client, application)

        assert Message.objects.get().subject.endswith("your parent–child link is approved – activate your account")

    def test_adds_the_child_to_the_account_one_already_has(self, client, teacher, application):
        parent = sso_parent(by=teacher, email="old@example.com", number=make_identity(701))
        before = parent.password

        decide(client, application)

        parent.refresh_from_db()
        mail = Message.objects.get()
        assert SSOAccount.objects.count() == 1
        assert (parent.password, parent.email) == (before, "old@example.com")
        assert Binding.objects.get().account.user == parent
        assert (mail.kind, mail.to) == ("child-added", "old@example.com")

    def test_is_in_the_event_log(self, client, teacher, application):
        decide(client, application)

        events = Event.objects.filter(actor_id=teacher.pk).values_list("event", flat=True)
        assert {"applicant.approved", "sso_account.opened", "binding.started"} <= set(events)

    @pytest.mark.parametrize(
        ("paper", "words"), [("not_received", "還沒有登記收到申請書"), ("decline", "申請書勾選不同意")]
    )
    def test_needs_an_agreeing_paper_form(self, client, teacher, application, paper, words):
        mark_paper_form(student=application.student, answer=paper, by=teacher)

        response = decide(client, application)

        assert words in response.content.decode()
        assert review_of(application) == Applicant.Review.PENDING
        assert not Message.objects.exists()

    def test_is_refused_when_the_address_became_somebody_elses(self, client, teacher, application):
        sso_parent(by=teacher, email="bob@example.com", number=make_identity(999))

        response = decide(client, application)

        assert "這個電子郵件屬於另一個帳號" in response.content.decode()
        assert review_of(application) == Applicant.Review.PENDING
        assert not Binding.objects.exists()

    def test_is_not_offered_to_the_applicant_himself(self, client, teacher, application):
        teacher.identity_fingerprint = crypto.fingerprint(make_identity(701))
        teacher.save()
        page = reverse("review:application", args=[application.student.school.slug, application.pk])

        shown = client.get(page).content.decode()
        response = decide(client, application)

        assert "請由註冊組的另一位同仁處理" in shown
        assert "請由註冊組的另一位同仁處理" in response.content.decode()
        assert review_of(application) == Applicant.Review.PENDING

    def test_a_registrar_may_in_the_teachers_place(self, client, application):
        log_in(client, registrar_of(application.student.school))

        decide(client, application)

        assert review_of(application) == Applicant.Review.APPROVED

    def test_two_parents_are_decided_each_on_their_own(self, client):
        school_class = SchoolClassFactory()
        student = StudentFactory(school=school_class.school, school_class=school_class)
        both = sent_application(student, kind=Kind.TWO_PARENTS)
        teacher = teacher_of(school_class)
        mark_paper_form(student=student, answer="agree", by=teacher)
        log_in(client, teacher)

        decide(client, both, position=1)
        decide(client, both, "return", "手機和申請書不同", position=2)

        after = reload(both)
        assert (review_of(both, 1), review_of(both, 2)) == ("approved", "returned")
        assert after.status == Application.Status.SUBMITTED
        assert Message.objects.filter(to="carol@example.com").get().kind == "applicant-returned"
        assert "bob@example.com" not in Message.objects.get(to="carol@example.com").text


class TestRefusing:
    @pytest.mark.parametrize(
        ("decision", "review", "mail"),
        [("return", "returned", "applicant-returned"), ("reject", "rejected", "applicant-rejected")],
    )
    def test_tells_the_applicant_why(self, client, teacher, application, decision, review, mail):
        decide(client, application, decision, "手機號碼和申請書不同")

        assert review_of(application) == review
        sent = Message.objects.get()
        assert (sent.kind, sent.to) == (mail, "bob@example.com")
        assert "手機號碼和申請書不同" in sent.text

    @pytest.mark.parametrize("decision", ["return", "reject"])
    def test_needs_a_reason(self, client, teacher, application, decision):
        response = decide(client, application, decision, "  ")

        assert "請選擇或寫明原因" in response.content.decode()
        assert review_of(application) == Applicant.Review.PENDING

    def test_carries_no_id_number(self, client, teacher, application):
        response = decide(client, application, "return", "證號 A123456789 不對")

        assert "請不要在這裡寫身分證統一編號" in response.content.decode()

    def test_nonsense_decides_nothing(self, client, teacher, application):
        decide(client, application, "maybe")

        assert review_of(application) == Applicant.Review.PENDING


class TestMailBeforeItGoes:
    @pytest.mark.parametrize("decision", ["return", "reject"])
    def test_is_shown_with_the_reason_and_nothing_is_decided(self, client, teacher, application, decision):
        page = decide(
            client, application, decision, "照片不清楚", is_sure="", fields_to_mend=["mobile"]
        ).content.decode()

        assert "申請人會收到這封信" in page
        assert page.count("照片不清楚") == 2
        assert 'name="fields_to_mend" value="mobile"' in page
        assert "bob@example.com" in page
        assert review_of(application) == Applicant.Review.PENDING
        assert not Message.objects.exists()

    def test_is_the_mail_that_goes(self, client, teacher, application):
        shown = decisions.preview_mail(
            applicant=application.applicants.get(), review="returned", reason="照片不清楚", fields=["mobile"]
        )

        decide(client, application, "return", "照片不清楚", fields_to_mend=["mobile"])

        mail = Message.objects.get()
        assert (mail.subject, mail.text, mail.html) == (shown.subject, shown.text, shown.html)

    def test_its_words_are_escaped(self, client, teacher, application):
        page = decide(client, application, "reject", "<b>x</b>", is_sure="").content.decode()

        assert "<b>x</b>" not in page

    def test_after_a_decision_the_next_one_that_waits(self, client, teacher, application):
        student = application.student
        StudentFactory(school=student.school, school_class=student.school_class)
        other = sent_application(StudentFactory(school=student.school, school_class=student.school_class))

        assert decide(client, application).url.endswith(f"/applications/{other.pk}/")
        decide(client, other, "reject", "不是家長")
        assert decide(client, other, "reject", "不是家長").status_code == 409


class TestStale:
    def test_an_edit_in_between_is_looked_at_again(self, client, teacher, application):
        save_applicant(
            application=application, position=1, values={"name": "王大同"}, is_complete=True,
            by=application.started_by,
        )  # fmt: skip

        response = decide(client, application, revision=1)

        assert response.status_code == 409
        assert "這份申請剛剛有變動" in response.content.decode()
        assert review_of(application) == Applicant.Review.PENDING

    def test_a_second_decision_is_refused(self, client, teacher, application):
        decide(client, application)

        response = decide(client, application, "reject", "不對")

        assert response.status_code == 409
        assert Message.objects.count() == 1

    def test_a_withdrawn_application_is_gone(self, client, teacher, application):
        text = ConsentText.objects.current()
        answer_consent(student=application.student, answer="declined", text=text, by=application.started_by)

        page = client.get(decide(client, application).url).content.decode()
        assert "尹書妍 的家長已經撤回這份申請" in page
        assert not Binding.objects.exists()

    def test_says_what_changed_and_keeps_what_was_typed(self, client, teacher, application):
        place = reverse("review:application", args=[application.student.school.slug, application.pk])
        snapshot = re.search(r'name="snapshot" value="([^"]+:[^"]+)"', client.get(place).content.decode())[1]
        save_applicant(
            application=application, position=1, values={"name": "王大同", "mobile": "0987654321"},
            is_complete=True, by=application.started_by,
        )  # fmt: skip
        mark_paper_form(student=application.student, answer="decline", by=teacher)

        page = decide(client, application, "return", "請把姓名寫對", revision=1, snapshot=snapshot).content.decode()

        assert "<del>王大明</del> → <ins>王大同</ins>" in page
        assert "<del>0912-345-671</del> → <ins>0987-654-321</ins>" in page
        assert "<del>已收，同意</del> → <ins>已收，不同意</ins>" in page
        assert "您寫的原因：請把姓名寫對" in page
        assert page.count("請把姓名寫對") == 2
        assert 'name="revision" value="2"' in page
        assert application.applicants.get().identity_number not in page

    def test_says_that_somebody_else_decided(self, client, teacher, application):
        place = reverse("review:application", args=[application.student.school.slug, application.pk])
        snapshot = re.search(r'name="snapshot" value="([^"]+:[^"]+)"', client.get(place).content.decode())[1]
        decide(client, application)

        page = decide(client, application, "reject", "不是家長", snapshot=snapshot).content.decode()

        assert "審核：<del>待審核</del> → <ins>已通過</ins>" in page
        assert "您寫的原因：不是家長" in page

    @pytest.mark.parametrize("snapshot", ["", "forged", "e30:1vN:abc"])
    def test_a_forged_memory_says_nothing(self, client, teacher, application, snapshot):
        response = decide(client, application, revision=7, snapshot=snapshot)

        assert response.status_code == 409
        assert "下面是最新的內容" in response.content.decode()

    def test_a_former_teacher_cannot_decide_what_was_loaded(self, teacher, application):
        applicant = application.applicants.get()
        HomeroomDuty.objects.update(account="somebody-else")

        with pytest.raises(permissions.NotYours):
            decisions.approve(applicant=applicant, revision=1, by=teacher)

    def test_an_action_checks_the_revision_itself(self, teacher, application):
        with pytest.raises(policies.Stale):
            decisions.reject(applicant=application.applicants.get(), reason="x", revision=7, by=teacher)


class TestPage:
    @pytest.mark.parametrize("kind", list(Kind))
    def test_costs_ten_queries_at_most_and_one_for_evidence(self, client, django_assert_max_num_queries, kind):
        sent = sent_application(kind=kind)
        log_in(client, teacher_of(sent.student.school_class))
        address = reverse("review:application", args=[sent.student.school.slug, sent.pk])

        with django_assert_max_num_queries(11 if kind == Kind.GUARDIAN else 10):
            response = client.get(address)

        assert response.status_code == 200

    @pytest.mark.parametrize("paper", ["agree", "decline", "not_received"])
    def test_offers_an_approval_only_beside_an_agreeing_paper(self, client, teacher, application, paper):
        mark_paper_form(student=application.student, answer=paper, by=teacher)
        school = application.student.school
        page = client.get(reverse("review:application", args=[school.slug, application.pk])).content.decode()

        assert ('value="approve"' in page) == (paper == "agree")

    def test_shows_no_more_of_the_number_than_the_paper_needs(self, client, teacher, application):
        page = reverse("review:application", args=[application.student.school.slug, application.pk])

        shown = client.get(page).content.decode()

        number = make_identity(701)
        assert number not in shown
        assert f"{number[:2]}••••{number[-4:]}" in shown

    def test_evidence_is_shown_and_each_look_is_an_event(self, client):
        sent = sent_application(kind=Kind.GUARDIAN)
        teacher = teacher_of(sent.student.school_class)
        log_in(client, teacher)

        client.get(reverse("review:evidence-file", args=[sent.student.school.slug, sent.evidence.get().pk]))

        assert Event.objects.filter(event="evidence.viewed", actor_id=teacher.pk).count() == 1

    def test_a_draft_is_the_familys_own_business(self, client, teacher, application):
        Application.objects.update(status="draft", submitted_at=None)
        page = reverse("review:application", args=[application.student.school.slug, application.pk])

        assert client.get(page).status_code == 404


class TestOpeningMail:
    def renew(self, client, application):
        applicant = application.applicants.get()
        address = reverse("review:opening-renew", args=[application.student.school.slug, applicant.pk])
        return client.post(address, follow=True)

    def test_is_sent_again_and_the_initial_password_works_again(self, client, teacher, application):
        decide(client, application)
        SSOAccount.objects.update(initial_failures=10)

        self.renew(client, application)

        assert SSOAccount.objects.get().takes_initial_password
        assert Message.objects.filter(kind="account-opened").count() == 2

    def test_is_not_sent_to_an_account_in_use(self, client, teacher, application):
        sso_parent(by=teacher, email="old@example.com", number=make_identity(701))
        decide(client, application)

        response = self.renew(client, application)

        assert "這個帳號已經開通" in response.content.decode()


def test_a_closed_account_opens_again_under_the_new_address(teacher, application):
    parent = sso_parent(by=teacher, email="old@example.com", number=make_identity(701))
    SSOAccount.objects.update(state="closed")

    decisions.approve(applicant=application.applicants.get(), revision=1, by=teacher)

    parent.refresh_from_db()
    assert (parent.username, parent.password) == ("bob@example.com", User.UNSET_PASSWORD)
    assert SSOAccount.objects.get().state == SSOAccount.State.INITIAL


def test_a_second_child_of_the_same_parent_needs_no_second_account(teacher, application):
    decisions.approve(applicant=application.applicants.get(), revision=1, by=teacher)
    sister = StudentFactory()

    approved_application(teacher_of(sister.school_class), sister)

    assert SSOAccount.objects.count() == 1
    assert Binding.objects.count() == 2
