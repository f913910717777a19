"""What the teacher's desk asks of applicants."""

from django import template
from django.utils.translation import gettext as _

from registry import identity
from registry.templatetags.formats import roc_datetime

register = template.Library()


@register.filter
def identity_for_paper(applicant):
    """As much of the ID number as comparing it with the signed paper form needs."""
    return identity.mask(applicant.identity_number, head=2, tail=4)


@register.filter
def decided_line(applicant):
    return _("%(who)s，%(when)s") % {
        "who": applicant.decided_by.display_name,
        "when": roc_datetime(applicant.decided_at),
    }


@register.filter
def item(mapping, key):
    return mapping.get(key)
