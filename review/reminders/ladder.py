"""The ladder of a school: which rung is due when, and what would be mailed on which day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta


def rung_due(days, left):
    """The nearest rung that was reached `left` days before the deadline; None before the first and after the end.

    A day that was missed is caught up by this one rung alone: those further away are let go.
    """
    return min((rung for rung in days if rung >= left), default=None) if left >= 0 else None


def is_due(days, *, deadline, today, sent):
    """The rung to mail now, or None. `sent`: (deadline, rung, day) of each reminder that this address had."""
    rung = rung_due(days, (deadline - today).days)
    if rung is None or any(day == today for _deadline, _rung, day in sent):
        return None
    had = any(about == deadline and reached <= rung for about, reached, _day in sent)
    return None if had else rung


@dataclass(frozen=True)
class Mailing:
    """What one day would bring."""

    day: date
    rung: int
    families: int
    mails: int


def preview(families, days, *, today, sent):
    """[Mailing] by day, if nothing changed until then. `sent`: {(student's key, address): what is_due asks for}."""
    mails: Counter[tuple[date, int]] = Counter()
    reached: dict[tuple, set] = {}
    for family in families:
        for address in family.addresses if family.deadline else []:
            had = sent.get((family.student.pk, address.fingerprint), ())
            for day, rung in days_of(days, deadline=family.deadline, today=today, sent=had):
                mails[day, rung] += 1
                reached.setdefault((day, rung), set()).add(family.student.pk)
    return [Mailing(*key, families=len(reached[key]), mails=mails[key]) for key in sorted(mails)]


def days_of(days, *, deadline, today, sent):
    """(day, rung) of each mail that one address would still get."""
    rung = is_due(days, deadline=deadline, today=today, sent=sent)
    if rung:
        yield today, rung
    for one in days:
        day = deadline - timedelta(days=one)
        had = any(about == deadline and reached <= one for about, reached, _day in sent)
        if day > today and not had:
            yield day, one
