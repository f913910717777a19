"""What the family's and the desks' pages may ask of applications."""

from binding.progress import PILLS


def pill_kind(status):
    """The mark that goes with a status: a kind of components/pill.html."""
    return PILLS[status]


FILTERS = {"pill_kind": pill_kind}
