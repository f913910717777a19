"""Every decision, by every role, in every state of an applicant: done, or refused for the right reason."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.utils import timezone

from binding.actions.application import withdraw
from binding.models import Applicant
from notifications.outbox import TooLate
from registry.roles import Role
from review import decisions, permissions, policies
from review.escalation import escalate
from review.paper_register import mark_paper_form
from tests.accounts.factories import registrar_of, staff, teacher_of
from tests.binding.factories import Kind, sent_application
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db

State = Applicant.Review
STATES = ["pending", "approved", "approved long ago", "returned", "rejected", "withdrawn"]
DECISIONS = ["approve", "return", "reject", "undo"]
INSIDERS = ["teacher", "registrar"]
OUTSIDERS = ["other teacher", "cashier", "principal", "other school's registrar", "former teacher"]


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def people(school_class):
    school = school_class.school
    former = teacher_of(SchoolClassFactory(school=school, name="399"))
    former.school.classes.get(name="399").duties.update(ends_on=timezone.localdate() - timedelta(days=1))
    return {
        "teacher": teacher_of(school_class),
        "registrar": registrar_of(school),
        "other teacher": teacher_of(SchoolClassFactory(school=school, name="398")),
        "former teacher": former,
        "cashier": staff(school, Role.CASHIER, account="cashier"),
        "principal": staff(school, Role.PRINCIPAL, account="principal"),
        "other school's registrar": registrar_of(SchoolFactory()),
    }


def applicant_in(state, school_class, registrar, kind=Kind.ONE_PARENT):
    student = StudentFactory(school=school_class.school, school_class=school_class)
    application = sent_application(student, kind=kind)
    applicant = application.applicants.get()
    mark_paper_form(student=student, answer="agree", by=registrar)
    if state.startswith("approved"):
        decisions.approve(applicant=applicant, revision=1, by=registrar)
    elif state == "returned":
        decisions.return_for_changes(applicant=applicant, reason="x", revision=1, by=registrar)
    elif state == "rejected":
        decisions.reject(applicant=applicant, reason="x", revision=1, by=registrar)
    elif state == "withdrawn":
        withdraw(application=application, by=application.started_by)
    if state.endswith("long ago"):
        Applicant.objects.update(undo_until=timezone.now() - timedelta(minutes=1))
    applicant.refresh_from_db()
    return applicant


def decide(decision, applicant, by):
    seen = {"applicant": applicant, "revision": applicant.application.revision, "by": by}
    if decision == "approve":
        return decisions.approve(**seen)
    if decision == "undo":
        return decisions.undo(applicant=applicant, by=by)
    act = decisions.return_for_changes if decision == "return" else decisions.reject
    return act(reason="請確認", **seen)


def expected(decision, state, who):
    """The new state, or the refusal."""
    if who in OUTSIDERS or state == "withdrawn":
        return permissions.NotYours
    if decision == "undo":
        return State.PENDING if state in ("approved", "returned", "rejected") else TooLate
    if state != "pending":
        return policies.Stale
    return {"approve": State.APPROVED, "return": State.RETURNED, "reject": State.REJECTED}[decision]


@pytest.mark.parametrize("state", STATES)
def test_matrix(school_class, people, state):
    """Each decision is taken in a savepoint, so that the next one finds the same state again."""
    made = applicant_in(state, school_class, people["registrar"])
    for who, decision in product(INSIDERS + OUTSIDERS, DECISIONS):
        with transaction.atomic():
            applicant = Applicant.objects.get(pk=made.pk)
            outcome = expected(decision, state, who)

            if isinstance(outcome, str):
                decide(decision, applicant, people[who])
            else:
                with pytest.raises(outcome):
                    decide(decision, applicant, people[who])

            applicant.refresh_from_db()
            assert applicant.review == (outcome if isinstance(outcome, str) else made.review), (who, decision)
            transaction.set_rollback(True)


@pytest.mark.parametrize(("who", "is_allowed"), [("teacher", False), ("registrar", True)])
@pytest.mark.parametrize("decision", DECISIONS[:3])
def test_what_was_handed_over_is_the_registrars(school_class, people, who, is_allowed, decision):
    applicant = applicant_in("pending", school_class, people["registrar"])
    escalate(application=applicant.application, why="own_family", by=people["teacher"])

    if is_allowed:
        assert decide(decision, applicant, people[who]).review != State.PENDING
    else:
        with pytest.raises(permissions.NotYours):
            decide(decision, applicant, people[who])


@pytest.mark.parametrize(
    ("who", "decision", "is_allowed"),
    [
        ("teacher", "approve", False),
        ("teacher", "reject", False),
        ("teacher", "return", True),
        ("registrar", "approve", True),
        ("registrar", "reject", True),
        ("registrar", "return", True),
    ],
)
def test_guardianship_is_decided_by_the_registrar(school_class, people, who, decision, is_allowed):
    applicant = applicant_in("pending", school_class, people["registrar"], kind=Kind.GUARDIAN)

    if is_allowed:
        assert decide(decision, applicant, people[who]).review != State.PENDING
    else:
        with pytest.raises(permissions.NotYours):
            decide(decision, applicant, people[who])
