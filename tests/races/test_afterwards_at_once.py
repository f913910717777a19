"""What is done to a binding by two at once, with real threads on PostgreSQL: done once, told once."""

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.sso_accounts import EmailTaken, open_sso_account
from audit.models import Event
from binding.actions import email_correction, person_correction
from binding.actions.court_orders import enter_order
from binding.actions.custody import AlreadyRestricted, restrict
from binding.actions.delegation import AlreadyBound
from binding.actions.ending import end_by_parent, end_by_registrar
from binding.actions.expiry import end_expired
from binding.models import Binding, CustodyRestriction, Delegation, EmailCorrection, PersonCorrection
from notifications.models import Message
from registry.roles import Role
from review import permissions, policies
from review.decisions import approve
from review.paper_register import mark_paper_form
from tests.accounts.factories import registrar_of, staff, teacher_of
from tests.binding.factories import MANDATE, Kind, approved_application, mandate_for, sent_application
from tests.races.threads import at_once, kinds_of
from tests.registry.factories import StudentFactory, make_identity

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NEW = "new@example.com"


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
def both(student, teacher):
    approved_application(teacher, student, kind=Kind.TWO_PARENTS)
    Message.objects.all().delete()
    return list(Binding.objects.select_related("account__user", "student__school").order_by("pk"))


def ask(binding, by, new_email=NEW):
    return email_correction.ask_to_correct_email(
        binding=binding, new_email=new_email, reason="x", proof="in_person", by=by
    )


def order_against(binding, by):
    today = timezone.localdate()
    return enter_order(
        binding=binding, number="1", ordered_on=today, effective_on=today, until=None, document=MANDATE, by=by
    )


def test_two_ask_for_one_address_and_one_gets_it(both, registrar):
    outcomes = at_once(*[lambda one=one: ask(one, registrar) for one in both])

    assert kinds_of(outcomes) == ["AddressTaken", "EmailCorrection"]
    assert EmailCorrection.objects.count() == Message.objects.count() == 1


def test_two_ask_for_one_account_and_the_later_one_counts(both, registrar):
    outcomes = at_once(*[lambda n=n: ask(both[0], registrar, f"new{n}@example.com") for n in range(4)])

    assert kinds_of(outcomes) == ["EmailCorrection"] * 4
    assert EmailCorrection.objects.pending().count() == 1


def test_one_link_opened_twice_at_once_changes_once(both, registrar):
    change = ask(both[0], registrar)

    outcomes = at_once(*[lambda: email_correction.confirm_email(change=change)] * 4)

    assert kinds_of(outcomes) == ["EmailCorrection", "LinkOver", "LinkOver", "LinkOver"]
    assert Message.objects.filter(kind="address-changed").count() == 1
    assert Event.objects.filter(event="email_correction.changed").count() == 1


def test_a_confirmation_and_an_approval_give_one_address_to_one_person(both, registrar):
    change = ask(both[0], registrar)
    rival = {"name": "王大明", "identity_number": make_identity(9), "mobile": "0912345678", "email": NEW}

    outcomes = at_once(
        lambda: email_correction.confirm_email(change=change), lambda: open_sso_account(by=registrar, **rival)
    )

    [lost] = [one for one in outcomes if isinstance(one, email_correction.AddressTaken | EmailTaken)]
    change.refresh_from_db()
    assert User.objects.filter(username=NEW).count() == 1
    assert change.state == ("pending" if isinstance(lost, email_correction.AddressTaken) else "confirmed")


def test_a_link_opened_while_it_is_cancelled_is_one_of_both(both, registrar):
    change = ask(both[0], registrar)

    outcomes = at_once(
        lambda: email_correction.confirm_email(change=change),
        lambda: email_correction.cancel_correction(change=change, by=registrar),
    )

    change.refresh_from_db()
    assert kinds_of(outcomes) == ["EmailCorrection", "LinkOver"]
    assert User.objects.filter(username=NEW).exists() == (change.state == "confirmed")


