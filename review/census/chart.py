"""The bar chart of a census as the places of its rectangles: drawn as SVG on pages, by typst on paper."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

ROW, BAR_TOP, BAR_HEIGHT = (46, 22, 14)  # px; the name stands above its bar, so that both are as wide as a phone

# The parts of a bar, from the left; each has a pattern of its own, see templates/review/_chart_legend.html.
PARTS = [
    ("agreed", gettext_lazy("線上同意")),
    ("declined", gettext_lazy("線上無意參加")),
    ("paper_only", gettext_lazy("以紙本為準")),
    ("silent", gettext_lazy("尚未回覆")),
]


@dataclass(frozen=True)
class Part:
    """A stretch of a bar; start and width in percent of the whole bar."""

    kind: str
    word: str
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    name: str
    percent: int
    answered: int
    families: int
    text_y: int
    bar_y: int
    parts: list[Part]


@dataclass(frozen=True)
class Chart:
    title: str
    bars: list[Bar]
    bar_height = BAR_HEIGHT

    @classmethod
    def of(cls, title, lines):
        return cls(title, [bar_of(line, place) for place, line in enumerate(lines)])

    @property
    def height(self):
        return len(self.bars) * ROW


def bar_of(line, place):
    tally = line.tally
    return Bar(
        name=line.label or line.name,
        percent=tally.percent,
        answered=tally.answered,
        families=tally.families,
        text_y=place * ROW + 16,
        bar_y=place * ROW + BAR_TOP,
        parts=list(parts_of(tally)),
    )


def parts_of(tally):
    """Nobody of a kind: no stretch of it."""
    start = 0
    for kind, word in PARTS:
        if count := getattr(tally, kind):
            yield Part(
                kind, str(word), count, round(start * 100 / tally.families, 3), round(count * 100 / tally.families, 3)
            )
            start += count
