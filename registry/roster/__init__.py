"""The roster import: read a file, check every row, compare with what is there, write all of it or nothing.

receive_roster, check_import, decide_to_apply, apply_import   one step each, in a request or in the worker
receive_again, choose_again                                   a mended file, or other choices for the same one
leave_import, undo_import                                     the ways back
import_roster(school=…, data=…)                               all at once, for commands
"""

from core.spreadsheets import RowError
from registry.roster.importing import (
    Outdated,
    Result,
    Unanswered,
    YearIsOver,
    apply_import,
    choose_again,
    decide_to_apply,
    errors_of,
    forget_old_imports,
    import_roster,
    leave_import,
    notices_of,
    receive_again,
    receive_roster,
    remember_answers,
)
from registry.roster.questions import Asked, questions_of
from registry.roster.staging import AlreadyDecided, check_import
from registry.roster.undoing import CannotUndo, undo_import

__all__ = [
    "AlreadyDecided",
    "Asked",
    "CannotUndo",
    "Outdated",
    "Result",
    "RowError",
    "Unanswered",
    "YearIsOver",
    "apply_import",
    "check_import",
    "choose_again",
    "decide_to_apply",
    "errors_of",
    "forget_old_imports",
    "import_roster",
    "leave_import",
    "notices_of",
    "questions_of",
    "receive_again",
    "receive_roster",
    "remember_answers",
    "undo_import",
]
