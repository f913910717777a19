"""What log-in leaves to the worker, so that its answer takes the same time for everybody."""

from django_tasks import task

from accounts.email_tokens import send_portal_way_in, send_way_in
from core import crypto
from registry.models import School


@task()
def mail_way_in(sealed_email, language):
    """Mail a link where there is an account; nothing tells the page whether there was one.

    The e-mail comes encrypted (`crypto.encrypt`): whatever was typed would stay among the worker's tasks.
    """
    send_way_in(crypto.decrypt(sealed_email), language)


@task()
def mail_portal_way_in(school_pk, sealed_account):
    """The same for a family's account at a school's portal."""
    send_portal_way_in(School.objects.get(pk=school_pk), crypto.decrypt(sealed_account))
