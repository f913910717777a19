"""Mails in which the homeroom teacher hands an application back; they wait as long as the decision can be undone."""

from collections.abc import Collection
from datetime import timedelta

from binding.models import Applicant
from binding.reasons import in_readers_language_lazy
from notifications.mails import Draft, mail


@mail()
def applicant_returned(applicant: Applicant, *, reason: str, hold: timedelta, fields: Collection[str] = ()) -> Draft:
    """「申請需要修正」 to the applicant: why, and which `fields` to mend; none means all."""
    names = [Applicant.FIELDS[field] for field in Applicant.FIELDS if field in fields]
    return _refusal(applicant, reason, hold, fields=names)


@mail()
def applicant_rejected(applicant: Applicant, *, reason: str, hold: timedelta) -> Draft:
    """「申請未通過」 to the applicant: why."""
    return _refusal(applicant, reason, hold)


def _refusal(applicant: Applicant, reason: str, hold: timedelta, **more: object) -> Draft:
    return Draft(
        to=applicant.reader,
        about=applicant,
        student=applicant.application.student,
        context={"reason": in_readers_language_lazy(reason), **more},
        hold=hold,
    )
