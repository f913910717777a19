"""What a page leaves to the worker, so that its answer takes the same time for everybody."""

from django_tasks import task

from core import crypto
from registry.models import School
from staff.forgotten import mail_link


@task()
def mail_staff_way_in(school_pk, sealed_account):
    """Mail a link where there is such an account; it comes encrypted, for whatever was typed would stay among the tasks."""
    mail_link(school=School.objects.get(pk=school_pk), account=crypto.decrypt(sealed_account))
