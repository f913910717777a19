"""What a client learns of a parent: as of now, and no more than the parent agreed to."""

from accounts.models import SSOAccount
from accounts.signals import bound_children_asked
from oidc import pairwise

PASSWORD = "urn:taipei-edu:acr:password"  # noqa: S105
TWO_FACTOR = "urn:taipei-edu:acr:two-factor"
ACR_VALUES = [PASSWORD, TWO_FACTOR]

# Each scope and the claims it stands for; `children` never carries an ID number, a name or a student number.
CLAIMS = {
    "openid": ["sub"],
    "profile": ["name"],
    "email": ["email", "email_verified"],
    "children": ["children"],
    "bills:read": [],  # opens the bills' own address, billing/api
}
IN_ID_TOKEN = ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"]


def about(user, *, client, scopes):
    """The claims of `scopes`; a scope that the client is no longer trusted with tells nothing."""
    told: dict[str, object] = {"sub": pairwise.subject(user, client)}
    allowed = set(scopes) & set(client.scopes)
    if "profile" in allowed:
        told["name"] = user.sso_account.name
    if "email" in allowed:
        told["email"] = user.email
        told["email_verified"] = user.sso_account.email_proved_at is not None
    if "children" in allowed:
        told["children"] = children_of(user.sso_account, client)
    return told


def children_of(account, client):
    return [
        {
            "school_code": child.student.school.code,
            "class": child.student.school_class.name,
            "student_id": pairwise.student(child.student, client),
            "relationship": child.relationship,
        }
        for _receiver, children in bound_children_asked.send(SSOAccount, account=account)
        for child in children
    ]


def amr_of(user):
    """How this session's person proved who they are (RFC 8176)."""
    return "pwd otp mfa" if user.is_verified() else "pwd"


def acr_of(amr):
    return TWO_FACTOR if "mfa" in amr.split() else PASSWORD
