"""The roster import: read a file, check every row, compare with what is there, write all of it or nothing.

check_roster(school=…, data=…)            -> Result with errors or a plan, nothing written
import_roster(school=…, data=…, by=user)  -> the same, written
"""

from registry.roster.errors import RowError
from registry.roster.importing import Result, check_roster, import_roster

__all__ = ["Result", "RowError", "check_roster", "import_roster"]
