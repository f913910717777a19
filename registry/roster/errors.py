"""What is wrong with a roster, and where."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class RowError:
    """What is wrong, where: `line` of the file (1 is the header; 0 the file itself), the column's title."""

    line: int
    column: str
    reason: str

    def __str__(self):
        return f"{self.where}：{self.reason}"

    def as_list(self):
        """As JSON keeps it: RowError(*as_list) is the same again."""
        return [self.line, self.column, self.reason]

    @property
    def where(self):
        if not self.line:
            return _("檔案")
        if not self.column:
            return _("第 %(line)d 行") % {"line": self.line}
        return _("第 %(line)d 行「%(column)s」") % {"line": self.line, "column": self.column}


class UnreadableFile(Exception):
    """The file as a whole can't be read; `error` says why."""

    def __init__(self, reason, *, line=0, column=""):
        super().__init__(reason)
        self.error = RowError(line, column, reason)
