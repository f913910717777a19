"""A member of staff who forgot the password: a link to the address that the school admin wrote down.

The second factor is still asked for at the next log-in.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit import log
from core.one_time_links import link_to
from registry.models import School
from registry.roles import AccountKind
from staff import mails
from staff.models import StaffInvitation

LASTS = timedelta(minutes=settings.MAILED_LINK_MINUTES)


@transaction.atomic
def mail_link(*, school: School, account: str) -> bool:
    """Mail a link that sets a new password, once. Returns whether there was anybody to mail it to.

    An invitation that was never followed stays as it is, and is not mailed anew: it lasts longer than this link, and
    whoever types somebody's account could end it.
    """
    people = User.objects.filter(kind=AccountKind.STAFF, school=school, is_active=True).exclude(email="")
    user = people.filter(account=account).first()
    if user is None or not user.has_usable_password():
        return False
    invitation, token = StaffInvitation.replace(user, by=None, lasts=LASTS)
    mails.staff_password_asked(invitation, link=link_to("staff:invitation", token, school.slug))
    log.record("staff.link_asked", target=user, school=school)
    return True