def test_the_parent_and_the_registrar_end_once(both, registrar):
    parent = both[0].account.user

    outcomes = at_once(
        lambda: end_by_parent(binding=both[0], by=parent),
        lambda: end_by_registrar(binding=both[0], reason="mistake", note="", by=registrar),
        lambda: order_against(both[0], registrar),
    )

    assert kinds_of(outcomes) == ["Binding", "Binding", "CourtOrder"]
    assert [one.to for one in Message.objects.all()] == ["bob@example.com"]
    assert Event.objects.filter(event="binding.ended").count() == 1
    assert Binding.objects.active().count() == 1


def test_an_order_and_an_approval_leave_the_person_unbound(student, teacher, registrar, both):
    end_by_parent(binding=both[0], by=both[0].account.user)
    application = sent_application(student)
    mark_paper_form(student=student, answer="agree", by=teacher)
    applicant = application.applicants.get()

    outcomes = at_once(
        lambda: approve(applicant=applicant, revision=application.revision, by=teacher),
        lambda: order_against(both[0], registrar),
    )

    failed = [one for one in outcomes if isinstance(one, Exception)]
    assert all(isinstance(one, permissions.NotYours | policies.NotAllowed) for one in failed), failed
    assert not Binding.objects.active().filter(account=both[0].account).exists()


def test_one_mandate_entered_twice_binds_once(student, registrar, both):
    outcomes = at_once(*[lambda: mandate_for(student, by=registrar)] * 3)

    assert sum(isinstance(one, AlreadyBound) for one in outcomes) == 2, outcomes
    assert Delegation.objects.count() == 1
    assert Message.objects.count() == 2


def test_two_sweeps_end_a_mandate_once(student, registrar, both):
    mandate_for(student, by=registrar)
    Message.objects.all().delete()
    long_ago = timezone.localdate().replace(year=2020)
    Binding.objects.filter(kind="delegated").update(first_day=long_ago, last_day=long_ago)
    Delegation.objects.update(starts_on=long_ago, ends_on=long_ago)

    at_once(*[end_expired] * 3)

    assert Binding.objects.get(kind="delegated").end_reason == "delegation_expired"
    assert Message.objects.count() == 2


def test_two_restrictions_at_once_are_one(student, registrar):
    today = timezone.localdate()
    facts = {"document": MANDATE, "document_on": today, "starts_on": today, "until": None, "note": ""}

    outcomes = at_once(*[lambda: restrict(student=student, by=registrar, **facts)] * 3)

    assert sum(isinstance(one, AlreadyRestricted) for one in outcomes) == 2
    assert CustodyRestriction.objects.count() == 1


def propose(binding, by, number):
    return person_correction.ask_to_correct_person(
        binding=binding, new_name="", identity_number=number, paper="identity", note="", by=by
    )


def test_two_agree_and_one_refuses_a_number_at_once_and_one_of_them_counts(both, registrar):
    number = make_identity(4021)
    change = propose(both[0], registrar, number)
    others = [staff(registrar.school, Role.SCHOOL_ADMIN, account=f"admin{n}") for n in range(3)]

    outcomes = at_once(
        *[lambda by=by: person_correction.agree(change=change, typed_number=number, by=by) for by in others[:2]],
        lambda: person_correction.refuse(change=change, by=others[2]),
    )

    assert kinds_of(outcomes) == ["AlreadyOver", "AlreadyOver", "PersonCorrection"]
    assert Event.objects.filter(event__in=["person_correction.changed", "person_correction.refused"]).count() == 1


def test_one_number_agreed_to_for_two_people_at_once_is_one_persons(both, registrar):
    number = make_identity(4021)
    changes = [propose(one, registrar, number) for one in both]
    other = staff(registrar.school, Role.SCHOOL_ADMIN, account="admin")

    outcomes = at_once(
        *[lambda one=one: person_correction.agree(change=one, typed_number=number, by=other) for one in changes]
    )

    assert kinds_of(outcomes) == ["NumberTaken", "PersonCorrection"]
    assert PersonCorrection.objects.open().count() == 1


def test_two_propose_for_one_person_and_the_later_one_counts(both, registrar):
    at_once(*[lambda n=n: propose(both[0], registrar, make_identity(4021 + n)) for n in range(4)])

    assert sorted(PersonCorrection.objects.values_list("state", flat=True)) == ["asked", *["replaced"] * 3]
