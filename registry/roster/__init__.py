"""The roster import: read a file, check every row, compare with what is there, write all of it or nothing.

check_roster(school=…, data=…)            -> Result with errors or a plan, nothing written
import_roster(school=…, data=…, by=user)  -> the same, written
keep_for_preview, apply_import, leave_import: the same in two steps, with a look in between
"""

from registry.roster.errors import RowError
from registry.roster.importing import Result, check_roster, import_roster
from registry.roster.previewing import AlreadyDecided, apply_import, keep_for_preview, leave_import

__all__ = [
    "AlreadyDecided",
    "Result",
    "RowError",
    "apply_import",
    "check_roster",
    "import_roster",
    "keep_for_preview",
    "leave_import",
]
