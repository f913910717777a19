"""Schools, classes and students, one file a noun: what the rosters say and who changed it."""

from registry.models.deadline import DeadlineExtension
from registry.models.emblem import Accent, Emblem
from registry.models.history import StudentChange
from registry.models.paper_forms import PaperFormBatch
from registry.models.person import HasIdentityNumber
from registry.models.roster import KnownTitle, RosterImport, RosterRow, stored_roster_name
from registry.models.school import HomeroomDuty, School, SchoolClass
from registry.models.school_import import SchoolImport
from registry.models.student import Guardian, Student
from registry.models.waiting_file import WaitingFile

__all__ = [
    "Accent",
    "DeadlineExtension",
    "Emblem",
    "Guardian",
    "HasIdentityNumber",
    "HomeroomDuty",
    "KnownTitle",
    "PaperFormBatch",
    "RosterImport",
    "RosterRow",
    "School",
    "SchoolClass",
    "SchoolImport",
    "Student",
    "StudentChange",
    "WaitingFile",
    "stored_roster_name",
]
