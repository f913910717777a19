"""Whether one parent's data is hidden from the other: the one rule, asked by every page a family shares.

The account P+student number belongs to the whole family. While a restriction of custody is on, its pages say
how far things are and nothing of who applied: no name, no relationship, no e-mail, no number, no file, no
words that a reviewer wrote about somebody. Behind single sign-on everybody always sees only the own data.

Of the rest it shows names and relationships in full, numbers, telephones and addresses masked. What somebody typed is
shown as it was typed to the very log-in that it was typed in, until the application is sent: only so can a slip be
seen, restriction or not. After a log-out or in another browser it is masked, and can be typed anew.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from binding.models import Applicant, CustodyRestriction
from binding.reasons import in_readers_language
from core import emails, mobiles
from core.compiled import compiled
from core.formats import display_mobile

FILLED = "••••••"
COLUMNS = {"identity": "identity_number"}  # of `Applicant`, where a part of `Person` has another name


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
    address: str = ""
    is_hidden: bool = False


def people_of(application, *, restricted, login=""):
    """The places of an application with what may be shown of each, in the log-in with the mark `login`."""
    return [_person(application, position, restricted, login) for position in application.positions]


def _person(application, position, restricted, login):
    one = application.applicant_at(position)
    if len(application.positions) > 1:
        title = _("第一位申請人") if position == 1 else _("第二位申請人")
    else:
        title = _("申請人")
    if one is None:
        return Person(position, title, None)
    one.application = application
    shown = shown_of(one, restricted=restricted, login=login)
    return Person(
        position=position,
        title=title,
        applicant=one,
        is_hidden=FILLED in shown.values(),
        reason=_reason_of(one, restricted),
        # Only pages that speak of the whole application read these two.
        came_back="" if restricted else emails.mask(getattr(one, "gone_email", None) or ""),
        address="" if restricted else getattr(one, "address_state", None) or "",
        **shown,
    )


def shown_of(applicant, *, restricted, login=""):
    """{part of `Person`: text} of an applicant; where something hidden is filled in, that it is."""
    full = {
        "name": applicant.name,
        "relationship": applicant.get_relationship_display(),
        "identity": applicant.identity_number if applicant.identity_cipher else "",
        "mobile": display_mobile(applicant.mobile) if applicant.mobile else "",
        "email": applicant.email,
    }
    if restricted:
        masked = {part: FILLED if text else "" for part, text in full.items()}
    else:
        number = applicant.masked_identity if applicant.identity_cipher else ""
        contact = {"mobile": mobiles.mask(applicant.mobile), "email": emails.mask(applicant.email)}
        masked = full | {"identity": number} | contact
    return {
        part: text if applicant.was_typed_in(login, COLUMNS.get(part, part)) else masked[part]
        for part, text in full.items()
    }


def _reason_of(applicant, restricted):
    reason = in_readers_language(applicant.reason)
    return _("原因已寄到申請人的信箱。") if restricted and reason else reason


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
