"""自己的家人: one rule for every deed, whoever the member of staff is to the child."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from binding.actions import confirmation, court_orders, custody, email_correction, ending
from binding.actions.confirmation import request_correction
from binding.models import Binding, CustodyRestriction, EmailCorrection
from binding.own_family import NotYours
from notifications.models import Message
from registry import status_changes
from registry.roles import Role
from registry.students import correct_student
from review import permissions
from review.class_approval import candidates_of
from review.class_board import Census
from review.decisions import approve, reject, return_for_changes
from review.escalation import escalate, return_to_teacher
from review.models import Escalation
from review.paper_register import mark_paper_form
from staff import accounts as staff_actions
from tests.accounts.factories import log_in, registrar_of, staff, teacher_of
from tests.binding.factories import MANDATE, Kind, approved_application, confirmed_family, mandate_for, sent_application
from tests.registry.factories import StudentFactory, make_identity
from tests.review.factories import guardian

pytestmark = pytest.mark.django_db
OWN = make_identity(555)


@pytest.fixture
def student():
    return StudentFactory()


@pytest.fixture
def teacher(student):
    return teacher_of(student.school_class)


@pytest.fixture
def registrar(student):
    """Whose own number is known."""
    user = registrar_of(student.school)
    return staff_actions.keep_number(user=user, number=OWN)


@pytest.fixture
def other_registrar(student):
    return staff(student.school, Role.REGISTRAR, account="registrar-2", name="組員")


def bound_now(student, teacher):
    approved_application(teacher, student, people={1: {"identity_number": OWN}})


def bound_before(student, teacher):
    bound_now(student, teacher)
    binding = Binding.objects.get(student=student)
    ending.end_by_parent(binding=binding, by=binding.account.user)


def bound_later(student, teacher):
    bound_now(student, teacher)
    Binding.objects.update(first_day=timezone.localdate() + timedelta(days=3))


def past_its_last_day(student, teacher):
    bound_now(student, teacher)
    Binding.objects.update(last_day=timezone.localdate() - timedelta(days=1))


def on_record(student, teacher):
    guardian(student, "x@example.com", number=OWN)


def applies(student, teacher):
    sent_application(student, people={1: {"identity_number": OWN}})


def takes_care(student, teacher):
    guardian(student, "x@example.com")
    by = staff(student.school, Role.REGISTRAR, account="third", name="另一位")
    mandate_for(student, by=by, identity_number=OWN)


FAMILY = [bound_now, bound_before, bound_later, past_its_last_day, on_record, applies, takes_care]


@pytest.fixture(params=FAMILY, ids=lambda one: one.__name__)
def own_child(request, student, teacher, registrar):
    request.param(student, teacher)
    return student


class TestWhoIsFamily:
    def test_is_kept_from_the_child(self, own_child, registrar):
        with pytest.raises(NotYours, match="您自己的家人"):
            custody.restrict(
                student=own_child, document=MANDATE, document_on=timezone.localdate(),
                starts_on=timezone.localdate(), until=None, note="", by=registrar,
            )  # fmt: skip
        assert not CustodyRestriction.objects.exists()

    def test_another_registrar_is_not(self, own_child, other_registrar):
        custody.restrict(
            student=own_child, document=MANDATE, document_on=timezone.localdate(),
            starts_on=timezone.localdate(), until=None, note="", by=other_registrar,
        )  # fmt: skip

        assert CustodyRestriction.objects.exists()

    def test_corrects_no_data_of_the_child(self, own_child, registrar):
        with pytest.raises(ValidationError, match="您自己的家人"):
            correct_student(student=own_child, values={"name": "王新名"}, by=registrar)
        with pytest.raises(ValidationError, match="您自己的家人"):
            status_changes.change_status(student=own_child, status="left", by=registrar)
        own_child.refresh_from_db()
        assert (own_child.name != "王新名", own_child.status) == (True, "enrolled")

    def test_who_was_bound_by_mistake_is_no_family(self, student, teacher, registrar, other_registrar):
        bound_now(student, teacher)
        ending.end_by_registrar(binding=Binding.objects.get(), reason="mistake", note="", by=other_registrar)

        correct_student(student=student, values={"name": "王新名"}, by=registrar)

        student.refresh_from_db()
        assert student.name == "王新名"


class TestEveryDeed:
    """The registrar is guardian on record; the other parent is bound."""

    @pytest.fixture
    def binding(self, student, teacher, registrar):
        guardian(student, "x@example.com", number=OWN)
        approved_application(teacher, student)
        return Binding.objects.select_related("account__user", "student__school").get()

    def test_ends_no_binding(self, binding, registrar):
        with pytest.raises(NotYours):
            ending.end_by_registrar(binding=binding, reason="registrar", note="", by=registrar)
        assert Binding.objects.active().exists()

    def test_enters_and_lifts_no_court_order(self, binding, registrar, other_registrar):
        today = timezone.localdate()
        order = {
            "binding": binding, "number": "1", "ordered_on": today, "effective_on": today + timedelta(days=1),
            "until": None, "document": MANDATE,
        }  # fmt: skip
        with pytest.raises(NotYours):
            court_orders.enter_order(**order, by=registrar)
        entered = court_orders.enter_order(**order, by=other_registrar)
        with pytest.raises(NotYours):
            court_orders.lift_order(order=entered, reason="x", by=registrar)

    def test_lifts_no_restriction_of_custody(self, binding, registrar, other_registrar):
        today = timezone.localdate()
        restriction = custody.restrict(
            student=binding.student, document=MANDATE, document_on=today, starts_on=today, until=None,
            note="", by=other_registrar,
        )  # fmt: skip
        with pytest.raises(NotYours):
            custody.lift_restriction(restriction=restriction, reason="x", by=registrar)

    def test_corrects_agrees_to_and_cancels_no_address(self, binding, registrar, other_registrar):
        ask = {"binding": binding, "new_email": "new@example.com", "reason": "x", "proof": "in_person"}
        with pytest.raises(NotYours):
            email_correction.ask_to_correct_email(**ask, by=registrar)
        binding.account.state = "active"
        binding.account.save()
        change = email_correction.ask_to_correct_email(**ask, by=other_registrar)
        for deed in (
            email_correction.allow_correction,
            email_correction.refuse_correction,
            email_correction.cancel_correction,
        ):
            with pytest.raises(NotYours):
                deed(change=change, by=registrar)
        assert EmailCorrection.objects.get().state == "asked"

    def test_enters_and_prolongs_no_mandate(self, binding, registrar, other_registrar):
        with pytest.raises(NotYours):
            mandate_for(binding.student, by=registrar)

    def test_binds_nobody_to_oneself(self, student, teacher, registrar):
        approved_application(teacher, student)
        with pytest.raises(NotYours):
            mandate_for(student, by=registrar, identity_number=OWN)

    def test_answers_no_correction_of_the_family(self, student, registrar):
        guardian(student, "x@example.com", number=OWN)
        family = confirmed_family(student)
        correction = request_correction(student=student, proposed={"name": "尹怡"}, by=family)
        with pytest.raises(NotYours):
            confirmation.decide_correction(
                request=correction, status="done", answer="", values={"name": "尹怡"}, by=registrar
            )

    @pytest.mark.parametrize("name", ["review:opening-renew", "binding:binding-opening"])
    def test_sends_no_opening_mail(self, client, binding, registrar, name):
        Message.objects.all().delete()
        log_in(client, registrar)
        pk = binding.applicant_id if name == "review:opening-renew" else binding.pk
        slug = binding.student.school.slug

        response = client.post(reverse(name, args=[slug, pk]), follow=True)

        assert "您自己的家人" in response.content.decode()
        assert not Message.objects.exists()

    def test_decides_and_hands_back_no_application(self, student, teacher, registrar):
        guardian(student, "x@example.com", number=OWN)
        application = sent_application(student)
        mark_paper_form(student=student, answer="agree", by=teacher)
        escalate(application=application, why=Escalation.Why.OTHER, note="x", by=teacher)
        decided = {"applicant": application.applicants.get(), "revision": 1, "by": registrar}
        for deed in (
            lambda: approve(**decided),
            lambda: reject(reason="x", **decided),
            lambda: return_for_changes(reason="x", **decided),
            lambda: return_to_teacher(application=application, by=registrar),
        ):
            with pytest.raises(permissions.NotYours):
                deed()

    def test_reads_on_the_page_why(self, client, binding, registrar):
        log_in(client, registrar)
        address = reverse("binding:binding-end", args=[binding.student.school.slug, binding.pk])

        page = client.post(address, {"reason": "asked", "note": ""}).content.decode()

        assert "請由註冊組的另一位同仁處理" in page

    def test_reads_why_on_the_students_page(self, client, student, registrar):
        guardian(student, "x@example.com", number=OWN)
        log_in(client, registrar)
        address = reverse("registry:student-status", args=[student.school.slug, student.pk])

        page = client.post(address, {"status": "left", "note": "x", "understood": "on"}).content.decode()

        assert "請由註冊組的另一位同仁處理" in page


class TestUnknownNumber:
    def test_decisions_go_on(self, student, teacher):
        application = sent_application(student)
        mark_paper_form(student=student, answer="agree", by=teacher)

        approve(applicant=application.applicants.get(), revision=1, by=teacher)

        assert Binding.objects.active().exists()

    @pytest.mark.parametrize("own", [{"name": "王大明"}, {"name": "王 大 明"}, {"email": "BOB@example.com"}], ids=str)
    def test_an_applicant_of_the_same_name_or_address_asks_who_the_teacher_is(self, student, teacher, own):
        application = sent_application(student)
        mark_paper_form(student=student, answer="agree", by=teacher)
        User.objects.filter(pk=teacher.pk).update(**own)
        teacher.refresh_from_db()

        with pytest.raises(permissions.NotYours, match="請先登錄您本人的證號"):
            approve(applicant=application.applicants.get(), revision=1, by=teacher)

        teacher = staff_actions.keep_number(user=teacher, number=OWN)
        approve(applicant=application.applicants.get(), revision=1, by=teacher)
        assert Binding.objects.active().exists()

    def test_a_class_is_not_approved_at_once_with_the_own_name_in_it(self, student, teacher):
        sent_application(student)
        mark_paper_form(student=student, answer="agree", by=teacher)
        User.objects.filter(pk=teacher.pk).update(name="王大明")
        teacher.refresh_from_db()

        (candidate,) = candidates_of(Census.of(student.school_class), teacher)

        assert any("請先登錄您本人的證號" in reason for reason in candidate.reasons)

    def test_a_teacher_who_says_so_later_leaves_what_waits_to_the_registrar(self, student, teacher):
        application = sent_application(student, people={1: {"identity_number": OWN}})
        assert not Escalation.objects.exists()

        staff_actions.keep_number(user=teacher, number=OWN)

        assert Escalation.objects.get().application == application
        assert Escalation.objects.get().why == Escalation.Why.OWN_FAMILY

    def test_the_page_asks_for_it(self, client, student, teacher):
        application = sent_application(student)
        log_in(client, teacher)

        page = client.get(reverse("review:application", args=[student.school.slug, application.pk])).content.decode()

        assert "系統還不知道哪些學生是您的家人" in page
        assert reverse("staff:own-number", args=[student.school.slug]) in page


def test_a_mate_at_another_child_of_the_same_account_corrects_no_address(student, teacher, registrar):
    """The account is one: its address is of the own family, whichever child it is asked at."""
    approved_application(teacher, student)
    own = StudentFactory(school=student.school, school_class=student.school_class)
    approved_application(teacher, own)
    guardian(own, "x@example.com", number=OWN)
    binding = Binding.objects.get(student=student)

    with pytest.raises(NotYours):
        email_correction.ask_to_correct_email(
            binding=binding, new_email="new@example.com", reason="x", proof="in_person", by=registrar
        )


def test_two_parents_of_whom_one_is_the_teacher_go_to_the_registrar(student, teacher):
    staff_actions.keep_number(user=teacher, number=make_identity(702))

    application = sent_application(student, kind=Kind.TWO_PARENTS)

    assert Escalation.objects.get().application == application
