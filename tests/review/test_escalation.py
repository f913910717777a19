"""What the homeroom teacher leaves to the registrar: guardianship, the own family, and what a note says."""

import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from binding.actions.application import save_applicant
from binding.models import Applicant
from registry.models import Guardian
from registry.roles import Role
from review import decisions, permissions
from review.class_approval import approve_all, candidates_of
from review.class_board import Census
from review.escalation import escalate, return_to_teacher
from review.models import Escalation, ReviewRules
from review.neighbours import neighbours_of
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, staff, teacher_of
from tests.binding.factories import Kind, approved_application, reload, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def teacher(school_class):
    return teacher_of(school_class)


@pytest.fixture
def registrar(school_class):
    return registrar_of(school_class.school)


def sent(school_class, by, **options):
    student = StudentFactory(school=school_class.school, school_class=school_class)
    application = sent_application(student, **options)
    mark_paper_form(student=student, answer="agree", by=by)
    return application


@pytest.fixture
def guardians(school_class, teacher):
    return sent(school_class, teacher, kind=Kind.GUARDIAN)


def place(name, application, *more):
    return reverse(f"review:{name}", args=[application.student.school.slug, application.pk, *more])


class TestGuardianship:
    def test_the_teacher_looks_and_the_registrar_decides(self, client, guardians, teacher, registrar):
        applicant = guardians.applicants.get()
        log_in(client, teacher)
        page = client.get(place("application", guardians)).content.decode()
        assert "已檢視，轉註冊組" in page
        assert 'value="approve"' not in page

        client.post(place("hand-over", guardians), {"why": "guardianship"})

        assert Escalation.objects.get().by == teacher
        page = client.get(place("application", guardians)).content.decode()
        assert "這份申請轉請註冊組審核" in page
        assert 'name="decision"' not in page
        log_in(client, registrar)
        waiting = client.get(reverse("review:handed-over", args=[guardians.student.school.slug]))
        assert guardians.student.name in waiting.content.decode()
        decisions.approve(applicant=applicant, revision=1, by=registrar)
        waiting = client.get(reverse("review:handed-over", args=[guardians.student.school.slug]))
        assert "目前沒有等註冊組審核的申請" in waiting.content.decode()

    @pytest.mark.parametrize("act", ["approve", "reject"])
    def test_the_teacher_says_neither_yes_nor_no(self, guardians, teacher, act):
        words = {"reason": "不符"} if act == "reject" else {}

        with pytest.raises(permissions.NotYours):
            getattr(decisions, act)(applicant=guardians.applicants.get(), revision=1, by=teacher, **words)

    def test_the_teacher_may_hand_it_back_to_the_family(self, guardians, teacher):
        decisions.return_for_changes(applicant=guardians.applicants.get(), reason="照片不清楚", revision=1, by=teacher)

        assert guardians.applicants.get().review == Applicant.Review.RETURNED

    def test_a_school_may_leave_it_to_the_teacher(self, guardians, teacher):
        ReviewRules.objects.create(school=guardians.student.school, registrar_decides_guardianship=False)

        decisions.approve(applicant=guardians.applicants.get(), revision=1, by=teacher)

        assert guardians.applicants.get().review == Applicant.Review.APPROVED


class TestHandedOver:
    def test_the_teacher_decides_it_no_longer(self, school_class, teacher):
        application = sent(school_class, teacher)
        escalate(application=application, why="other", note="鄰居的孩子", by=teacher)

        with pytest.raises(permissions.NotYours):
            decisions.approve(applicant=application.applicants.get(), revision=1, by=teacher)
        with pytest.raises(permissions.NotYours):
            decisions.return_for_changes(applicant=application.applicants.get(), reason="x", revision=1, by=teacher)

    def test_it_leaves_the_teachers_pile_and_batch(self, school_class, teacher, registrar):
        application, other = sent(school_class, teacher), sent(school_class, teacher, people={
            1: {"identity_number": make_identity(55), "email": "x@example.com"}})  # fmt: skip
        escalate(application=application, why="other", note="鄰居的孩子", by=teacher)

        assert [row.student for row in Census.of(school_class).waiting] == [other.student]
        assert len(Census.of(school_class, for_registrar=True).waiting) == 2
        assert neighbours_of(reload(other)).waiting == 1
        assert neighbours_of(reload(other), for_registrar=True).waiting == 2
        candidates = candidates_of(Census.of(school_class), teacher)
        assert [one.student for one in candidates] == [other.student]

    def test_a_batch_made_before_is_refused_for_it(self, school_class, teacher):
        application = sent(school_class, teacher)
        candidates = candidates_of(Census.of(school_class), teacher)
        escalate(application=application, why="other", note="鄰居的孩子", by=teacher)

        done, failed = approve_all(candidates, keys={one.key for one in candidates}, by=teacher)

        assert done == []
        assert "已轉請註冊組審核" in failed[0][1]

    def test_the_registrar_gives_it_back(self, client, school_class, teacher, registrar):
        application = sent(school_class, teacher)
        escalate(application=application, why="other", note="鄰居的孩子", by=teacher)
        log_in(client, registrar)

        page = client.post(place("give-back", application), follow=True).content.decode()

        assert "已退回導師審核" in page
        decisions.approve(applicant=application.applicants.get(), revision=1, by=teacher)
        assert not return_to_teacher(application=application, by=registrar)

    def test_twice_is_once(self, school_class, teacher):
        application = sent(school_class, teacher)
        for _press in range(2):
            escalate(application=application, why="other", note="鄰居的孩子", by=teacher)

        assert Event.objects.filter(event="application.escalated").count() == 1

    @pytest.mark.parametrize(
        ("typed", "words"),
        [({}, "請選擇原因"), ({"why": "other"}, "請寫明原因"), ({"why": "other", "note": "A123456789"}, "證號")],
    )
    def test_what_is_missing_is_said(self, client, school_class, teacher, typed, words):
        application = sent(school_class, teacher)
        log_in(client, teacher)

        page = client.post(place("hand-over", application), typed).content.decode()

        assert words in page
        assert not Escalation.objects.exists()

    def test_a_stranger_finds_nothing(self, client, school_class, teacher):
        application = sent(school_class, teacher)
        other = teacher_of(SchoolClassFactory(school=school_class.school, name="302"))
        log_in(client, other)

        assert client.post(place("hand-over", application), {"why": "own_family"}).status_code == 404
        with pytest.raises(permissions.NotYours):
            escalate(application=application, why="own_family", by=other)

    def test_it_stays_with_the_registrar_when_the_family_mends_it(self, school_class, teacher, registrar):
        application = sent(school_class, teacher)
        escalate(application=application, why="other", note="鄰居的孩子", by=teacher)
        decisions.return_for_changes(applicant=application.applicants.get(), reason="x", revision=1, by=registrar)
        save_applicant(
            application=application, position=1, values={"mobile": "0987654321"}, is_complete=True,
            by=application.started_by,
        )  # fmt: skip

        assert Census.of(school_class).waiting == []
        assert len(Census.of(school_class, for_registrar=True).waiting) == 1


