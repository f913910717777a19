"""Whose an address is: asked before a binding is made, never told to who typed it."""

from accounts.models import SSOAccount
from accounts.sso_accounts import EmailTaken
from binding.models import AddressChange
from core import crypto


def taken_among(applicants):
    """{primary key} of those applicants whose address is another person's, in use or reserved; one query.

    Reserved is an address that a school is just giving to somebody else's account.
    """
    emails = {one.email for one in applicants if one.email}
    in_use = SSOAccount.objects.filter(user__username__in=emails).order_by()
    reserved = AddressChange.objects.reserving().filter(new_email__in=emails).order_by()
    owned = in_use.values_list("user__username", "identity_fingerprint")
    owners: dict[str, set] = {}
    for email, owner in owned.union(reserved.values_list("new_email", "account__identity_fingerprint")):
        owners.setdefault(email, set()).add(owner)
    return {one.pk for one in applicants if owners.get(one.email, set()) - {one.identity_fingerprint}}


def check_is_own(*, email, identity_number):
    """Raise `EmailTaken` where the address is that of somebody with another ID number."""
    fingerprint = crypto.fingerprint(identity_number)
    in_use = SSOAccount.objects.filter(user__username=email).exclude(identity_fingerprint=fingerprint)
    reserved = AddressChange.objects.reserving().filter(new_email=email)
    if in_use.exists() or reserved.exclude(account__identity_fingerprint=fingerprint).exists():
        raise EmailTaken
