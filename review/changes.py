"""What a family changed since an applicant was handed back, field by field."""

from dataclasses import dataclass

from binding.models import Applicant
from binding.models.relationship import Relationship
from core.formats import display_mobile


@dataclass(frozen=True)
class Change:
    """One field as it stood when it was handed back, and as it stands now."""

    title: str
    old: str
    new: str


def changes_since_return(applicant):
    """Changes of an applicant who came back and waits again; none otherwise."""
    old = applicant.returned_values
    if not old or applicant.review != Applicant.Review.PENDING:
        return []
    new = applicant.values_to_compare()
    return [
        Change(str(Applicant.FIELDS[field]), shown(field, old[field]), shown(field, new[field]))
        for field in new
        if old.get(field) != new[field]
    ]


def shown(field, value):
    if field == "relationship" and value:
        return str(Relationship(value).label)
    return display_mobile(value) if field == "mobile" else value
