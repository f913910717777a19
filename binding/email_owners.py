"""Whose an e-mail is: asked before a binding is made, never told to whoever typed it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import SSOAccount
from accounts.sso_accounts import EmailTaken
from binding.models import Applicant, EmailCorrection
from core import crypto


def with_taken_emails(applicants: QuerySet[Applicant], at: datetime | None = None) -> QuerySet[Applicant]:
    """Each with `email_is_taken`: it is another person's, in use or reserved.

    Reserved is one that a school is just giving to somebody else's account.
    """
    number, email = OuterRef("identity_fingerprint"), OuterRef("email")
    in_use = SSOAccount.objects.filter(user__username=email).exclude(identity_fingerprint=number)
    reserved = EmailCorrection.objects.reserving(at).filter(new_email=email)
    reserved = reserved.exclude(account__identity_fingerprint=number)
    return applicants.annotate(email_is_taken=~Q(email="") & (Exists(in_use) | Exists(reserved)))


def taken_among(applicants: Iterable[Applicant]) -> set[int]:
    """{primary key} of those applicants whose e-mail is another person's; one query."""
    among = Applicant.objects.filter(pk__in=[one.pk for one in applicants])
    taken = with_taken_emails(among).filter(email_is_taken=True)  # type: ignore[misc]  # an annotation
    return set(taken.values_list("pk", flat=True))


def check_is_own(*, email: str, identity_number: str) -> None:
    """Raise `EmailTaken` where the e-mail is that of somebody with another ID number."""
    fingerprint = crypto.fingerprint(identity_number)
    in_use = SSOAccount.objects.filter(user__username=email).exclude(identity_fingerprint=fingerprint)
    reserved = EmailCorrection.objects.reserving().filter(new_email=email)
    if in_use.exists() or reserved.exclude(account__identity_fingerprint=fingerprint).exists():
        raise EmailTaken
