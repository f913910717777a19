"""What the doors leave to the worker, so that their answer takes the same time for everybody."""

from django_tasks import task

from accounts.mailed import send_way_in


@task()
def mail_way_in(email, language):
    """Mail a link where there is an account; nothing tells the page whether there was one."""
    send_way_in(email, language)
