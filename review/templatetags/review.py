"""What the teacher's desk asks of applicants."""

from django import template
from django.utils.translation import gettext as _

from binding.visibility import is_restricted
from registry import identity
from registry.templatetags.formats import roc_datetime
from review.bindings import barred_of

register = template.Library()


@register.inclusion_tag("review/_standing_notes.html")
def standing_notes(application):
    """What staff know before they decide: a restriction of custody, a court's order against an applicant."""
    return {"is_restricted": is_restricted(application.student_id), "barred": barred_of(application)}


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
