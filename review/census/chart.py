"""The bars of a census: what the families of each class or school answered."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts import DOTTED, EMPTY, FULL, HATCHED, Bars, Kind, Row

# The parts of a bar, from the left
PARTS = [
    Kind("agreed", gettext_lazy("線上同意"), FULL),
    Kind("declined", gettext_lazy("線上無意參加"), HATCHED),
    Kind("paper_only", gettext_lazy("以紙本為準"), DOTTED),
    Kind("silent", gettext_lazy("尚未回覆"), EMPTY),
]


def bars_of(title, lines):
    """A bar a line, each as wide as the room: its parts are shares of its families."""
    return Bars.of(title, [row_of(line) for line in lines], PARTS, says=_("回覆意願的家庭"))


def row_of(line):
    tally = line.tally
    figures = f"{tally.percent}%　{tally.answered} / {tally.families}"
    return Row(line.label or line.name, {kind.key: getattr(tally, kind.key) for kind in PARTS}, figures)
