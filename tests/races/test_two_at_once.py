"""Two people at once, with real threads on PostgreSQL: one application, one decision, one account, one mail."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import throttle
from accounts.models import SSOAccount
from accounts.sso_accounts import EmailTaken, open_sso_account
from binding.actions import address as addresses
from binding.actions import application as applying
from binding.actions.consent import answer_consent
from binding.models import AddressProof, Applicant, Application, Binding, WithdrawalAnswer
from consent.models import ConsentText
from core.printing.batches import begin
from core.states import InvalidMove
from notifications.models import Message
from registry.models import PaperFormBatch
from review import permissions, policies
from review.decisions import approve, reject
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import Kind, answered_family, draft_application, reload, sent_application
from tests.races.threads import at_once, kinds_of
from tests.registry.factories import SchoolFactory, StudentFactory, make_identity, requested_batch

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ready():
    """Sent online, agreed on paper: waits for a decision by the teacher or the registrar."""
    application = sent_application()
    teacher = teacher_of(application.student.school_class)
    mark_paper_form(student=application.student, answer="agree", by=teacher)
    return application, teacher, registrar_of(application.student.school)


def test_it_is_postgresql():
    assert connection.vendor == "postgresql"


def test_two_tabs_start_one_application():
    user = answered_family()

    at_once(*[lambda: applying.choose_kind(student=user.student, kind=Kind.ONE_PARENT, by=user)] * 6)

    assert Application.objects.count() == 1


def test_a_double_click_sends_once():
    application = draft_application()
    applying.mark_checked(application=application, by=application.started_by)
    clients = [log_in(Client(), application.started_by) for _ in range(4)]
    address = reverse("binding:sign", args=[application.student.school.slug])

    outcomes = at_once(*[lambda client=client: client.post(address).status_code for client in clients])

    assert outcomes == [302] * 4
    assert reload(application).status == Application.Status.SUBMITTED
    assert Application.objects.count() == 1
    assert Message.objects.filter(kind="application-received").count() == 1


def test_one_and_the_same_link_says_yes_once():
    """Of a yes and a no at the same moment, the yes stands."""
    application = sent_application(is_told=True)
    proof = AddressProof.objects.get()

    at_once(*[lambda is_own=is_own: addresses.answer(proof=proof, is_own=is_own) for is_own in (True, False, True)])

    assert AddressProof.objects.get().state == "confirmed"
    assert application.applicants.get().has_proved_email


def test_two_reviewers_make_one_decision(ready):
    application, teacher, registrar = ready
    applicant = application.applicants.get()

    outcomes = at_once(
        lambda: approve(applicant=applicant, revision=1, by=teacher),
        lambda: approve(applicant=applicant, revision=1, by=registrar),
    )

    assert kinds_of(outcomes) == ["Applicant", "Stale"]
    assert (SSOAccount.objects.count(), Binding.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_approving_and_rejecting_at_once_is_one_of_both(ready):
    application, teacher, registrar = ready
    applicant = application.applicants.get()

    outcomes = at_once(
        lambda: approve(applicant=applicant, revision=1, by=teacher),
        lambda: reject(applicant=applicant, reason="不是家長", revision=1, by=registrar),
    )

    applicant.refresh_from_db()
    assert kinds_of(outcomes) == ["Applicant", "Stale"]
    assert Message.objects.count() == 1
    assert Binding.objects.exists() == (applicant.review == Applicant.Review.APPROVED)


def test_an_edit_and_an_approval_never_mix(ready):
    application, teacher, _registrar = ready
    applicant = application.applicants.get()

    outcomes = at_once(
        lambda: approve(applicant=applicant, revision=1, by=teacher),
        lambda: applying.save_applicant(
            application=application,
            position=1,
            values={"email": "new@example.com"},
            is_complete=True,
            by=application.started_by,
        ),
    )

    applicant.refresh_from_db()
    lost = [one for one in outcomes if isinstance(one, policies.Stale | InvalidMove)]
    assert len(lost) == 1
    told = Message.objects.exclude(kind="application-received")  # a new address is asked to confirm itself
    if applicant.review == Applicant.Review.APPROVED:
        assert told.get().to == "bob@example.com"
    else:
        assert not told.exists()


def test_declining_and_an_approval_never_leave_a_binding_that_nobody_was_asked_about(ready):
    application, teacher, _registrar = ready
    applicant = application.applicants.get()
    text = ConsentText.objects.current()

    outcomes = at_once(
        lambda: approve(applicant=applicant, revision=1, by=teacher),
        lambda: answer_consent(student=application.student, answer="declined", text=text, by=application.started_by),
    )

    failed = [one for one in outcomes if isinstance(one, Exception)]
    assert all(isinstance(one, policies.Stale | permissions.NotYours) for one in failed), failed
    asked = WithdrawalAnswer.objects.all()
    assert {one.pk for one in Binding.objects.active()} == {one.binding_id for one in asked}


def test_one_person_approved_at_two_schools_gets_one_account():
    registrars = [registrar_of(SchoolFactory()) for _ in range(4)]
    same = {"name": "王大明", "identity_number": make_identity(7), "mobile": "0912345678"}

    outcomes = at_once(*[lambda by=by: open_sso_account(email="bob@example.com", by=by, **same) for by in registrars])

    assert sorted(one.is_new for one in outcomes) == [False, False, False, True]
    assert SSOAccount.objects.count() == 1


def test_two_people_with_one_address_get_one_account():
    registrar = registrar_of(SchoolFactory())
    facts = {"name": "王大明", "mobile": "0912345678", "email": "bob@example.com", "by": registrar}

    outcomes = at_once(*[lambda n=n: open_sso_account(identity_number=make_identity(n), **facts) for n in (1, 2, 3)])

    assert sum(isinstance(one, EmailTaken) for one in outcomes) == 2
    assert SSOAccount.objects.count() == 1


def test_parallel_wrong_passwords_get_no_more_than_five_tries():
    StudentFactory()

    outcomes = at_once(*[lambda: throttle.consume("portal", "1/P10630008")] * 30)

    assert sum(isinstance(one, throttle.Paused) for one in outcomes) == 25


def test_a_window_that_ran_out_starts_once(settings):
    for _ in range(5):
        throttle.consume("portal", "1/P10630008")
    settings.LOGIN_FAILURE_MINUTES = 0
    throttle.consume("portal", "1/P10630008")
    settings.LOGIN_FAILURE_MINUTES = 15

    outcomes = at_once(*[lambda: throttle.consume("portal", "1/P10630008")] * 20)

    assert sum(isinstance(one, throttle.Paused) for one in outcomes) == 16


def test_two_presses_are_one_batch_of_paper_forms():
    school = StudentFactory().school
    registrar = registrar_of(school)

    at_once(*[lambda: requested_batch(school, by=registrar)] * 4)

    assert PaperFormBatch.objects.count() == 1


def test_two_workers_set_a_batch_once():
    school = StudentFactory().school
    batch = requested_batch(school, by=registrar_of(school))

    begun = at_once(*[lambda: begin(PaperFormBatch, pk=batch.pk)] * 4)

    assert kinds_of(begun) == ["NoneType", "NoneType", "NoneType", "PaperFormBatch"]
    assert PaperFormBatch.objects.get().attempt == 1
