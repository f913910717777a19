"""Whom mails do not reach: their address does not exist, as a mail server said (`notifications.models.GoneAddress`)."""

from dataclasses import dataclass

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from binding.models import Applicant, Application, Binding
from core import names
from notifications.models import GoneAddress
from registry.models import School, Student

UNDECIDED = (Applicant.Review.PENDING, Applicant.Review.RETURNED)


@dataclass(frozen=True)
class Unreached:
    """A person whose mails come back: an undecided applicant, or somebody bound."""

    student: Student
    name: str
    email: str
    person: Applicant | Binding
    gone: GoneAddress

    @property
    def is_bound(self) -> bool:
        return isinstance(self.person, Binding)


def with_gone_emails(applicants: QuerySet[Applicant]) -> QuerySet[Applicant]:
    """Each with `gone_email`: the address whose mails come back, else None; no query of its own.

    Of who is bound it is the account's, which may be another by now.
    """
    is_bound = Q(binding__state=Binding.State.ACTIVE)
    of_account = When(is_bound, then=_gone("binding__account__user__email"))
    return applicants.annotate(gone_email=Case(When(review__in=UNDECIDED, then=_gone("email")), of_account))


def _gone(column: str) -> Subquery:
    return Subquery(GoneAddress.objects.filter(email=OuterRef(column)).values("email"))


def unreached_applicants(school: School) -> QuerySet[Applicant]:
    """Undecided ones of applications that were sent."""
    sent = Application.objects.filter(status=Application.Status.SUBMITTED, student__school=school)
    return Applicant.objects.filter(application__in=sent, review__in=UNDECIDED, email__in=_gone_emails())


def unreached_bindings(school: School) -> QuerySet[Binding]:
    of_school = Binding.objects.active().filter(student__school=school)
    return of_school.filter(account__user__email__in=_gone_emails())


def unreached_at(school: School) -> QuerySet:
    """Rows of both together, to be counted; one query."""
    keys = [rows.order_by().values("pk") for rows in (unreached_applicants(school), unreached_bindings(school))]
    return keys[0].union(keys[1], all=True)


def list_unreached(school: School) -> list[Unreached]:
    """People of the school, whose mails came back last first; three queries."""
    gone = {one.email: one for one in gone_addresses_of(school)}
    applicants = unreached_applicants(school).select_related("application__student__school_class")
    bindings = unreached_bindings(school).select_related("account__user", "student__school_class")
    people: list[tuple[Student, str, str, Applicant | Binding]] = [
        *((one.application.student, one.name, one.email, one) for one in applicants),
        *((one.student, one.account.name, one.account.user.email, one) for one in bindings),
    ]
    found = [
        Unreached(student, name, email, person, gone[email]) for student, name, email, person in people if email in gone
    ]
    return sorted(found, key=lambda one: one.gone.since, reverse=True)


def with_words(people: list[Unreached], text: str) -> list[Unreached]:
    """Those whom `text` names: by student, student number, own name or address."""
    typed = names.fold(text)

    def told(one: Unreached) -> bool:
        words = (one.student.name, one.student.student_number, one.name, one.email)
        return any(typed in names.fold(word) for word in words)

    return [one for one in people if told(one)]


def gone_addresses_of(school: School) -> QuerySet[GoneAddress]:
    applied, bound = unreached_applicants(school), unreached_bindings(school)
    return GoneAddress.objects.filter(
        Q(email__in=applied.values("email")) | Q(email__in=bound.values("account__user__email"))
    )


def _gone_emails() -> QuerySet:
    return GoneAddress.objects.values("email")
