"""Whether one parent's data is hidden from the other: the one rule, asked by every page a family shares.

The account P+student number belongs to the whole family. While a restriction of custody is on, its pages say
how far things are and nothing of who applied: no name, no relationship, no e-mail, no number, no file, no
words that a reviewer wrote about somebody. Behind single sign-on everybody always sees only the own data.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from binding.models import Applicant, CustodyRestriction
from binding.reasons import in_readers_language
from core import emails
from core.compiled import compiled

FILLED = "••••••"


def is_restricted(student):
    """`student` or its key; one query, none where it was read with the student (`family_rows.with_standing`)."""
    if hasattr(student, "is_restricted"):
        return student.is_restricted
    return bool(_restrictions(student=getattr(student, "pk", student), on=timezone.localdate()))


@compiled(student=int, on=date)
def _restrictions(student, on):
    return CustodyRestriction.objects.in_force(on).filter(student=student).values_list("pk")[:1]


def restricted_among(students):
    """The keys of those of `students` (keys) for whom it holds; one query."""
    return set(CustodyRestriction.objects.in_force().filter(student__in=students).values_list("student", flat=True))


@dataclass(frozen=True)
class Person:
    """What the family's pages may show of one applicant; `applicant` itself is for its state only."""

    position: int
    title: str
    applicant: Applicant | None
    name: str = ""
    relationship: str = ""
    identity: str = ""
    mobile: str = ""
    email: str = ""
    reason: str = ""
    came_back: str = ""
    is_hidden: bool = False


def people_of(application, *, restricted):
    """The places of an application with what may be shown of each."""
    people = [_person(application, position) for position in application.positions]
    return [_hide(one) for one in people] if restricted else people


def _person(application, position):
    one = application.applicant_at(position)
    if len(application.positions) > 1:
        title = _("第一位申請人") if position == 1 else _("第二位申請人")
    else:
        title = _("申請人")
    if one is None:
        return Person(position, title, None)
    return Person(
        position=position,
        title=title,
        applicant=one,
        name=one.name,
        relationship=one.get_relationship_display(),
        identity=one.masked_identity if one.identity_cipher else "",
        mobile=one.mobile,
        email=one.email,
        reason=in_readers_language(one.reason),
        # Only pages that speak of the whole application read it (`reachability.with_gone_emails`).
        came_back=emails.mask(getattr(one, "gone_email", None) or ""),
    )


def _hide(person):
    """Where something is filled in, that it is."""
    shown = ("name", "relationship", "identity", "mobile", "email")
    hidden = {field: FILLED if getattr(person, field) else "" for field in shown}
    reason = _("原因已寄到申請人的信箱。") if person.reason else ""
    return replace(person, **hidden, reason=reason, came_back="", is_hidden=True)


@dataclass(frozen=True)
class File:
    """A piece of evidence: its key, and its name unless that is hidden."""

    pk: int
    name: str
    size: int
    opens: bool


def files_of(application, *, restricted):
    return [
        File(one.pk, _("文件 %(number)d") % {"number": number} if restricted else one.name, one.size, not restricted)
        for number, one in enumerate(application.evidence.all(), start=1)
    ]
