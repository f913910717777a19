"""Whose an e-mail is: asked before a binding is made, never told to whoever typed it."""

from collections.abc import Iterable

from accounts.models import SSOAccount
from accounts.sso_accounts import EmailTaken
from binding.models import Applicant, EmailCorrection
from core import crypto


def taken_among(applicants: Iterable[Applicant]) -> set[int]:
    """{primary key} of those applicants whose e-mail is another person's, in use or reserved; one query.

    Reserved is one that a school is just giving to somebody else's account.
    """
    emails = {one.email for one in applicants if one.email}
    in_use = SSOAccount.objects.filter(user__username__in=emails).order_by()
    reserved = EmailCorrection.objects.reserving().filter(new_email__in=emails).order_by()
    owned = in_use.values_list("user__username", "identity_fingerprint")
    owners: dict[str, set] = {}
    for email, owner in owned.union(reserved.values_list("new_email", "account__identity_fingerprint")):
        owners.setdefault(email, set()).add(owner)
    return {one.pk for one in applicants if owners.get(one.email, set()) - {one.identity_fingerprint}}


def check_is_own(*, email: str, identity_number: str) -> None:
    """Raise `EmailTaken` where the e-mail is that of somebody with another ID number."""
    fingerprint = crypto.fingerprint(identity_number)
    in_use = SSOAccount.objects.filter(user__username=email).exclude(identity_fingerprint=fingerprint)
    reserved = EmailCorrection.objects.reserving().filter(new_email=email)
    if in_use.exists() or reserved.exclude(account__identity_fingerprint=fingerprint).exists():
        raise EmailTaken
