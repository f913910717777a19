"""Mails with which members of staff come to a password."""

from accounts.languages import reader_of
from notifications.mails import Draft, mail
from staff.models import StaffInvitation


@mail(sensitive=True)
def staff_invited(invitation: StaffInvitation, *, link: str) -> Draft:
    """「您的教職員帳號」 to who was never here; the link sets the first password, once."""
    return _with_link(invitation, link)


@mail(sensitive=True)
def staff_password_link(invitation: StaffInvitation, *, link: str) -> Draft:
    """「重新設定教職員帳號的密碼」 to who was here before; the link sets a new password, once."""
    return _with_link(invitation, link)


@mail(sensitive=True)
def staff_password_asked(invitation: StaffInvitation, *, link: str) -> Draft:
    """「重新設定教職員帳號的密碼」 to who asked for it at the log-in; the link sets a new password, once."""
    return _with_link(invitation, link)


def _with_link(invitation: StaffInvitation, link: str) -> Draft:
    user, until = invitation.user, invitation.expires_at
    context = {"name": user.name, "account": user.account, "link": link, "expires_at": until}
    return Draft(to=reader_of(user), about=invitation, school=user.school, not_after=until, context=context)
