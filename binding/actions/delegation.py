"""委託照顧: a guardian on record gives a mandate to who really takes care; it ends by itself on its last day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import SSOAccount, User
from accounts.sso_accounts import open_sso_account
from audit import log
from binding import mails
from binding.actions.ending import end_locked
from binding.actions.locks import lock_family
from binding.actions.starting import send_account_mail
from binding.email_owners import check_is_own
from binding.evidence_intake import HarmlessFile
from binding.models import Binding, CourtOrder, Delegation, Withdrawal
from binding.own_family import check_not_oneself
from binding.permissions import check_registrar
from consent.models import ConsentDecision
from core import crypto
from registry.models import Guardian, Student


class AlreadyBound(Exception):
    """The person is bound to this child already."""


class Barred(Exception):
    """A court's order keeps this person from the child."""


class SamePerson(Exception):
    """Nobody gives a mandate to oneself."""


class Declined(Exception):
    """The family does not take part, or asks to leave: it would have to agree first."""


class NotPresent(Exception):
    """The student belongs to the school no longer."""


class TooLate(Exception):
    """The mandate is over, or the new one would not go on from it."""


@dataclass(frozen=True)
class Giver:
    """A guardian who may give a mandate: who is bound to the child, or whom the roster names."""

    key: str
    name: str
    email: str
    fingerprint: str
    binding: Binding | None = None


def givers_of(student: Student) -> list[Giver]:
    """Who may give a mandate; who is bound and on record as well is named once. Two queries."""
    bound = Binding.objects.active().filter(student=student, kind=Binding.Kind.APPLIED)
    givers = [
        Giver(f"bound-{one.pk}", one.account.name, one.account.user.email, one.account.identity_fingerprint, one)
        for one in bound.select_related("account__user")
    ]
    known = {one.fingerprint for one in givers}
    for one in Guardian.objects.filter(student=student).order_by("position"):
        if not one.identity_fingerprint or one.identity_fingerprint not in known:
            givers.append(Giver(f"record-{one.position}", one.name, one.email, one.identity_fingerprint))
    return givers


def latest_end(starts_on: date) -> date:
    """The last day that a mandate from `starts_on` may have."""
    try:
        after = starts_on.replace(year=starts_on.year + Delegation.YEARS)
    except ValueError:  # the 29th of February
        after = date(starts_on.year + Delegation.YEARS, 3, 1)
    return after - timedelta(days=1)


@transaction.atomic
def delegate(
    *, student: Student, giver: Giver, person: dict, starts_on: date, ends_on: date, document: HarmlessFile, by: User
) -> Delegation:
    """Bind the carer until `ends_on`, with an account found or opened as approval does; both are told.

    `person` has name, relationship, identity_number, mobile and email. Raises AlreadyBound, Barred,
    SamePerson, Declined, NotPresent, NotYours, `accounts.sso_accounts.EmailTaken`.
    """
    student = _lock(student, by)
    _check_dates(starts_on, ends_on)
    _check_person(student, giver, person, by)
    facts = {field: person[field] for field in ("name", "identity_number", "mobile", "email")}
    check_is_own(email=facts["email"], identity_number=facts["identity_number"])
    opened = open_sso_account(by=by, **facts)
    _check_is_free(opened.account, student)
    binding = Binding.objects.create(
        account=opened.account,
        student=student,
        kind=Binding.Kind.DELEGATED,
        relationship=person["relationship"],
        first_day=starts_on,
        last_day=ends_on,
    )
    mandate = Delegation(
        binding=binding,
        given_by=giver.binding,
        giver_name=giver.name,
        giver_email=giver.email,
        relationship=person["relationship"],
        starts_on=starts_on,
        ends_on=ends_on,
        entered_by=by,
        **facts,
    )
    mandate.keep_document(document)
    mandate.save()
    log.record("binding.started", by=by, target=binding, school=student.school, data={"kind": "delegated"})
    send_account_mail(binding, is_new=opened.is_new)
    if giver := mandate.giver_reader:
        mails.delegation_given(mandate, to=giver)
    return mandate


@transaction.atomic
def prolong(*, binding: Binding, starts_on: date, ends_on: date, document: HarmlessFile, by: User) -> Delegation:
    """Let a new mandate by the same guardian go on from the one in force; both are told.

    Raises TooLate, Barred, NotYours.
    """
    student = _lock(binding.student, by)
    _check_dates(starts_on, ends_on)
    binding = Binding.objects.to_end().get(pk=binding.pk)
    former = Delegation.objects.in_force().select_related("given_by__account__user").filter(binding=binding).first()
    if former is None or binding.is_lapsed or not binding.is_standing:
        raise TooLate
    if starts_on > former.ends_on + timedelta(days=1) or ends_on <= former.ends_on:
        raise TooLate
    if _is_barred(student, former.identity_fingerprint):
        raise Barred
    former.move_to(Delegation.State.PROLONGED)
    mandate = Delegation(binding=binding, starts_on=starts_on, ends_on=ends_on, entered_by=by)
    for field in ("given_by", "giver_name", "giver_email", "name", "relationship", "mobile", "email"):
        setattr(mandate, field, getattr(former, field))
    mandate.identity_number = former.identity_number
    mandate.keep_document(document)
    mandate.save()
    binding.last_day = ends_on
    binding.save(update_fields=["last_day"])
    log.record("binding.prolonged", by=by, target=binding, school=student.school)
    mails.delegation_prolonged(mandate, to=binding.reader)
    if giver := mandate.giver_reader:
        mails.delegation_prolonged(mandate, to=giver)
    return mandate


def _lock(student: Student, by: User) -> Student:
    lock_family(student)
    student = Student.objects.select_related("school", "school_class").get(pk=student.pk)
    check_registrar(by, student)
    if student.status not in Student.PRESENT:
        raise NotPresent
    return student


def _check_dates(starts_on: date, ends_on: date) -> None:
    """The form says so in words; nothing else may write a mandate without an end."""
    if ends_on < max(starts_on, timezone.localdate()) or ends_on > latest_end(starts_on):
        raise ValueError("a mandate ends after it starts, not in the past, and within two years")


def _check_person(student: Student, giver: Giver, person: dict, by: User) -> None:
    fingerprint = crypto.fingerprint(person["identity_number"])
    check_not_oneself(by, fingerprint)
    if fingerprint == giver.fingerprint:
        raise SamePerson
    if _is_barred(student, fingerprint):
        raise Barred
    decision = ConsentDecision.objects.latest_of(student)
    if decision and not decision.is_agreed or Withdrawal.objects.open().filter(student=student).exists():
        raise Declined


def _is_barred(student: Student, fingerprint: str) -> bool:
    return CourtOrder.objects.against(student=student, fingerprint=fingerprint).exists()


def _check_is_free(account: SSOAccount, student: Student) -> None:
    """A binding whose last day is past makes room; any other stands in the way."""
    for binding in Binding.objects.standing().filter(account=account, student=student).to_end():
        if not binding.is_lapsed:
            raise AlreadyBound
        end_locked(binding, binding.reason_of_last_day, None)
