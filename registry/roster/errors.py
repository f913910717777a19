"""What is wrong with a roster, and where."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class RowError:
    """What is wrong, where: `line` of the file (1 is the header; 0 the file itself), the column's title.

    `value` is what was typed there, `name` the student's; neither is ever an ID number.
    """

    line: int
    column: str
    reason: str
    value: str = ""
    name: str = ""

    def __str__(self):
        return f"{self.where}：{self.reason}"

    def as_list(self):
        """As JSON keeps it: RowError(*as_list) is the same again."""
        more = [self.value, self.name] if self.value or self.name else []
        return [self.line, self.column, self.reason, *more]

    @property
    def where(self):
        if not self.line:
            return _("檔案")
        if not self.column:
            return _("第 %(line)d 行") % {"line": self.line}
        return _("第 %(line)d 行「%(column)s」") % {"line": self.line, "column": self.column}


@dataclass
class Findings:
    """What the lines of a file told one by one, and of whom there is a line that can't be taken."""

    errors: list[RowError] = field(default_factory=list)
    notices: list[RowError] = field(default_factory=list)
    # What a person has to answer before the roster may be written: see `roster.questions`.
    questions: dict[str, list[RowError]] = field(default_factory=dict)
    faulty_numbers: set[str] = field(default_factory=set)
    faulty_fingerprints: set[str] = field(default_factory=set)

    def ask(self, kind, place):
        self.questions.setdefault(str(kind), []).append(place)


class UnreadableFile(Exception):
    """The file as a whole can't be read; `error` says why."""

    def __init__(self, reason, *, line=0, column=""):
        super().__init__(reason)
        self.error = RowError(line, column, reason)
