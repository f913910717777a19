"""The teacher's desk with two people at it, and the worker, on PostgreSQL with real threads."""

import pytest
from django.utils import timezone

from accounts.models import SSOAccount
from audit.models import Event
from binding.models import Applicant, Binding
from notifications.delivery import deliver_due
from notifications.models import Message
from notifications.outbox import TooLate
from review import decisions
from review.class_approval import approve_all, candidates_of
from review.class_board import Census
from review.models import PaperForm
from review.paper_register import mark_paper_form, put_back, register
from tests.accounts.factories import registrar_of, teacher_of
from tests.binding.factories import sent_application
from tests.races.threads import at_once, kinds_of
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def ready():
    application = sent_application()
    teacher = teacher_of(application.student.school_class)
    mark_paper_form(student=application.student, answer="agree", by=teacher)
    return application.applicants.get(), teacher


@pytest.mark.parametrize("turn", range(8))
def test_a_mail_goes_or_is_taken_back_never_both(ready, mailoutbox, turn):
    applicant, teacher = ready
    decisions.approve(applicant=applicant, revision=1, by=teacher)
    Message.objects.update(next_attempt_at=timezone.now())

    _sent, undone = at_once(deliver_due, lambda: decisions.undo(applicant=applicant, by=teacher))

    if isinstance(undone, TooLate):
        assert len(mailoutbox) == 1
        assert Binding.objects.active().exists()
    else:
        assert isinstance(undone, Applicant), undone
        assert mailoutbox == []
        assert not Binding.objects.exists()


def test_of_two_who_take_it_back_one_does(ready):
    applicant, teacher = ready
    registrar = registrar_of(applicant.application.student.school)
    decisions.approve(applicant=applicant, revision=1, by=teacher)

    outcomes = at_once(
        lambda: decisions.undo(applicant=applicant, by=teacher),
        lambda: decisions.undo(applicant=applicant, by=registrar),
    )

    assert kinds_of(outcomes) == ["Applicant", "TooLate"]
    assert not SSOAccount.objects.exists()


def test_taking_back_while_a_sibling_is_approved_leaves_one_account(ready):
    applicant, teacher = ready
    sibling = sent_application(StudentFactory())
    other = registrar_of(sibling.student.school)
    mark_paper_form(student=sibling.student, answer="agree", by=other)
    decisions.approve(applicant=applicant, revision=1, by=teacher)

    outcomes = at_once(
        lambda: decisions.undo(applicant=applicant, by=teacher),
        lambda: decisions.approve(applicant=sibling.applicants.get(), revision=1, by=other),
    )

    assert kinds_of(outcomes) == ["Applicant", "Applicant"], outcomes
    assert Binding.objects.get().student == sibling.student
    assert SSOAccount.objects.get().state == SSOAccount.State.INITIAL
    assert Message.objects.filter(state="queued", kind="account-opened").count() == 1


def test_two_batches_approve_everyone_once():
    school_class = SchoolClassFactory()
    teacher, registrar = teacher_of(school_class), registrar_of(school_class.school)
    for number in range(8):
        person = {"identity_number": make_identity(900 + number), "email": f"p{number}@example.com"}
        student = StudentFactory(school=school_class.school, school_class=school_class)
        sent = sent_application(student, people={1: person})
        mark_paper_form(student=sent.student, answer="agree", by=teacher)

    def batch(user):
        candidates = candidates_of(Census.of(school_class), user)
        return approve_all(candidates, keys={one.key for one in candidates}, by=user)

    (done, failed), (others_done, others_failed) = at_once(lambda: batch(teacher), lambda: batch(registrar))

    assert len(done) + len(others_done) == 8
    assert len(failed) + len(others_failed) <= 8
    assert (SSOAccount.objects.count(), Message.objects.count(), Binding.objects.count()) == (8, 8, 8)


def test_the_teacher_changes_while_the_former_one_approves(ready):
    applicant, teacher = ready
    school_class = applicant.application.student.school_class

    outcomes = at_once(
        lambda: decisions.approve(applicant=applicant, revision=1, by=teacher),
        lambda: school_class.duties.update(account="somebody-else"),
    )

    applicant.refresh_from_db()
    decided = applicant.review == Applicant.Review.APPROVED
    assert decided == isinstance(outcomes[0], Applicant)
    assert Binding.objects.exists() == decided
    assert Message.objects.exists() == decided


def test_two_register_the_same_pile_with_other_answers(school_class):
    """The first one's answers stand, the second one is asked about every one of them."""
    teacher, registrar = teacher_of(school_class), registrar_of(school_class.school)
    students = [StudentFactory(school=school_class.school, school_class=school_class) for _ in range(8)]

    def press(answer, by, order):
        return register(students=order, answer=answer, by=by)

    one, other = at_once(lambda: press("agree", teacher, students), lambda: press("decline", registrar, students[::-1]))

    assert sorted([len(one.marked), len(other.marked)]) == [0, 8]
    assert sorted([len(one.standing), len(other.standing)]) == [0, 8]
    first = "agree" if one.marked else "decline"
    assert set(PaperForm.objects.values_list("answer", flat=True)) == {first}


def test_two_change_the_same_answer_that_both_were_shown(school_class):
    teacher, registrar = teacher_of(school_class), registrar_of(school_class.school)
    student = StudentFactory(school=school_class.school, school_class=school_class)
    mark_paper_form(student=student, answer="decline", by=registrar)

    def change(by):
        return register(students=[student], answer="agree", by=by, replacing={student.pk: "decline"})

    outcomes = at_once(lambda: change(teacher), lambda: change(registrar))

    assert sorted(len(one.marked) for one in outcomes) == [0, 1]
    assert Event.objects.filter(event="paper_form.marked").count() == 2


def test_an_undo_meets_a_colleagues_press(school_class):
    """Either the undo came first, or it leaves what the colleague pressed: never half of both."""
    teacher, registrar = teacher_of(school_class), registrar_of(school_class.school)
    student = StudentFactory(school=school_class.school, school_class=school_class)
    (mark,) = register(students=[student], answer="agree", by=teacher).marked
    marks = {student.pk: (None, mark.after.marked_at.isoformat())}

    at_once(
        lambda: put_back(students=[student], marks=marks, by=teacher),
        lambda: mark_paper_form(student=student, answer="decline", by=registrar),
    )

    assert [(one.answer, one.marked_by) for one in PaperForm.objects.all()] == [("decline", registrar)]
