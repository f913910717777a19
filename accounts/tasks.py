"""What log-in leaves to the worker, so that its answer takes the same time for everybody."""

from django_tasks import task

from accounts.email_tokens import send_way_in
from core import crypto


@task()
def mail_way_in(sealed_email, language):
    """Mail a link where there is an account; nothing tells the page whether there was one.

    The e-mail comes encrypted (`crypto.encrypt`): whatever was typed would stay among the worker's tasks.
    """
    send_way_in(crypto.decrypt(sealed_email), language)
