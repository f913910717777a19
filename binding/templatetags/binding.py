"""What the family's and the teacher's pages ask of applications."""

from django import template

from binding.progress import PILLS

register = template.Library()


@register.filter
def pill_kind(status):
    """The mark that goes with a status: a kind of components/pill.html."""
    return PILLS[status]


@register.filter
def equals(value, other):
    return value == other


@register.filter
def item(mapping, key):
    return mapping.get(key)


@register.filter
def may(progress, action):
    """Whether the family may `answer_consent`, `apply` or `sign` now."""
    return progress.allows(getattr(progress, f"check_can_{action}"))


@register.filter
def applicant_at(application, position):
    return application.applicant_at(position)
