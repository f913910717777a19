"""Consent taken back while others decide, with real threads on PostgreSQL: one outcome, told once."""

import pytest

from audit.models import Event
from binding.actions.consent import answer_consent
from binding.actions.ending import end_by_parent, end_by_registrar, end_by_withdrawn_consent
from binding.actions.withdrawal import keep_binding
from binding.models import Binding, Withdrawal, WithdrawalAnswer
from consent.models import ConsentDecision, ConsentText
from notifications.models import Message
from review.decisions import approve
from review.models import ReviewRules
from review.paper_register import mark_paper_form
from review.rules import write_rules
from tests.accounts.factories import registrar_of, teacher_of
from tests.binding.factories import Kind, approved_application, sent_application
from tests.races.threads import at_once, kinds_of
from tests.registry.factories import StudentFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def student():
    return StudentFactory()


@pytest.fixture
def teacher(student):
    return teacher_of(student.school_class)


@pytest.fixture
def registrar(student):
    return registrar_of(student.school)


@pytest.fixture
def family(student, teacher):
    family = approved_application(teacher, student, kind=Kind.TWO_PARENTS).started_by
    Message.objects.all().delete()
    return family


@pytest.fixture
def answers(family):
    say(family)
    Message.objects.all().delete()
    found = WithdrawalAnswer.objects.select_related("binding__account__user", "binding__student__school")
    return list(found.order_by("pk"))


def say(family, choice="declined"):
    return answer_consent(student=family.student, answer=choice, text=ConsentText.objects.current(), by=family)


def agree(answer):
    return end_by_withdrawn_consent(answer=answer, how="link", by=answer.binding.account.user)


def keep(answer):
    return keep_binding(answer=answer, how="link", by=answer.binding.account.user)


def stands(student):
    return ConsentDecision.objects.latest_of(student).answer


def test_both_parents_agree_at_once_and_the_familys_answer_stands(answers, student):
    outcomes = at_once(*[lambda one=one: agree(one) for one in answers])

    assert kinds_of(outcomes) == ["WithdrawalAnswer"] * 2
    assert not Binding.objects.active().exists()
    assert (stands(student), Withdrawal.objects.get().state) == ("declined", "done")
    assert ConsentDecision.objects.filter(answer="declined").count() == 1
    assert Message.objects.filter(kind="binding-ended").count() == 2


def test_one_agrees_while_the_other_keeps(answers, student):
    at_once(lambda: agree(answers[0]), lambda: keep(answers[1]))

    assert list(Binding.objects.active()) == [answers[1].binding]
    assert (stands(student), Withdrawal.objects.get().state) == ("agreed", "kept")


def test_one_link_pressed_four_times_decides_once(answers):
    outcomes = at_once(*[lambda: agree(answers[0])] * 4)

    assert kinds_of(outcomes) == ["LinkOver", "LinkOver", "LinkOver", "WithdrawalAnswer"]
    assert Message.objects.filter(kind="binding-ended").count() == 1


def test_agreeing_and_keeping_by_one_person_is_one_of_both(answers):
    outcomes = at_once(lambda: agree(answers[0]), lambda: keep(answers[0]))

    answers[0].refresh_from_db()
    assert kinds_of(outcomes) == ["LinkOver", "WithdrawalAnswer"]
    assert Binding.objects.get(pk=answers[0].binding_id).is_active == (answers[0].state == "kept")


def test_a_parent_decides_while_the_family_takes_it_back(answers, family, student):
    outcomes = at_once(lambda: agree(answers[0]), lambda: say(family, "agreed"))

    withdrawal = Withdrawal.objects.get()
    assert withdrawal.state == "taken_back"
    assert stands(student) == "agreed"
    is_over = any(type(one).__name__ == "LinkOver" for one in outcomes)
    assert Binding.objects.get(pk=answers[0].binding_id).is_active == is_over
    assert not withdrawal.answers.waiting().exists()


def test_a_parent_decides_while_the_registrar_ends(answers, registrar):
    binding = answers[0].binding

    at_once(lambda: agree(answers[0]), lambda: end_by_registrar(binding=binding, reason="asked", note="", by=registrar))

    binding.refresh_from_db()
    assert binding.state == "ended"
    assert Event.objects.filter(event="binding.ended", target_id=str(binding.pk)).count() == 1
    assert Message.objects.filter(kind="binding-ended").count() == 1
    answers[0].refresh_from_db()
    assert answers[0].state in ("agreed", "closed")


def test_the_family_asks_while_a_parent_lets_go(family, student):
    binding = Binding.objects.select_related("account__user", "student__school").first()

    at_once(lambda: say(family), lambda: end_by_parent(binding=binding, by=binding.account.user))

    waiting = WithdrawalAnswer.objects.waiting().values_list("binding", flat=True)
    assert list(waiting) == [one.pk for one in Binding.objects.active()]
    assert stands(student) == "agreed"


def test_the_family_asks_while_the_teacher_approves(student, teacher):
    application = sent_application(student)
    mark_paper_form(student=student, answer="agree", by=teacher)
    family = application.started_by

    at_once(lambda: approve(applicant=application.applicants.get(), revision=1, by=teacher), lambda: say(family))

    if Binding.objects.active().exists():
        assert WithdrawalAnswer.objects.waiting().count() == 1
        assert stands(student) == "agreed"
    else:
        assert stands(student) == "declined"


def test_two_registrars_write_the_rules_at_once(student, registrar):
    ways = [
        {"texts": ["甲", "乙"], "registrar_decides_guardianship": True, "approves_matched": True},
        {"texts": ["乙", "丙"], "registrar_decides_guardianship": False, "approves_matched": False},
    ]

    outcomes = at_once(*[lambda way=way: write_rules(school=student.school, by=registrar, **way) for way in ways * 2])

    assert kinds_of(outcomes) == ["ReviewRules"] * 4
    kept = ReviewRules.objects.get()
    texts = list(student.school.return_reasons.order_by("position").values_list("text", flat=True))
    assert texts in ([["甲", "乙"]] if kept.approves_matched else [["乙", "丙"]])
