"""An import in two steps: see what would happen, then apply it or leave."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from registry import identity
from registry.formats import roc_short
from registry.models import RosterImport
from registry.roster.importing import import_roster
from registry.roster.reading import TITLES

SHOWN = 200  # students of each kind on the preview; the counts name them all


class AlreadyDecided(Exception):
    """Somebody applied or left this import before."""


@transaction.atomic
def keep_for_preview(*, school, data, name, counts, by):
    """Keep a good roster until somebody has looked at what it would change."""
    roster_import = RosterImport(school=school, name=name[-100:], counts=counts, uploaded_by=by)
    roster_import.keep(data)
    roster_import.save()
    log.record("roster.uploaded", by=by, target=roster_import, school=school, data=counts)
    return roster_import


@transaction.atomic
def apply_import(*, roster_import, by):
    """Write the kept roster; its Result has errors, and nothing is written, if the registry changed meanwhile."""
    roster_import = _lock(roster_import)
    result = import_roster(school=roster_import.school, data=roster_import.read(), by=by)
    if result.is_good:
        roster_import.counts = result.plan.counts
        roster_import.decide(RosterImport.State.APPLIED)
    return result


@transaction.atomic
def leave_import(*, roster_import, by):
    roster_import = _lock(roster_import)
    roster_import.decide(RosterImport.State.LEFT)
    log.record("roster.left", by=by, target=roster_import, school=roster_import.school)


def _lock(roster_import):
    roster_import = (
        RosterImport.objects.select_for_update(of=("self",)).select_related("school").get(pk=roster_import.pk)
    )
    if not roster_import.is_open:
        raise AlreadyDecided
    return roster_import


@dataclass(frozen=True)
class Change:
    """One cell: what stands in the registry, what the file says."""

    title: str
    old: str
    new: str


def changes_of(student, row):
    """The cells of a student that an import would change; ID numbers masked."""
    cells = {
        "class_name": (student.school_class.name, row.class_name),
        "seat_number": (str(student.seat_number), str(row.seat_number)),
        "name": (student.name, row.name),
        "birth_on": (roc_short(student.birth_on), roc_short(row.birth_on)),
    }
    changes = [Change(str(TITLES[column]), old, new) for column, (old, new) in cells.items() if old != new]
    if student.identity_fingerprint != row.fingerprint:
        masked = student.masked_identity, identity.mask(row.identity_number)
        changes.append(Change(str(TITLES["identity_number"]), *masked))
    if student.status != student.Status.ENROLLED:
        changes.append(Change(_("狀態"), student.get_status_display(), str(student.Status.ENROLLED.label)))
    return changes
