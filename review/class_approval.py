"""All that is ready in a class is approved at once, each decided alone: what fails is reported, the rest is done."""

from dataclasses import dataclass

from accounts.models import User
from binding.models import Applicant
from binding.own_family import own_family_among
from core.states import InvalidMove
from registry.models import Student
from registry.roles import Role
from review import permissions, policies
from review.class_board import Census
from review.decisions import approve
from review.guardians import Match, match_of
from review.review_flags import flags_on, pending_with_facts


@dataclass(frozen=True)
class Candidate:
    """One pending applicant whose paper form agrees; `reasons` to look at this one alone, if any."""

    student: Student
    applicant: Applicant
    revision: int
    reasons: list
    match: Match | None  # how the school knows this person, None where it knows nobody

    @property
    def key(self) -> str:
        """Which applicant, as the reviewer saw it."""
        return f"{self.applicant.pk}:{self.revision}"


def candidates_of(census: Census, user: User) -> list[Candidate]:
    """Everyone waiting with an agreeing paper form, in seating order."""
    rows = census.ready
    facts = {one.pk: one for one in pending_with_facts(row.application.pk for row in rows)}
    own_family = own_family_among(user, [row.student for row in rows])
    is_registrar = Role.REGISTRAR in user.roles
    found = []
    for row in rows:
        for one in row.applicants:
            if one.pk in facts:
                known = facts[one.pk]
                flags = flags_on(row.application, known)
                reasons = [flag.told_to(for_registrar=is_registrar) for flag in flags]
                if row.student.pk in own_family:
                    reasons.append(own_family[row.student.pk])
                if not row.decision or not row.decision.is_agreed:
                    reasons.append(str(policies.NOT_AGREED))
                found.append(Candidate(row.student, one, row.application.revision, reasons, match_of(known)))
    return found


def approve_all(
    candidates: list[Candidate], *, keys: set[str], by: User
) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
    """Approve those of `candidates` whose key the reviewer sent and that have no reason against it.

    Returns (approved, [(candidate, why not)]).
    """
    done, failed = [], []
    for one in candidates:
        if one.reasons or one.key not in keys:
            continue
        try:
            approve(applicant=one.applicant, revision=one.revision, by=by)
            done.append(one)
        except (policies.Stale, InvalidMove):
            failed.append((one, str(policies.CHANGED)))
        except (policies.NotAllowed, permissions.NotYours) as refusal:
            failed.append((one, str(refusal)))
    return done, failed