class TestOwnFamily:
    def known_as(self, user, n):
        from core import crypto

        User.objects.filter(pk=user.pk).update(identity_fingerprint=crypto.fingerprint(make_identity(n)))
        user.refresh_from_db()

    def test_goes_to_the_registrar_as_soon_as_it_is_sent(self, school_class, teacher):
        self.known_as(teacher, 701)

        application = sent_application(StudentFactory(school=school_class.school, school_class=school_class))

        assert application.escalation.why == Escalation.Why.OWN_FAMILY
        assert application.escalation.by is None

    def test_a_guardian_on_record_is_family_though_the_other_parent_applies(self, school_class, teacher):
        self.known_as(teacher, 66)
        student = StudentFactory(school=school_class.school, school_class=school_class)
        guardian = Guardian(student=student, position=1, name="林淑芬")
        guardian.identity_number = make_identity(66)
        guardian.save()

        application = sent_application(student)

        assert Escalation.objects.get().application == application
        Escalation.objects.all().delete()
        mark_paper_form(student=student, answer="agree", by=teacher)
        with pytest.raises(permissions.NotYours):
            decisions.approve(applicant=application.applicants.get(), revision=1, by=teacher)
        assert "這是您自己的家人" in str(candidates_of(Census.of(school_class), teacher)[0].reasons)

    def test_a_bound_parent_is_family(self, school_class, teacher, registrar):
        student = StudentFactory(school=school_class.school, school_class=school_class)
        approved_application(registrar, student)
        self.known_as(teacher, 701)

        other = {1: {"relationship": "mother", "identity_number": make_identity(3), "email": "m@example.com"}}
        application = sent_application(student, people=other)

        assert application.escalation.why == Escalation.Why.OWN_FAMILY

    def test_the_registrars_own_child_waits_for_another_registrar(self, client, school_class, registrar):
        self.known_as(registrar, 701)
        application = sent(school_class, registrar)
        other = staff(school_class.school, Role.REGISTRAR, account="registrar2")

        with pytest.raises(permissions.NotYours):
            decisions.approve(applicant=application.applicants.get(), revision=1, by=registrar)
        decisions.approve(applicant=application.applicants.get(), revision=1, by=other)


def test_the_list_costs_the_same_whatever_its_length(
    client, school_class, teacher, registrar, django_assert_max_num_queries
):
    log_in(client, registrar)
    address = reverse("review:handed-over", args=[school_class.school.slug])
    for number in range(6):
        people = {1: {"identity_number": make_identity(400 + number), "email": f"p{number}@example.com"}}
        escalate(application=sent(school_class, teacher, people=people), why="own_family", by=teacher)

    with django_assert_max_num_queries(8):
        page = client.get(address)

    assert page.content.decode().count("導師的子女或親屬</td>") == 6


def test_a_school_keeps_its_rules(client, school_class, registrar):
    log_in(client, registrar)
    address = reverse("review:rules", args=[school_class.school.slug])
    assert client.get(address).context["form"].initial["registrar_decides_guardianship"] is True

    client.post(address, {"approves_matched": "on", "texts": "照片不清楚"})

    rules = ReviewRules.of(school_class.school)
    assert (rules.registrar_decides_guardianship, rules.approves_matched) == (False, True)
